import type { Edf, Sweep } from "@basin/contracts";
import { median } from "@basin/numerics";
import type { OpenQuestion } from "./questions.service";
import { bestFirstOrder, evenlySpread } from "./ranking";
import { groupRuns, hasEnded } from "./sweep-table";

/** Share of values ≤ x at each distinct value, thinned evenly in rank; both ends are kept. `sorted` ascends. */
export function edfSteps(sorted: ArrayLike<number>, points: number): { x: number[]; y: number[] } {
  const n = sorted.length;
  const ends: number[] = [];
  for (let i = 0; i < n; i += 1) if (i === n - 1 || sorted[i] !== sorted[i + 1]) ends.push(i);
  const chosen = evenlySpread(ends.length, points).map((i) => ends[i] ?? 0);
  return { x: chosen.map((i) => sorted[i] ?? 0), y: chosen.map((i) => (i + 1) / n) };
}

/** Empirical distribution functions per group, best median first. Pure. */
export function edfOf(
  sweep: Sweep,
  { table, figure, values }: OpenQuestion,
  query: { groupBy: readonly string[]; points: number; limit: number },
): Edf {
  const grouping = groupRuns(table, query.groupBy);
  const lists = grouping.groups.map((): number[] => []);
  const without = new Int32Array(grouping.groups.length);
  for (let row = 0; row < table.count; row += 1) {
    const place = grouping.ofRun[row] ?? 0;
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) lists[place]?.push(value);
    else if (hasEnded(table.state[row] ?? 0)) without[place] = (without[place] ?? 0) + 1;
  }
  const sorted = lists.map((list) => Float64Array.from(list).sort());
  const order = bestFirstOrder(
    sorted.map((list) => (list.length === 0 ? Number.NaN : median(list))),
    figure.better,
  );
  const shown = order.slice(0, query.limit);
  return {
    sweep: sweep.id,
    figure,
    groupedBy: grouping.groupedBy,
    groups: shown.map((place) => {
      const list = sorted[place] ?? new Float64Array(0);
      const group = grouping.groups[place]?.group ?? {};
      return { group, n: list.length, without: without[place] ?? 0, ...edfSteps(list, query.points) };
    }),
    more: order.length - shown.length,
  };
}
