import { allows } from "./constraints";
import { liesInSpace } from "./dimension";
import { follow, frozen, insist, takeStep, throughJson, type Followed } from "./follow-search";
import type { SearchAlgorithm, SearchEvent, SearchInput } from "./search-algorithm";
import { SearchRecord } from "./search-history";

/** One promise of the interface, tried on one algorithm and one input. `run` throws with what was broken. */
export interface ConformanceCheck {
  name: string;
  run: () => void;
}

/** Searches longer than this are followed for this many trials only. */
const maxTrials = 400;
/** Those that listen to results look at all of them for every trial. */
const maxListening = 60;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The promises of `SearchAlgorithm`, for one algorithm on one input that its `check` accepts. */
export function conformanceChecks(algorithm: SearchAlgorithm, given: SearchInput<unknown>): ConformanceCheck[] {
  const input = frozen(structuredClone(given));
  const most = algorithm.listensToResults ? maxListening : maxTrials;
  const reference = (): Followed => follow(algorithm, input, { most });
  const planned = (): number | null => algorithm.plan(input).trials;
  const orderMatters = algorithm.dependsOnOrder?.(input.config) ?? false;
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
        const stored = follow(algorithm, input, { store: true, most });
        insist(same(stored, reference()), "a search whose state and history went through JSON differs");
        insist(same(algorithm.stateSchema.parse(throughJson(stored.state)), stored.state), "stateSchema changes the state");
      },
    },
    {
      name: "gives the same bytes when its events are replayed",
      run() {
        const { steps } = follow(algorithm, input, { hurry: { seed: 3, trainers: 5 }, most });
        replay(algorithm, input, steps);
      },
    },
    {
      name: "creates the same trials however capacity is sliced",
      run() {
        if (orderMatters) return;
        const { trials } = reference();
        for (const capacity of [() => 1, (k: number) => k % 3, () => 1000]) {
          const other = follow(algorithm, input, { capacity, most }).trials;
          insist(agree(other, trials), "the trials depend on how capacity came");
        }
      },
    },
    {
      name: "creates the same trials however many trainers there are and in whatever order their runs end",
      run() {
        if (orderMatters) return;
        const { trials } = reference();
        for (const [seed, trainers] of [1, 2, 4, 33].entries()) {
          const other = follow(algorithm, input, { hurry: { seed, trainers }, capacity: (k) => 1 + (k % 40), most }).trials;
          insist(agree(other, trials), `the trials of ${trainers} trainers are others`);
        }
      },
    },
    {
      name: "creates nothing without capacity",
      run() {
        const { actions } = algorithm.next(
          input,
          frozen(algorithm.init(input)),
          { type: "capacity", trials: 0 },
          new SearchRecord(),
        );
        insist(
          actions.every((action) => action.type === "exhausted"),
          "a trial was created with room for none",
        );
      },
    },
    {
      name: "plans as many trials as it creates, and says once that it is exhausted",
      run() {
        const { trials, ends, state, record } = reference();
        const total = planned();
        if (total !== null) insist(trials.length <= total, `${trials.length} trials were created, ${total} planned`);
        if (total === null || total > most) return;
        insist(trials.length === total, `${trials.length} trials were created, ${total} planned`);
        insist(ends === 1, `"exhausted" was said ${ends} times`);
        const { actions } = algorithm.next(input, frozen(state), { type: "capacity", trials: 5 }, record);
        insist(actions.length === 0, `an exhausted search answered ${JSON.stringify(actions)}`);
      },
    },
    {
      name: "stays within the space",
      run() {
        for (const [i, trial] of reference().trials.entries()) {
          insist(liesInSpace(input.space, trial), `trial ${i} lies outside the space: ${JSON.stringify(trial)}`);
          insist(allows(input, trial), `trial ${i} breaks a constraint: ${JSON.stringify(trial)}`);
        }
      },
    },
    {
      name: "keeps its trials when it is extended",
      run() {
        if (!algorithm.extend) return;
        const before = reference();
        const known = [...before.trials];
        const config = algorithm.extend(input.config, 3);
        insist(algorithm.configSchema.safeParse(config).success, "configSchema refuses the extended config");
        const extended: SearchInput<unknown> = { ...input, config: frozen(config) };
        if ((planned() ?? Infinity) > most - 3) return;
        const after = follow(algorithm, extended, { capacity: () => 2, from: before, most });
        insist(same(after.trials.slice(0, known.length), known), "earlier trials changed");
        insist(after.trials.length === known.length + 3, `${after.trials.length - known.length} of 3 trials were added`);
        insist(after.ends === 1, `"exhausted" was said ${after.ends} times after the extension`);
        if (orderMatters) return;
        insist(same(after.trials, follow(algorithm, extended, { most }).trials), "an extended search differs from a longer one");
      },
    },
  ];
}

/** Whether one list of trials is how the other begins. */
function agree(a: readonly unknown[], b: readonly unknown[]): boolean {
  const common = Math.min(a.length, b.length);
  return same(a.slice(0, common), b.slice(0, common));
}

/** Takes stored steps once more, as after a crash: state and history are all that was kept. Throws where bytes differ. */
function replay(algorithm: SearchAlgorithm, input: SearchInput<unknown>, steps: Followed["steps"]): void {
  let state: unknown = throughJson(algorithm.init(input));
  const record = new SearchRecord();
  for (const [i, { event: stored, ...known }] of steps.entries()) {
    const event = JSON.parse(stored) as SearchEvent;
    record.tell(event);
    const history = algorithm.listensToResults ? { trials: [...record.trials] } : { trials: [] };
    const { step, actions } = takeStep(algorithm, input, algorithm.stateSchema.parse(state), event, history);
    insist(step.state === known.state && step.actions === known.actions, `event ${i}, replayed, gives another state or actions`);
    state = JSON.parse(step.state);
    for (const action of actions) if (action.type === "create-trial") record.create(action.parameters);
  }
}

/** Bytes of the state, as it is stored, after so many trials. */
export function stateBytesAfter(algorithm: SearchAlgorithm, input: SearchInput<unknown>, trials: number): number {
  const { state, trials: made } = follow(algorithm, input, { capacity: () => 500, most: trials });
  insist(made.length >= trials, `${made.length} trials were created, not ${trials}`);
  return JSON.stringify(state).length;
}
