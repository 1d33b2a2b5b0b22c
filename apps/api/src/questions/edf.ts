import type { Edf, QueryOf, Sweep } from "@basin/contracts";
import type { OpenQuestion } from "./questions.service";
import { countedRows, evidenceOf, leftOutOf, rankedGroups } from "./evidence";
import { evenlySpread } from "./ranking";
import { groupRuns, rowsByGroup } from "./sweep-table";

/** Share of values ≤ x at each distinct value, thinned evenly in rank; both ends are kept. `sorted` ascends. */
function edfSteps(sorted: ArrayLike<number>, points: number): { x: number[]; y: number[] } {
  const n = sorted.length;
  const ends: number[] = [];
  for (let i = 0; i < n; i += 1) if (i === n - 1 || sorted[i] !== sorted[i + 1]) ends.push(i);
  const chosen = evenlySpread(ends.length, points).map((i) => ends[i] ?? 0);
  return { x: chosen.map((i) => sorted[i] ?? 0), y: chosen.map((i) => (i + 1) / n) };
}

/** Empirical distribution functions per group, best first. Pure. */
export function edfOf(
  sweep: Sweep,
  { table, figure, values }: OpenQuestion,
  query: QueryOf<"getEdf"> & { groupBy: readonly string[] },
): Edf {
  const grouping = groupRuns(table, query.groupBy);
  const groups = rowsByGroup(grouping).map((rows) => evidenceOf(table, rows, values));
  const order = rankedGroups(groups, figure.better);
  const shown = order.slice(0, query.limit);
  return {
    sweep: sweep.id,
    figure,
    groupedBy: grouping.groupedBy,
    groups: shown.flatMap((place): Edf["groups"] => {
      const own = groups[place];
      if (!own) return [];
      const { values: sorted, without } = own;
      const group = grouping.groups[place]?.group ?? {};
      return [{ group, n: sorted.length, without, ...edfSteps(sorted, query.points) }];
    }),
    leftOut: leftOutOf(table, countedRows(grouping), values, "they have no step"),
    more: order.length - shown.length,
  };
}
