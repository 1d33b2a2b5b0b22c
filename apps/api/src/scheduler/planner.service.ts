import type { SweepId } from "@basin/contracts";
import {
  CommandsRepository,
  LeadershipLostError,
  PlanningRepository,
  RaceRepository,
  SweepsRepository,
  type ActiveSweep,
  type Epoch,
  type UnreportedRun,
} from "@basin/database";
import { budgetReasons, spentPart, unfinishedRuns, type BudgetUsage } from "@basin/domain";
import { findSearchAlgorithm, type SearchEvent } from "@basin/search";
import { Inject, Injectable } from "@nestjs/common";
import { ChangeFeed } from "../platform/change-feed";
import type { Log } from "../platform/log";
import { LOG } from "../platform/injection-keys";
import { raceEnd, raceRound } from "./race-round";
import { SearchRecords, trialResults } from "./search-records";
import { faultless, SearchFault } from "./search-fault";
import { OpenSweeps, searchStep } from "./search-step";
import { StoppingRules } from "./stopping.service";

/** Unfinished runs of a sweep that are kept in the ledger ahead of the trainers; the rest of the search stays a number. */
export const windowRuns = 4096;
/** A new sweep begins with fewer, so that its first run is dispatched soon. */
const firstRuns = 512;
/** Most runs created in one transaction: claims and commits of the sweep wait for it. */
const stepRuns = 1024;
/** The window is topped up in pieces, not with every run that ends: each piece is an event in the search's log. */
const topUpRuns = windowRuns / 4;
/** Of so many runs a search is told at once: that is one event of its log. */
const toldRuns = 1024;
/** How long a sweep that cannot be planned is left alone. */
const troubleMilliseconds = 30_000;

/** Asks the searches for trials, as long as their windows have room. Used by the leader only. */
@Injectable()
export class Planner {
  /** Sweeps whose search had nothing to offer at this number of events: it waits for results. */
  readonly #waiting = new Map<SweepId, number>();
  readonly #trouble = new Map<SweepId, number>();
  readonly #open = new OpenSweeps();
  readonly #records: SearchRecords;

  constructor(
    @Inject(SweepsRepository) private readonly sweeps: SweepsRepository,
    @Inject(PlanningRepository) private readonly planning: PlanningRepository,
    @Inject(RaceRepository) private readonly races: RaceRepository,
    @Inject(StoppingRules) private readonly stopping: StoppingRules,
    @Inject(CommandsRepository) private readonly commands: CommandsRepository,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.#records = new SearchRecords(planning);
  }

