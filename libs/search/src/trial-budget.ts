import type { Issue } from "@basin/contracts";
import { z } from "zod";
import { allowedCount, type Constrained } from "./constraints";

/** More could neither be numbered in a ledger nor run by anybody. */
const maxTrials = 1_000_000_000;

/** The field of a config that says how many trials there are. */
export function trialCount(description: string) {
  return z
    .int({ error: "how many configurations to draw: a whole number of at least 1" })
    .min(1)
    .max(maxTrials)
    .meta({ title: "Trials", description, examples: [20] });
}

/** More trials than there are configurations repeat some. */
export function repeatWarnings(input: Constrained & { config: { trials: number } }): Issue[] {
  const { trials } = input.config;
  const count = allowedCount(input);
  if (count === null || count >= trials) return [];
  return [
    {
      path: "search.config.trials",
      message: `the space has ${count} configurations, so ${trials - count} of the ${trials} trials repeat one of them: the same runs again, which count once`,
      hint: `draw at most ${count}, or use the algorithm "grid"; for more evidence on the same configurations, use more seeds`,
    },
  ];
}
