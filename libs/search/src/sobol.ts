import { scrambledSobol } from "@basin/numerics";
import { quasiRandomSearch } from "./quasi-random";

/** Points that fill the space more evenly than random ones; evenest in numbers that are powers of two. */
export const sobol = quasiRandomSearch({
  id: "sobol",
  title: "Sobol",
  summary:
    "Points of a scrambled Sobol sequence, which fill the space more evenly than random ones; best in numbers like 64 or 128.",
  sequence: scrambledSobol,
  warn(trials) {
    const below = 2 ** Math.floor(Math.log2(trials));
    if (below === trials) return [];
    return [
      {
        path: "search.config.trials",
        message: `${trials} is no power of two, so the points are a little less even than they could be`,
        hint: `draw ${below} or ${2 * below}`,
      },
    ];
  },
});
