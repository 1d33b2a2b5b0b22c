import { applies, type Configuration, type Dimension, type Space } from "@basin/contracts";
import { dimensionsOf, gridSize, gridValue, isRange } from "./dimension";

/** Parents of conditions are walked value by value, so they may not have more values than this. */
export const maxParentValues = 1000;

interface Axis {
  name: string;
  dimension: Dimension;
  size: number;
  /** Another dimension's condition reads this one. */
  parent: boolean;
}

/** Cells of a grid, numbered from 0; cell i is computed from i alone. */
export interface GridCells {
  /** May exceed 2^53, then not exactly. */
  count: number;
  cell: (i: number) => Configuration;
}

/**
 * The cells of a grid: every combination of the values of the dimensions that apply, once. Parameters are counted by name, the
 * last varying fastest; one that has a condition comes after the parameter it depends on. A dimension that does not apply
 * adds nothing, so no configuration appears twice.
 */
export function gridCells(space: Space): GridCells {
  const axes = axesOf(space);
  const known = new Map<string, number>();
  // What is left depends on the values of parents only.
  const countFrom = (at: number, parents: Configuration): number => {
    const axis = axes[at];
    if (!axis) return 1;
    const key = `${at}:${JSON.stringify(parents)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    let count: number;
    if (!applies(axis.dimension, parents)) count = countFrom(at + 1, parents);
    else if (!axis.parent) count = axis.size * countFrom(at + 1, parents);
    else count = childrenOf(axis, parents).reduce((sum, child) => sum + countFrom(at + 1, child), 0);
    known.set(key, count);
    return count;
  };
  return {
    count: countFrom(0, {}),
    cell(i) {
      const cell: Configuration = {};
      let parents: Configuration = {};
      let rest = i;
      axes.forEach((axis, at) => {
        if (!applies(axis.dimension, parents)) return;
        let position = 0;
        if (axis.parent) {
          const children = childrenOf(axis, parents);
          let size = countFrom(at + 1, children[0] ?? parents);
          while (rest >= size && position < axis.size - 1) {
            rest -= size;
            position += 1;
            size = countFrom(at + 1, children[position] ?? parents);
          }
          parents = children[position] ?? parents;
        } else {
          const each = countFrom(at + 1, parents);
          position = Math.floor(rest / each);
          rest -= position * each;
        }
        cell[axis.name] = gridValue(axis.dimension, position);
      });
      return Object.fromEntries(Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    },
  };
}

/** A space of more configurations is drawn from as if it had no end: that a draw repeats is next to impossible. */
const mostListed = 2 ** 52;

/** How many configurations a space has; null where ranges make them endless. */
export function configurationsOf(space: Space): number | null {
  if (Object.values(space).some(isRange)) return null;
  const { count } = gridCells(space);
  return count <= mostListed ? count : null;
}

function childrenOf(axis: Axis, parents: Configuration): Configuration[] {
  return Array.from({ length: axis.size }, (_, i) => ({ ...parents, [axis.name]: gridValue(axis.dimension, i) }));
}

function axesOf(space: Space): Axis[] {
  const readByOthers = new Set(Object.values(space).flatMap(({ when }) => (when ? [when.parameter] : [])));
  return inOrderOfConditions(space).map(([name, dimension]) => {
    const size = gridSize(dimension) ?? 1;
    return { name, dimension, size, parent: readByOthers.has(name) && size <= maxParentValues };
  });
}

/** By name, but a dimension with a condition only after the one it depends on. Those in a circle come last. */
function inOrderOfConditions(space: Space): [name: string, dimension: Dimension][] {
  const waiting = dimensionsOf(space);
  const ordered: [string, Dimension][] = [];
  const placed = new Set<string>();
  for (;;) {
    const next = waiting.findIndex(([, { when }]) => !when || placed.has(when.parameter) || !(when.parameter in space));
    const [found] = next < 0 ? [] : waiting.splice(next, 1);
    if (!found) return [...ordered, ...waiting];
    ordered.push(found);
    placed.add(found[0]);
  }
}
