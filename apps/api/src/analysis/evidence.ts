import type { Figure, Sweep } from "@basin/contracts";
import { median } from "@basin/numerics";
import { findExperiment } from "@basin/problems";
import { successAmong } from "./figures";
import type { OpenQuestion } from "./questions.service";
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

/**
 * The median over finished runs, those without a value counting as the worst: infinite where they are the majority, the worst of the values
 * where they are exactly half. NaN for none.
 */
export function medianWithFailures({ values, without }: GroupEvidence, better: Figure["better"]): number {
  const worst = worstValue(better);
  if (worst === null) return values.length === 0 ? Number.NaN : median(values);
  if (values.length + without === 0) return Number.NaN;
  if (values.length === without) return (better === "lower" ? values.at(-1) : values[0]) ?? worst;
  return median([...values, ...new Array<number>(without).fill(worst)]);
}

/**
 * Groups of a sweep's rows by how well their runs did, the best first: by the figure, and before it by the success rate where the figure
 * is the one that the experiment itself is judged by.
 */
export function rankedRows(
  sweep: Sweep,
  { table, figure, values, met }: Pick<OpenQuestion, "table" | "figure" | "values" | "met">,
  groups: readonly (readonly number[])[],
): number[] {
  const usual = findExperiment(sweep.spec.experiment)?.objective;
  const bySuccess = met !== null && figure.isObjective && figure.metric === usual?.metric;
  return rankedGroups(
    groups.map((rows) => evidenceOf(table, rows, values)),
    figure.better,
    bySuccess ? groups.map((rows) => successAmong(table, rows, met)?.rate ?? null) : null,
  );
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
