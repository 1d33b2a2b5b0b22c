import { runIdOf, type RunId, type SweepId } from "@basin/contracts";
import { StoppingRepository, SweepsRepository, type ActiveSweep, type Epoch } from "@basin/database";
import { StoppingRecord, type ReportsEvent, type StopAction } from "@basin/search";
import { Inject, Injectable } from "@nestjs/common";
import { ChangeFeed } from "../platform/change-feed";
import { planStopping, type StoppingPlan } from "./stopping-plan";
import { faultless } from "./search-fault";
import type { OpenSweep } from "./search-step";
import { StopOrders } from "./stop-orders";

/** Of sweeps with a rule at a time; the records of others are made from their logs again. */
const mostKept = 16;

/** Tells stopping rules what runs reported at rungs, and stops what they stop. Used by the leader only. */
@Injectable()
export class StoppingRules {
  readonly #kept = new Map<SweepId, { searchEvents: number; record: StoppingRecord }>();

  constructor(
    @Inject(SweepsRepository) private readonly sweeps: SweepsRepository,
    @Inject(StoppingRepository) private readonly stopping: StoppingRepository,
    @Inject(StopOrders) private readonly orders: StopOrders,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
  ) {}

  /** Resolves to whether anything was told. */
  async hear(sweep: ActiveSweep, open: (id: SweepId, spec: unknown) => OpenSweep, epoch: Epoch): Promise<boolean> {
    if (!sweep.stops || !sweep.begun) return false;
    const snapshot = await this.sweeps.searchSnapshot(sweep.id);
    if (!snapshot) return false;
    const { spec, definition } = open(sweep.id, snapshot.spec);
    const { plan } = planStopping(definition, spec, spec.objective ?? definition.objective);
    if (!plan) throw new Error("the stopping rule of the stored sweep cannot be read");
    const reports = await this.stopping.reachedRungs(sweep.id, plan.metric, plan.rungs);
    const ended = await this.stopping.newlyEnded(sweep.id, plan.rungs.length);
    if (reports.length === 0 && ended.length === 0) return false;
    const event: ReportsEvent = {
      type: "reports",
      reports: reports.map(({ trial, initialization, rung, value }) => ({
        trial,
        initialization,
        rung,
        value: value !== null && Number.isFinite(value) ? value : null,
      })),
      ended: ended.map(({ trial, initialization }) => ({ trial, initialization })),
    };
    const record = await this.#recordOf(sweep, plan, snapshot.searchEvents);
    const actions = faultless(() => record.tell(event));
    const stopped = await this.#runsOf(sweep.id, actions);
    const told = {
      sweep: sweep.id,
      sequence: snapshot.searchEvents,
      event,
      actions,
      reports,
      ended,
      rungs: plan.rungs.length,
      stopped,
    };
    const moves = await this.stopping.applyReports(told, epoch);
    if (moves === null) return false;
    this.#keep(sweep.id, { searchEvents: snapshot.searchEvents + 1, record });
    this.changes.moved(moves);
    this.changes.touched(sweep.id);
    const fenced = moves.flatMap(({ run, attempt, trainer }) => (trainer === null ? [] : [{ run, attempt, trainer }]));
    await this.orders.stop(fenced, "superseded");
    return true;
  }

  async #runsOf(sweep: SweepId, actions: readonly StopAction[]): Promise<{ run: RunId; reason: string }[]> {
    const runs: { run: RunId; reason: string }[] = [];
    for (const { trial, initialization, reason } of actions) {
      const those =
        initialization === null ? await this.stopping.unfinishedOf(sweep, trial) : [runIdOf(sweep, trial, initialization)];
      for (const run of those) runs.push({ run, reason });
    }
    return runs;
  }

  /** As of so many events of the sweep's log; never ahead of the ledger. */
  async #recordOf({ id, seedCount }: ActiveSweep, plan: StoppingPlan, searchEvents: number): Promise<StoppingRecord> {
    const known = this.#kept.get(id);
    this.#kept.delete(id);
    if (known?.searchEvents === searchEvents) return known.record;
    const record = new StoppingRecord(plan.rule, plan.config, plan.rungs, seedCount);
    for (const event of await this.stopping.told(id, searchEvents)) record.tell(event as ReportsEvent);
    return record;
  }

  #keep(id: SweepId, kept: { searchEvents: number; record: StoppingRecord }): void {
    this.#kept.set(id, kept);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > mostKept) this.#kept.delete(oldest);
  }
}
