import { z } from "zod";
import { checkGrid, checkSpace } from "./check-space";
import { gridCells } from "./grid-cells";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm } from "./search-algorithm";

const GridConfig = z.strictObject({});

/**
 * Every combination of the listed values, once. Cell i is computed from i alone, so a grid of 10^12 cells costs nothing until its
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
  check: ({ space }) => [...checkSpace(space), ...checkGrid(space)],
  plan: ({ space }) => ({ trials: gridCells(space).count }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next({ space }, state, event) {
    const { count, cell } = gridCells(space);
    return takeCandidates(state, event, count, cell);
  },
};
