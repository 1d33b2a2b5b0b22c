import { auto } from "./auto";
import { cmaEs } from "./cma-es";
import { gp } from "./gp";
import { grid } from "./grid";
import { halton } from "./halton";
import { listed } from "./listed";
import { nsgaII } from "./nsga-ii";
import { random } from "./random";
import type { SearchAlgorithm } from "./search-algorithm";
import { sobol } from "./sobol";
import { tpe } from "./tpe";

/** Every search algorithm, in the order of the catalogue. A new one is a file and a line here. */
export const searchAlgorithms: readonly SearchAlgorithm[] = [grid, auto, random, sobol, halton, tpe, gp, cmaEs, nsgaII, listed];

/** Null when there is no algorithm of that id. */
export function findSearchAlgorithm(id: string): SearchAlgorithm | null {
  return searchAlgorithms.find((algorithm) => algorithm.id === id) ?? null;
}
