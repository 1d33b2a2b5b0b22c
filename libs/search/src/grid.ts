import { mostObjectives } from "@basin/contracts";
import { z } from "zod";
import { checkGrid, checkSpace } from "./check-space";
import { allowedCells, checkSieve } from "./constraints";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm } from "./search-algorithm";

const GridConfig = z.strictObject({});

/**
 * Every combination of the listed values that meets the constraints, once. Cell i is computed from i alone, so a grid of 10^12 cells costs nothing until its
 * cells are run. Cells are ordered by parameter name, the last name varying fastest; parameters with a condition add cells only
 * where it holds.
 */
export const grid: SearchAlgorithm<z.infer<typeof GridConfig>, NumberedState> = {
  id: "grid",
  version: 1,
  title: "Grid",
  summary: "Every combination of the values of each parameter, once.",
  configSchema: GridConfig,
  stateSchema: NumberedState,
  listensToResults: false,
  objectives: mostObjectives,
  check: (input) => [...checkSpace(input.space), ...checkGrid(input.space), ...checkSieve(input)],
  plan: (input) => ({ trials: allowedCells(input).count }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next(input, state, event) {
    const { count, cell } = allowedCells(input);
    return takeCandidates(state, event, count, cell);
  },
};
