import { scrambledHalton } from "@basin/numerics";
import { quasiRandomSearch } from "./quasi-random";

/** Points that fill the space more evenly than random ones, for any number of them. */
export const halton = quasiRandomSearch({
  id: "halton",
  title: "Halton",
  summary: "Points of a scrambled Halton sequence, which fill the space more evenly than random ones, whatever their number.",
  sequence: scrambledHalton,
});
