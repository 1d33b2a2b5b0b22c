import type { ParameterGrid, QueryOf, Sweep } from "@basin/contracts";
import { mean, median } from "@basin/numerics";
import { distinctRows } from "./distinct-runs";
import { axisOf, cellsOf, type ParameterCells } from "./parameter-axes";
import type { OpenQuestion } from "./questions.service";
import { hasEnded } from "./sweep-table";

/** A statistic of the figure in every cell of two parameters. Pure; both parameters must be loaded. */
export function parameterGridOf(
  sweep: Sweep,
  { table, figure, values, met }: OpenQuestion,
  query: QueryOf<"getParameterGrid">,
): ParameterGrid {
  const sideOf = (name: string): { axis: ParameterGrid["x"]; cells: ParameterCells } => {
    const column = table.parameters.get(name) ?? { codes: new Int32Array(table.trials.length).fill(-1), values: [] };
    const { title, unit, scale, ...rest } = axisOf(sweep, name, column);
    const cells = cellsOf({ title, unit, scale, ...rest }, column, query.bins);
    return { axis: { name, title, unit, scale, values: cells.values, edges: cells.edges }, cells };
  };
  const x = sideOf(query.x);
  const y = sideOf(query.y);
  const width = x.cells.values.length;
  const lists = Array.from({ length: width * y.cells.values.length }, (): number[] => []);
  let inapplicable = 0;
  const inCells = Array.from({ length: lists.length }, (): number[] => []);
  for (let row = 0; row < table.count; row += 1) {
    const trial = table.trialRow[row] ?? 0;
    const column = x.cells.ofTrial[trial] ?? -1;
    const line = y.cells.ofTrial[trial] ?? -1;
    if (column >= 0 && line >= 0) inCells[line * width + column]?.push(row);
    else inapplicable += 1;
  }
  for (const [cell, all] of inCells.entries())
    for (const row of distinctRows(table, all).rows) {
      const value = values[row] ?? Number.NaN;
      if (query.statistic === "success") {
        if (met && hasEnded(table.state[row] ?? 0)) lists[cell]?.push(met[row] ?? 0);
      } else if (!Number.isNaN(value)) lists[cell]?.push(value);
    }
  const z = lists.map((list) => statisticOf(list, query.statistic, figure.better));
  const rows = <T>(cells: readonly T[]): T[][] => y.cells.values.map((_, line) => cells.slice(line * width, (line + 1) * width));
  return {
    sweep: sweep.id,
    figure,
    statistic: query.statistic,
    x: x.axis,
    y: y.axis,
    z: rows(z),
    n: rows(lists.map((list) => list.length)),
    inapplicable,
  };
}

function statisticOf(
  list: readonly number[],
  statistic: ParameterGrid["statistic"],
  better: "lower" | "higher" | null,
): number | null {
  if (list.length === 0) return null;
  switch (statistic) {
    case "median":
      return median(list);
    case "best":
      return list.reduce((a, b) => (better === "higher" ? Math.max(a, b) : Math.min(a, b)));
    case "mean":
    case "success":
      return mean(list);
  }
}
