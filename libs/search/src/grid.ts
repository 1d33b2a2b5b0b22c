import type { Configuration, Space } from "@basin/contracts";
import { z } from "zod";
import { checkGrid, checkSpace } from "./check-space";
import { dimensionsOf, gridSize, gridValue } from "./dimension";
import { NumberedState, takeCandidates } from "./numbered-candidates";
import type { SearchAlgorithm } from "./search-algorithm";

const GridConfig = z.strictObject({});

/** The number of cells; a space without parameters has one, the experiment's defaults. */
function gridCells(space: Space): number {
  return Object.values(space).reduce((product, dimension) => product * (gridSize(dimension) ?? 1), 1);
}

/** Cell i: the mixed-radix digits of i are positions on the axes, parameters by name, the last varying fastest. */
function gridCell(space: Space, i: number): Configuration {
  let rest = i;
  const digits = dimensionsOf(space)
    .reverse()
    .map(([name, dimension]) => {
      const size = gridSize(dimension) ?? 1;
      const position = rest % size;
      rest = (rest - position) / size;
      return [name, gridValue(dimension, position)] as const;
    });
  return Object.fromEntries(digits.reverse());
}

/**
 * Every combination of the listed values, once. Cell i is computed from i alone, so a grid of 10^12 cells costs nothing until its
 * cells are run. Cells are ordered by parameter name, the last name varying fastest.
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
  plan: ({ space }) => ({ trials: gridCells(space) }),
  init: () => ({ next: 0, exhaustedAt: null }),
  next: ({ space }, state, event) => takeCandidates(state, event, gridCells(space), (i) => gridCell(space, i)),
};
