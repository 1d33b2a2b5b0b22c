import type { Configuration } from "@basin/contracts";
import { liesInSpace } from "./dimension";
import type { SearchAction, SearchAlgorithm, SearchEvent, SearchInput } from "./search-algorithm";

/** One promise of the interface, tried on one algorithm and one input. `run` throws with what was broken. */
export interface ConformanceCheck {
  name: string;
  run: () => void;
}

/** Searches longer than this are followed for this many trials only. */
const maxTrials = 400;

function insist(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** An objective that looks like one but is a function of the trial's parameters only. */
function objectiveOf(parameters: Configuration): number | null {
  const text = JSON.stringify(parameters);
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash % 11 === 0 ? null : (hash >>> 0) / 4_294_967_296;
}

interface History {
  trials: Configuration[];
  /** How often `exhausted` was said. */
  ends: number;
  state: unknown;
}

interface Follow {
  /** Capacity of the k-th capacity event. */
  capacity: (k: number) => number;
  /** Save and load the state between events. */
  storeState?: boolean;
  from?: { state: unknown; trials: Configuration[] };
}

/** Drives a search to its end (or `maxTrials`), reporting each trial's result before more capacity is offered. */
function follow(algorithm: SearchAlgorithm, input: SearchInput<unknown>, { capacity, storeState, from }: Follow): History {
  let state = from ? from.state : algorithm.init(input);
  const trials = from ? [...from.trials] : [];
  let ends = 0;
  const tell = (event: SearchEvent): SearchAction[] => {
    const before = storeState ? algorithm.stateSchema.parse(throughJson(state)) : state;
    const answer = algorithm.next(input, frozen(before), frozen(event));
    state = answer.state;
    return answer.actions;
  };
  for (let k = 0; ends === 0 && trials.length < maxTrials && k < 10 * maxTrials; k++) {
    const room = capacity(k);
    const created: number[] = [];
    for (const action of tell({ type: "capacity", trials: room })) {
      if (action.type === "exhausted") {
        ends += 1;
        continue;
      }
      insist(ends === 0, `trial ${action.trial} was created after the search said it was exhausted`);
      insist(action.trial === trials.length, `trial ${action.trial} was created where number ${trials.length} was due`);
      created.push(action.trial);
      trials.push(action.parameters);
    }
    insist(created.length <= room, `${created.length} trials were created with room for ${room}`);
    if (!algorithm.listensToResults) continue;
    for (const trial of created) {
      const actions = tell({ type: "trial-finished", trial, objective: objectiveOf(trials[trial] ?? {}) });
      insist(
        actions.every((a) => a.type === "exhausted"),
        "a trial was created without capacity for it",
      );
      ends += actions.length;
    }
  }
  return { trials, ends, state };
}

/** The promises of `SearchAlgorithm`, for one algorithm on one input that its `check` accepts. */
export function conformanceChecks(algorithm: SearchAlgorithm, given: SearchInput<unknown>): ConformanceCheck[] {
  const input = frozen(structuredClone(given));
  const reference = (): History => follow(algorithm, input, { capacity: () => 7 });
  const planned = (): number | null => algorithm.plan(input).trials;
  const slicingsMayDiffer = algorithm.listensToResults;
  return [
    {
      name: "accepts the input",
      run() {
        insist(algorithm.configSchema.safeParse(input.config).success, "configSchema refuses the config");
        insist(same(algorithm.check(input), []), `check: ${JSON.stringify(algorithm.check(input))}`);
      },
    },
    {
      name: "gives the same trials for the same inputs and changes none of them",
      run: () => insist(same(reference(), reference()), "two searches with the same input differ"),
    },
    {
      name: "continues from a stored state as if it had not been interrupted",
      run() {
        const stored = follow(algorithm, input, { capacity: () => 7, storeState: true });
        insist(same(stored, reference()), "a search whose state went through JSON differs");
        insist(same(algorithm.stateSchema.parse(throughJson(stored.state)), stored.state), "stateSchema changes the state");
      },
    },
    {
      name: "creates the same trials however capacity is sliced",
      run() {
        if (slicingsMayDiffer) return;
        const { trials } = reference();
        for (const capacity of [() => 1, (k: number) => k % 3, () => 1000]) {
          const other = follow(algorithm, input, { capacity }).trials;
          const common = Math.min(trials.length, other.length);
          insist(same(other.slice(0, common), trials.slice(0, common)), "the trials depend on how capacity came");
        }
      },
    },
    {
      name: "creates nothing without capacity",
      run() {
        const { actions } = algorithm.next(input, frozen(algorithm.init(input)), { type: "capacity", trials: 0 });
        insist(
          actions.every((action) => action.type === "exhausted"),
          "a trial was created with room for none",
        );
      },
    },
    {
      name: "plans as many trials as it creates, and says once that it is exhausted",
      run() {
        const { trials, ends, state } = reference();
        const total = planned();
        if (total !== null) insist(trials.length <= total, `${trials.length} trials were created, ${total} planned`);
        if (total === null || total > maxTrials) return;
        insist(trials.length === total, `${trials.length} trials were created, ${total} planned`);
        insist(ends === 1, `"exhausted" was said ${ends} times`);
        const { actions } = algorithm.next(input, frozen(state), { type: "capacity", trials: 5 });
        insist(actions.length === 0, `an exhausted search answered ${JSON.stringify(actions)}`);
      },
    },
    {
      name: "stays within the space",
      run() {
        for (const [i, trial] of reference().trials.entries()) {
          insist(liesInSpace(input.space, trial), `trial ${i} lies outside the space: ${JSON.stringify(trial)}`);
        }
      },
    },
    {
      name: "keeps its trials when it is extended",
      run() {
        if (!algorithm.extend) return;
        const before = reference();
        const config = algorithm.extend(input.config, 3);
        insist(algorithm.configSchema.safeParse(config).success, "configSchema refuses the extended config");
        const extended: SearchInput<unknown> = { ...input, config: frozen(config) };
        if ((planned() ?? Infinity) > maxTrials - 3) return;
        const after = follow(algorithm, extended, { capacity: () => 2, from: before });
        insist(same(after.trials.slice(0, before.trials.length), before.trials), "earlier trials changed");
        insist(
          after.trials.length === before.trials.length + 3,
          `${after.trials.length - before.trials.length} of 3 trials were added`,
        );
        insist(after.ends === 1, `"exhausted" was said ${after.ends} times after the extension`);
        insist(
          same(after.trials, follow(algorithm, extended, { capacity: () => 7 }).trials),
          "an extended search differs from a longer one",
        );
      },
    },
  ];
}
