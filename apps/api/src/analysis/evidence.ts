import type { Figure } from "@basin/contracts";
import { median } from "@basin/numerics";
import { ascending } from "./ranking";
import { hasEnded, type SweepTable } from "./sweep-table";

/** What a finished run without a finite value counts as: worse than any value. Null where neither end of the figure is good. */
export function worstValue(better: Figure["better"]): number | null {
  if (better === null) return null;
  return better === "lower" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** What the finished runs of a group say about a figure. */
export interface GroupEvidence {
  /** Finite values, ascending. */
  values: Float64Array;
  /** Runs that ended by themselves without one: diverged, failed, or the figure is undefined. */
  without: number;
}

export function evidenceOf(table: SweepTable, rows: Iterable<number>, values: Float64Array): GroupEvidence {
  const finite: number[] = [];
  let without = 0;
  for (const row of rows) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) finite.push(value);
    else if (hasEnded(table.state[row] ?? 0)) without += 1;
  }
  return { values: Float64Array.from(finite).sort(), without };
}

/** The median over finished runs, those without a value counting as the worst: infinite where they are the majority. NaN for none. */
export function medianWithFailures({ values, without }: GroupEvidence, better: Figure["better"]): number {
  const worst = worstValue(better);
  if (worst === null) return values.length === 0 ? Number.NaN : median(values);
  return values.length + without === 0 ? Number.NaN : median([...values, ...new Array<number>(without).fill(worst)]);
}

/**
 * Groups by how well their runs did, the best first: by success rate where one is given, then by the median that counts failures, then by
 * the share of runs with a value, then by the median of these; groups without a finished run last; ties in the order given.
 */
export function rankedGroups(
  groups: readonly GroupEvidence[],
  better: Figure["better"],
  rates: readonly (number | null)[] | null = null,
): number[] {
  const sign = better === "higher" ? -1 : 1;
  const keys = groups.map((group, i) => [
    rates === null ? 0 : -(rates[i] ?? Number.NaN),
    sign * medianWithFailures(group, better),
    group.without / (group.without + group.values.length),
    sign * (group.values.length === 0 ? Number.NaN : median(group.values)),
  ]);
  return groups
    .map((_, i) => i)
    .sort((a, b) => {
      for (let k = 0; k < 4; k += 1) {
        const [x, y] = [keys[a]?.[k] ?? Number.NaN, keys[b]?.[k] ?? Number.NaN];
        const order = x === y ? 0 : ascending(x, y);
        if (order !== 0) return order;
      }
      return a - b;
    });
}
