import { z } from "zod";

/** Name of the per-run parameter that weighs the output penalty of a problem. */
export const penaltyWeightName = "penaltyWeight";

/** That parameter, for the experiments whose problem has an output penalty; `description` says what is weighed. */
export function penaltyWeight(value: number, description: string, values: readonly number[]) {
  return z
    .number()
    .min(0)
    .max(1e6)
    .default(value)
    .meta({
      title: "Weight λ of the domain term",
      description: `${description} 0: the same network without it, to the bit.`,
      "x-suggest": { type: "choice", values: [...values] },
    });
}
