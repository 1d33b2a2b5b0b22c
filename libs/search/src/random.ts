import { applicable } from "@basin/contracts";
import { z } from "zod";
import { checkSpace } from "./check-space";
import { dimensionsOf, gridSize, sampledValue } from "./dimension";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm } from "./search-algorithm";

/** More could neither be numbered in a ledger nor run by anybody. */
const maxTrials = 1_000_000_000;

const RandomConfig = z.strictObject({
  trials: z
    .int({ error: "how many configurations to draw: a whole number of at least 1" })
    .min(1)
    .max(maxTrials)
    .meta({ title: "Trials", description: "How many configurations are drawn. More can be added to a running sweep." }),
});

/**
 * Independent draws: uniform over choices, whole numbers, steps and ranges, log-uniform over log-float ranges. Candidate i is a
 * function of (space, seed, i), and each parameter's draw depends on its name only, so adding a parameter leaves the draws of the
 * others as they were; where a parameter's condition does not hold, its draw is left out. Draws may repeat where a space is small. `trials` can be extended; earlier candidates stay.
 */
export const random: SearchAlgorithm<z.infer<typeof RandomConfig>, NumberedState> = {
  id: "random",
  version: 1,
  title: "Random",
  summary: "A number of configurations drawn at random, log-uniformly where the axis is logarithmic.",
  configSchema: RandomConfig,
  stateSchema: NumberedState,
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
  plan: ({ config }) => ({ trials: config.trials }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next: ({ space, config, seed }, state, event) =>
    takeCandidates(state, event, config.trials, (i) =>
      applicable(
        space,
        Object.fromEntries(dimensionsOf(space).map(([name, dimension]) => [name, sampledValue(dimension, name, seed, i)])),
      ),
    ),
  extend: (config, trials) => ({ ...config, trials: config.trials + trials }),
};
