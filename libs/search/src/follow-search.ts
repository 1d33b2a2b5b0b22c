import type { Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import type { SearchAction, SearchAlgorithm, SearchEvent, SearchInput } from "./search-algorithm";
import { SearchRecord, type RunResult, type SearchHistory } from "./search-history";

export function insist(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

export const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Runs of each trial that is followed. */
const initializations = 3;

/** Results that look like some but are a function of the trial's parameters only; every eleventh trial has runs without a value. */
function resultsOf(parameters: Configuration, others: number): RunResult[] {
  const text = JSON.stringify(parameters);
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  const draw = randomStream(hash >>> 0, "conformance/results");
  const failing = hash % 11 === 0;
  return Array.from({ length: initializations }, (_, initialization): RunResult =>
    failing && draw.uniform(initialization) < 0.7
      ? { initialization, value: null, outcome: draw.uniform(initialization) < 0.3 ? "failed" : "diverged" }
      : {
          initialization,
          value: draw.normal(initialization),
          ...(others === 0
            ? {}
            : { others: Array.from({ length: others }, (__, m) => draw.normal(initializations * (m + 1) + initialization)) }),
          outcome: "succeeded",
        },
  );
}

/** One event with all that followed from it, as text. */
export interface Step {
  event: string;
  state: string;
  actions: string;
}

export interface Followed {
  trials: Configuration[];
  /** How often `exhausted` was said. */
  ends: number;
  state: unknown;
  record: SearchRecord;
  steps: Step[];
}

export interface Follow {
  /** Room of the k-th capacity event. Default: for 7 trials. */
  capacity?: (k: number) => number;
  /** Trainers with one trial each that end in an order drawn from this seed. Default: all trials of an event end, in order, before the next. */
  hurry?: { seed: number; trainers: number };
  /** Save and load state and history between any two events. */
  store?: boolean;
  from?: Followed;
  most: number;
}

/** What is to be stored of the step, and the answer itself. Inputs are frozen. */
export function takeStep(
  algorithm: SearchAlgorithm,
  input: SearchInput<unknown>,
  state: unknown,
  event: SearchEvent,
  history: SearchHistory,
): { step: Step; state: unknown; actions: SearchAction[] } {
  const answer = algorithm.next(input, frozen(state), frozen(event), history);
  const step = {
    event: JSON.stringify(event),
    state: JSON.stringify(answer.state),
    actions: JSON.stringify(answer.actions),
  };
  return { step, ...answer };
}

/** Drives a search to its end, or to `most` trials. */
export function follow(algorithm: SearchAlgorithm, input: SearchInput<unknown>, options: Follow): Followed {
  const { capacity = () => 7, hurry, store, from, most } = options;
  let state = from ? from.state : algorithm.init(input);
  const record = from?.record ?? new SearchRecord();
  const trials = from ? [...from.trials] : [];
  const steps: Step[] = [];
  let ends = 0;
  const tell = (event: SearchEvent): SearchAction[] => {
    record.tell(event);
    const before = store ? algorithm.stateSchema.parse(throughJson(state)) : state;
    const history = !algorithm.listensToResults
      ? { trials: [] }
      : store
        ? { trials: throughJson(record.trials) as SearchHistory["trials"] }
        : record;
    const answer = takeStep(algorithm, input, before, event, history);
    steps.push(answer.step);
    state = answer.state;
    return answer.actions;
  };
  const report = (ended: readonly number[]): void => {
    if (ended.length === 0 || !algorithm.listensToResults) return;
    const results = ended.map((trial) => ({
      trial,
      ended: true,
      runs: resultsOf(trials[trial] ?? {}, input.others?.length ?? 0),
    }));
    const actions = tell({ type: "results", trials: results });
    insist(
      actions.every((action) => action.type === "exhausted"),
      "a trial was created without capacity for it",
    );
    ends += actions.length;
  };
  const training: number[] = [];
  const luck = hurry && randomStream(hurry.seed, "conformance/order");
  for (let k = 0; ends === 0 && trials.length < most && k < 10 * most; k++) {
    const room = Math.min(capacity(k), hurry ? hurry.trainers - training.length : Infinity);
    let created = 0;
    for (const action of tell({ type: "capacity", trials: room })) {
      if (action.type === "exhausted") {
        ends += 1;
        continue;
      }
      insist(ends === 0, `trial ${action.trial} was created after the search said it was exhausted`);
      insist(action.trial === trials.length, `trial ${action.trial} was created where number ${trials.length} was due`);
      training.push(action.trial);
      trials.push(action.parameters);
      record.create(action.parameters);
      created += 1;
    }
    insist(created <= room, `${created} trials were created with room for ${room}`);
    if (!luck) report(training.splice(0));
    else if (training.length > 0) report(training.splice(Math.floor(luck.uniform(k) * training.length), 1 + (k % 2)));
  }
  return { trials, ends, state, record, steps };
}
