import type { Edf, Figure } from "@basin/contracts";
import type { DistributionSteps } from "@basin/ui";

/**
 * The distribution over all finished runs. One without a value counts as worse than any: beyond the right end where lower is better,
 * left of the first step where higher is; where neither is, it is left out.
 */
export function countedSteps(
  { n, without, x, y }: Omit<Edf["groups"][number], "group">,
  better: Figure["better"],
): Omit<DistributionSteps, "name" | "style"> {
  const of = better === null ? n : n + without;
  const start = better === "higher" && of > 0 ? without / of : 0;
  return { of, start, x, y: y.map((share) => start + (share * n) / of) };
}
