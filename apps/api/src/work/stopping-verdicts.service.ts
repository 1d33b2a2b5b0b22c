import { partsOfRunId, SweepSpec, type AttemptKey, type SweepId } from "@basin/contracts";
import { SweepsRepository, WorkRepository, type Chunk } from "@basin/database";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { setTimeout as sleep } from "node:timers/promises";
import { SchedulerBell } from "../platform/scheduler-bell";
import { planStopping, type StoppingPlan } from "../scheduler/stopping-plan";

type Rungs = Pick<StoppingPlan, "metric" | "rungs">;

/** Without a leader, or with one that is busy, a report is answered after so long; what is decided later stands in the answer to the next. */
const mostWaitMilliseconds = 2000;
const lookMilliseconds = 15;
/** For so long the rungs of a sweep are not read again: an extension may move them. */
const rememberMilliseconds = 2000;
const mostRemembered = 1000;

/** Lets stopping rules, which the leader asks, judge what a report measures at a rung before the report is answered. */
@Injectable()
export class StoppingVerdicts {
  readonly #known = new Map<SweepId, { rungs: Rungs | null; until: number }>();

  constructor(
    @Inject(SweepsRepository) private readonly sweeps: SweepsRepository,
    @Inject(WorkRepository) private readonly work: WorkRepository,
    @Inject(SchedulerBell) private readonly bell: SchedulerBell,
  ) {}

  /** Resolves to whether anything was judged, or could not be in time: what the runs are to do may have changed. */
  async await(chunks: readonly Chunk[]): Promise<boolean> {
    const reached = await this.#reached(chunks);
    if (reached.length === 0 || (await this.work.untoldRungs(reached)) === 0) return false;
    this.bell.ring();
    const until = performance.now() + mostWaitMilliseconds;
    do await sleep(lookMilliseconds);
    while (performance.now() < until && (await this.work.untoldRungs(reached)) > 0);
    return true;
  }

  async #reached(chunks: readonly Chunk[]): Promise<(AttemptKey & { rungs: number })[]> {
    const reached: (AttemptKey & { rungs: number })[] = [];
    for (const { run, attempt, metric, steps } of chunks) {
      const plan = await this.#rungsOf(partsOfRunId(run).sweep);
      if (plan?.metric !== metric) continue;
      const last = steps.at(-1) ?? -1;
      const rungs = plan.rungs.filter((step) => step <= last).length;
      if (rungs > 0) reached.push({ run, attempt, rungs });
    }
    return reached;
  }

  async #rungsOf(sweep: SweepId): Promise<Rungs | null> {
    const known = this.#known.get(sweep);
    if (known && known.until > performance.now()) return known.rungs;
    const snapshot = await this.sweeps.searchSnapshot(sweep);
    if (this.#known.size >= mostRemembered) this.#known.clear();
    const rungs = snapshot === null ? null : rungsOf(snapshot.spec);
    this.#known.set(sweep, { rungs, until: performance.now() + rememberMilliseconds });
    return rungs;
  }
}

function rungsOf(stored: unknown): Rungs | null {
  if (typeof stored !== "object" || stored === null || !("stopping" in stored)) return null;
  const spec = SweepSpec.parse(stored);
  const definition = findExperiment(spec.experiment);
  return definition ? planStopping(definition, spec, spec.objective ?? definition.objective).plan : null;
}
