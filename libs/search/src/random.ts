import { applicable, type Configuration, type Issue } from "@basin/contracts";
import { keyedPermutation, randomStream } from "@basin/numerics";
import { z } from "zod";
import { checkSpace } from "./check-space";
import { dimensionsOf, gridSize, isRange, sampledValue } from "./dimension";
import { gridCells } from "./grid-cells";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm, SearchInput } from "./search-algorithm";

/** More could neither be numbered in a ledger nor run by anybody. */
const maxTrials = 1_000_000_000;
/** A space of more configurations is drawn from as if it had no end: that a draw repeats is next to impossible. */
const mostListed = 2 ** 52;

const RandomConfig = z.strictObject({
  trials: z
    .int({ error: "how many configurations to draw: a whole number of at least 1" })
    .min(1)
    .max(maxTrials)
    .meta({
      title: "Trials",
      description: "How many configurations are drawn. More can be added to a running sweep.",
      examples: [20],
    }),
});
type RandomConfig = z.infer<typeof RandomConfig>;

/** Sweeps that began before version 2 go on with version 1. */
const RandomState = NumberedState.extend({ version: z.union([z.literal(1), z.literal(2)]).default(1) });
type RandomState = z.infer<typeof RandomState>;

type Input = Pick<SearchInput<RandomConfig>, "space" | "seed">;

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
  check({ space, config }) {
    const varies = Object.values(space).some((dimension) => gridSize(dimension) !== 1);
    if (varies || config.trials === 1) return checkSpace(space);
    return [
      ...checkSpace(space),
      {
        path: "space",
        message: `nothing varies, so all ${config.trials} trials would be the same configuration`,
        hint: "add a parameter with a range or several values; to repeat one configuration from several initializations, use seeds",
      },
    ];
  },
  warn({ space, config }): Issue[] {
    const count = configurationsOf(space);
    if (count === null || count >= config.trials) return [];
    return [
      {
        path: "search.config.trials",
        message: `the space has ${count} configurations, so ${config.trials - count} of the ${config.trials} trials repeat one of them: the same runs again, which count once`,
        hint: `draw at most ${count}, or use the algorithm "grid"; for more evidence on the same configurations, use more seeds`,
      },
    ];
  },
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null, version: 2 }),
  next(input, { version, ...numbered }, event) {
    const candidate = version === 1 ? independent(input) : candidatesOf(input);
    const { state, actions } = takeCandidates(numbered, event, input.config.trials, candidate);
    return { state: { ...state, version }, actions };
  },
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};

/** How many configurations a space has; null where ranges make them endless. */
function configurationsOf(space: Input["space"]): number | null {
  if (Object.values(space).some(isRange)) return null;
  const { count } = gridCells(space);
  return count <= mostListed ? count : null;
}

function candidatesOf(input: Input): (i: number) => Configuration {
  const count = configurationsOf(input.space);
  return count === null ? independent(input) : withoutRepeats(input, count);
}

function independent({ space, seed }: Input): (i: number) => Configuration {
  const dimensions = dimensionsOf(space);
  return (i) =>
    applicable(space, Object.fromEntries(dimensions.map(([name, dimension]) => [name, sampledValue(dimension, name, seed, i)])));
}

/** Every configuration once, in another order each time. */
function withoutRepeats({ space, seed }: Input, count: number): (i: number) => Configuration {
  const { cell } = gridCells(space);
  let order: { pass: number; at: (i: number) => number } | null = null;
  return (i) => {
    const pass = Math.floor(i / count);
    if (order?.pass !== pass) order = { pass, at: keyedPermutation(randomStream(seed, "search/random/order", pass), count) };
    return cell(order.at(i - pass * count));
  };
}
