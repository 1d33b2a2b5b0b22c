import type { SweepId, SweepSpec } from "@basin/contracts";
import type { NewTrial, PlanningRepository, SearchSnapshot, UnreportedRun } from "@basin/database";
import {
  chosenParameters,
  emptyHistory,
  metricViolation,
  SearchRecord,
  type SearchEvent,
  type SearchHistory,
  type TrialResults,
} from "@basin/search";
import type { OpenSweep } from "./search-step";

/** Of sweeps whose searches listen to results at a time; those that were told longest ago are read from the ledger again. */
const mostKept = 16;

/** A history that an event was told to; `keep` says that the ledger holds it after so many events, with the trials that it led to. */
interface ToldRecord {
  history: SearchHistory;
  keep: (searchEvents: number, created: readonly NewTrial[]) => void;
}

/** The histories of searches that listen to results: read from the ledger once, then kept up with each step. */
export class SearchRecords {
  readonly #kept = new Map<SweepId, { searchEvents: number; record: SearchRecord }>();

  constructor(private readonly planning: Pick<PlanningRepository, "searchHistory">) {}

  /**
   * Tells the event to the history of a sweep as its snapshot has it. Unless the step is kept the history is forgotten, so that it is
   * never ahead of the ledger.
   */
  async tell(
    id: SweepId,
    { spec, search }: OpenSweep,
    snapshot: Pick<SearchSnapshot, "trialsCreated" | "searchEvents">,
    event: SearchEvent,
  ): Promise<ToldRecord> {
    if (!search.algorithm.listensToResults) return { history: emptyHistory, keep: () => undefined };
    const known = this.#kept.get(id);
    this.#kept.delete(id);
    const record = known?.searchEvents === snapshot.searchEvents ? known.record : await this.#read(id, spec, snapshot);
    record.tell(event);
    return {
      history: record,
      keep: (searchEvents, created) => {
        for (const { parameters } of created) record.create(chosenParameters(spec.space, parameters));
        this.#kept.set(id, { searchEvents, record });
        for (const oldest of this.#kept.keys()) if (this.#kept.size > mostKept) this.#kept.delete(oldest);
      },
    };
  }

  async #read(
    id: SweepId,
    spec: OpenSweep["spec"],
    snapshot: Pick<SearchSnapshot, "trialsCreated" | "searchEvents">,
  ): Promise<SearchRecord> {
    const { trials, told } = await this.planning.searchHistory(id, snapshot);
    const record = new SearchRecord();
    for (const parameters of trials) record.create(chosenParameters(spec.space, parameters));
    for (const event of told) record.tell(event);
    return record;
  }
}

/** The runs of ended trials, in order, as an event tells them. */
export function trialResults(
  runs: readonly UnreportedRun[],
  { objectives = [], metricConstraints = [] }: Pick<SweepSpec, "objectives" | "metricConstraints">,
): TrialResults[] {
  const trials = new Map<number, TrialResults>();
  for (const { trial, initialization, outcome, value, metrics } of runs) {
    if (outcome === "pending" || outcome === "queued" || outcome === "running") {
      throw new Error(`run ${initialization} of trial ${trial} is ${outcome}, though the trial has ended`);
    }
    const results = trials.get(trial) ?? { trial, ended: true, runs: [] };
    const others = objectives.slice(1).map(({ metric }) => finite(metrics?.[metric]));
    const violation = metrics && metricConstraints.length > 0 ? metricViolation(metricConstraints, metrics) : 0;
    results.runs.push({
      initialization,
      value: finite(value),
      ...(others.length > 0 ? { others } : {}),
      ...(violation > 0 ? { violation } : {}),
      outcome,
    });
    trials.set(trial, results);
  }
  return [...trials.values()];
}

const finite = (value: number | null | undefined): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