  /** One step of one sweep. Resolves to whether runs were created or the search went on: look again. */
  async advance(sweep: ActiveSweep, epoch: Epoch): Promise<boolean> {
    if ((this.#trouble.get(sweep.id) ?? 0) > performance.now()) return false;
    try {
      const advanced = await this.#advance(sweep, epoch);
      if (advanced) this.changes.touched(sweep.id);
      return advanced;
    } catch (error) {
      if (error instanceof LeadershipLostError) throw error;
      if (error instanceof SearchFault) return this.#park(sweep.id, error, epoch);
      this.#trouble.set(sweep.id, performance.now() + troubleMilliseconds);
      this.log.error({ sweep: sweep.id, err: error }, "the sweep could not be planned; trying again in 30 s");
      return false;
    }
  }

  async #advance(sweep: ActiveSweep, epoch: Epoch): Promise<boolean> {
    if (await this.stopping.hear(sweep, (id, spec) => this.#open.of(id, spec), epoch)) return true;
    const listens = findSearchAlgorithm(sweep.search)?.listensToResults ?? false;
    if (listens) {
      const ended = await this.planning.unreportedRuns(sweep.id, Math.max(1, Math.floor(toldRuns / sweep.seedCount)));
      if (ended.length > 0) return this.#report(sweep, ended, epoch);
    }
    if (sweep.spent !== null) return false;
    if (spentPart(sweep.budget ?? undefined, usageOf(sweep)) !== null) return this.#spend(sweep.id, epoch);
    const unfinished = unfinishedRuns(sweep);
    const free = windowRuns - unfinished;
    const allowed = (sweep.budget?.maxRuns ?? Number.POSITIVE_INFINITY) - sweep.runs;
    const room = Math.min(free, allowed, sweep.trialsCreated === 0 ? firstRuns : stepRuns);
    if (room <= 0) return false;
    if (sweep.filledTrials < sweep.trialsCreated) return (await this.planning.fill(sweep.id, room, epoch)) > 0;
    if (sweep.racing) return unfinished > 0 ? false : this.#race(sweep, room, epoch);
    if (sweep.exhausted || (sweep.trialsCreated > 0 && unfinished > 0 && free < topUpRuns)) return false;
    return this.#step(sweep, { type: "capacity", trials: Math.max(1, Math.floor(room / sweep.seedCount)) }, room, epoch);
  }

  /**
   * The next step of a race, of which nothing trains or waits: a round; where all are decided, further configurations, as many whatever the
   * trainers; where there are none, the end.
   */
  async #race(sweep: ActiveSweep, room: number, epoch: Epoch): Promise<boolean> {
    const { initializations } = sweep;
    if (!initializations?.max) throw new Error("the stored race does not say how many seeds there are");
    const runs = await this.races.racedRuns(sweep.id, initializations.max);
    if (!sweep.exhausted && !runs.some(({ racing }) => racing))
      return this.#step(sweep, { type: "capacity", trials: initializations.cohort }, room, epoch);
    const snapshot = await this.sweeps.searchSnapshot(sweep.id);
    if (!snapshot) return false;
    const { spec, definition } = this.#open.of(sweep.id, snapshot.spec);
    const { direction } = spec.objective ?? definition.objective;
    const decided = faultless(() => raceRound(spec, direction, runs, snapshot) ?? raceEnd(sweep, runs[0]?.trial ?? null));
    const round = { sweep: sweep.id, sequence: snapshot.searchEvents, maxNewRuns: room, ...decided };
    return (await this.races.applyRound(round, epoch)) !== null;
  }

  async #report(sweep: ActiveSweep, ended: readonly UnreportedRun[], epoch: Epoch): Promise<boolean> {
    const snapshot = await this.sweeps.searchSnapshot(sweep.id);
    if (!snapshot) return false;
    const { spec } = this.#open.of(sweep.id, snapshot.spec);
    return this.#step(sweep, { type: "results", trials: trialResults(ended, spec) }, 0, epoch);
  }

  async #spend(id: SweepId, epoch: Epoch): Promise<boolean> {
    const spent = await this.commands.spend(id, epoch, ({ spec, ...usage }) => spentPart(spec.budget, usageOf(usage)));
    if (!spent) return false;
    this.changes.moved(spent.moves);
    this.changes.touched(id);
    this.log.info({ sweep: id, runs: spent.moves.length }, budgetReasons[spent.part]);
    return true;
  }

  async #park(id: SweepId, { message, cause }: SearchFault, epoch: Epoch): Promise<boolean> {
    const moves = await this.commands.park(id, message, epoch);
    if (moves === null) return false;
    this.changes.moved(moves);
    this.changes.touched(id);
    this.log.error({ sweep: id, err: cause }, "a search failed; its sweep is paused");
    return true;
  }

  async #step(sweep: ActiveSweep, event: SearchEvent, room: number, epoch: Epoch): Promise<boolean> {
    const snapshot = await this.sweeps.searchSnapshot(sweep.id);
    if (!snapshot || (event.type === "capacity" && this.#waiting.get(sweep.id) === snapshot.searchEvents)) return false;
    const open = this.#open.of(sweep.id, snapshot.spec);
    const told = await this.#records.tell(sweep.id, open, snapshot, event);
    const outcome = faultless(() => searchStep(open, snapshot.searchState, snapshot.trialsCreated, event, told.history));
    if (event.type === "capacity" && outcome.trials.length === 0 && !outcome.exhausted) {
      this.#waiting.set(sweep.id, snapshot.searchEvents);
      told.keep(snapshot.searchEvents, []);
      return false;
    }
    this.#waiting.delete(sweep.id);
    const created = await this.planning.applyStep(
      {
        sweep: sweep.id,
        sequence: snapshot.searchEvents,
        event,
        state: outcome.state,
        trials: outcome.trials,
        exhausted: outcome.exhausted,
        listensToResults: outcome.listensToResults,
        reportedTrials: event.type === "results" ? event.trials.map(({ trial }) => trial) : [],
        firstSeeds: sweep.initializations?.min ?? null,
        maxNewRuns: room,
      },
      epoch,
    );
    if (created === null) return false;
    told.keep(snapshot.searchEvents + 1, outcome.trials);
    return true;
  }
}

const usageOf = ({ runs, trainSeconds, steps }: Omit<BudgetUsage, "now">): BudgetUsage => ({
  runs,
  trainSeconds,
  steps,
  now: Date.now(),
});
