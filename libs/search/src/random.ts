import { applicable, type Configuration, mostObjectives } from "@basin/contracts";
import { keyedPermutation, randomStream } from "@basin/numerics";
import { z } from "zod";
import { checkSpace, checkVaries } from "./check-space";
import { dimensionsOf, sampledValue } from "./dimension";
import { allowedCells, allowedCount, allows } from "./constraints";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";
import { repeatWarnings, trialCount } from "./trial-budget";

const RandomConfig = z.strictObject({
  trials: trialCount("How many configurations are drawn. More can be added to a running sweep."),
});
type RandomConfig = z.infer<typeof RandomConfig>;

/** Sweeps that began before version 2 go on with version 1. */
const RandomState = NumberedState.extend({ version: z.union([z.literal(1), z.literal(2)]).default(1) });
type RandomState = z.infer<typeof RandomState>;

/** A configuration that breaks a constraint is drawn again so many times, by candidates behind all that trials have. */
const mostRedraws = 1_000_000;
const redrawn = 2 ** 30;

export type DrawnInput = Pick<SearchInput<RandomConfig>, "space" | "seed" | "constraints">;

/**
 * Draws: uniform over choices, whole numbers, steps and ranges, log-uniform over log-float ranges. Candidate i is a function of (space, seed,
 * i).
 *
 * Where a range is among the dimensions, draws are independent: each parameter's depends on its name only, so adding a parameter leaves the
 * draws of the others as they were; where a parameter's condition does not hold, its draw is left out. A space without ranges has so many
 * configurations, conditions counted: they come in a random order, each as likely as another, and none comes again before all have come.
 * Version 1 drew from such spaces independently, too, and repeated itself. `trials` can be extended; earlier candidates stay.
 */
export const random: SearchAlgorithm<RandomConfig, RandomState> = {
  id: "random",
  version: 2,
  title: "Random",
  summary:
    "A number of configurations drawn at random, log-uniformly where the axis is logarithmic; none twice while others are left.",
  configSchema: RandomConfig,
  stateSchema: RandomState,
  listensToResults: false,
  objectives: mostObjectives,
  check: ({ space, config }) => [...checkSpace(space), ...checkVaries(space, config.trials)],
  warn: repeatWarnings,
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null, version: 2 }),
  next(input, { version, ...numbered }, event) {
    const candidate = version === 1 ? independent(input) : candidatesOf(input);
    const { state, actions } = takeCandidates(numbered, event, input.config.trials, candidate);
    return { state: { ...state, version }, actions };
  },
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

/** Candidate i of version 2. */
export function candidatesOf(input: DrawnInput): (i: number) => Configuration {
  const count = allowedCount(input);
  return count === null ? independent(input) : withoutRepeats(input, count);
}

function independent(input: DrawnInput): (i: number) => Configuration {
  const { space, seed } = input;
  const dimensions = dimensionsOf(space);
  const draw = (i: number): Configuration =>
    applicable(space, Object.fromEntries(dimensions.map(([name, dimension]) => [name, sampledValue(dimension, name, seed, i)])));
  return (i) => {
    for (let again = 0; again < mostRedraws; again++) {
      const parameters = draw(i + again * redrawn);
      if (allows(input, parameters)) return parameters;
    }
    throw new Error(`none of ${mostRedraws} configurations that were drawn meets the constraints`);
  };
}

/** Every configuration once, in another order each time. */
function withoutRepeats(input: DrawnInput, count: number): (i: number) => Configuration {
  const { seed } = input;
  const { cell } = allowedCells(input);
  let order: { pass: number; at: (i: number) => number } | null = null;
  return (i) => {
    const pass = Math.floor(i / count);
    if (order?.pass !== pass) order = { pass, at: keyedPermutation(randomStream(seed, "search/random/order", pass), count) };
    return cell(order.at(i - pass * count));
  };
}
