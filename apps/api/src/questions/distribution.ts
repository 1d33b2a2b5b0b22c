import {
  RunState,
  type BoxStatistics,
  type Distribution,
  type DistributionGroup,
  type MetricDescriptor,
  type QueryOf,
  type Sweep,
} from "@basin/contracts";
import { sortedQuantile } from "@basin/numerics";
import { countedRows, evidenceOf, halfIsWithout, leftOutOf, rankedGroups, type GroupEvidence } from "./evidence";
import { successAmong } from "./figures";
import type { OpenQuestion } from "./questions.service";
import { bestFirstOrder, thinned } from "./ranking";
import { summaryOf } from "./summaries";
import {
  groupRuns,
  hasEnded,
  isUnfinished,
  rowsByGroup,
  runIdAt,
  stateCode,
  type RunGroup,
  type SweepTable,
} from "./sweep-table";

/** Null for none. `sorted` ascends. */
function boxOf(sorted: readonly number[]): BoxStatistics | null {
  const min = sorted[0];
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) return null;
  const q1 = sortedQuantile(sorted, 0.25);
  const q3 = sortedQuantile(sorted, 0.75);
  const reach = 1.5 * (q3 - q1);
  const whiskerLow = sorted.find((value) => value >= q1 - reach) ?? min;
  const whiskerHigh = sorted.findLast((value) => value <= q3 + reach) ?? max;
  const outliers = sorted.filter((value) => value < whiskerLow || value > whiskerHigh).length;
  return {
    min,
    whiskerLow,
    q1,
    median: sortedQuantile(sorted, 0.5),
    q3,
    whiskerHigh,
    max,
    mean: summaryOf(sorted).mean ?? min,
    outliers,
  };
}

interface Filled {
  group: RunGroup;
  rows: number[];
  /** Rows with a value, by value. */
  ranked: number[];
  box: BoxStatistics | null;
  evidence: GroupEvidence;
  rate: number;
}

/** The figure over the runs of each group. Pure. */
export function distributionOf(
  sweep: Sweep,
  { table, figure, values, met, criterion }: OpenQuestion,
  classified: readonly (MetricDescriptor & { categories: string[] })[],
  query: QueryOf<"getDistribution"> & { groupBy: readonly string[] },
): Distribution {
  const grouping = groupRuns(table, query.groupBy);
  const rowsOf = rowsByGroup(grouping);
  const groups = grouping.groups.map((group, place): Filled => {
    const rows = rowsOf[place] ?? [];
    const ranked = rows.filter((row) => !Number.isNaN(values[row])).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
    const box = boxOf(ranked.map((row) => values[row] ?? 0));
    const evidence = evidenceOf(table, rows, values);
    return { group, rows, ranked, box, evidence, rate: successAmong(table, rows, met)?.rate ?? Number.NaN };
  });
  const order = orderOf(groups, query.sort, figure.better);
  const shown = order.slice(0, query.limit);
  const budget = Math.min(query.points, Math.floor(query.pointsInAll / Math.max(1, shown.length)));
  return {
    sweep: sweep.id,
    figure,
    groupedBy: grouping.groupedBy,
    criterion: criterion?.text ?? null,
    leftOut: leftOutOf(
      table,
      countedRows(grouping),
      values,
      figure.better === null ? "they are left out" : "they count as the worst in the order of groups, and have no point",
    ),
    more: order.length - shown.length,
    groups: shown.flatMap((place): DistributionGroup[] => {
      const one = groups[place];
      if (!one) return [];
      const points = thinned(one.ranked, budget);
      return [
        {
          group: one.group.group,
          trialCount: one.group.trialCount,
          counts: countsOf(table, one.rows),
          repeats: grouping.repeats[place] ?? 0,
          n: one.ranked.length,
          box: one.box,
          points: {
            runs: points.map((row) => runIdAt(table, row)),
            seeds: points.map((row) => table.seed[row] ?? 0),
            values: points.map((row) => values[row] ?? 0),
          },
          success: successAmong(table, one.rows, met),
          classes: classesOf(table, one.rows, classified),
        },
      ];
    }),
  };
}

function orderOf(
  groups: readonly Filled[],
  sort: QueryOf<"getDistribution">["sort"],
  better: "lower" | "higher" | null,
): number[] {
  switch (sort) {
    case "index":
      return groups.map((_, i) => i);
    case "median":
      return rankedGroups(
        groups.map(({ evidence }) => evidence),
        better,
      );
    case "mean":
      return mostlyFinishedFirst(
        groups,
        bestFirstOrder(
          groups.map(({ box }) => box?.mean ?? Number.NaN),
          better,
        ),
      );
    case "spread":
      return mostlyFinishedFirst(
        groups,
        bestFirstOrder(
          groups.map(({ box }) => (box ? box.q3 - box.q1 : Number.NaN)),
          "lower",
        ),
      );
    case "success":
      return rankedGroups(
        groups.map(({ evidence }) => evidence),
        better,
        groups.map(({ rate }) => rate),
      );
  }
}

function mostlyFinishedFirst(groups: readonly Filled[], order: readonly number[]): number[] {
  const last = (place: number): boolean => halfIsWithout(groups[place]?.evidence ?? { values: new Float64Array(), without: 0 });
  return [...order.filter((place) => !last(place)), ...order.filter(last)];
}

export function countsOf(table: SweepTable, rows: readonly number[]): DistributionGroup["counts"] {
  const counts = { total: rows.length, succeeded: 0, diverged: 0, failed: 0, cancelled: 0, pruned: 0, unfinished: 0 };
  for (const row of rows) {
    const code = table.state[row] ?? 0;
    if (isUnfinished(code)) counts.unfinished += 1;
    else counts[RunState.options[code] as "succeeded" | "diverged" | "failed" | "cancelled" | "pruned"] += 1;
  }
  return counts;
}

export function classesOf(
  table: SweepTable,
  rows: readonly number[],
  classified: readonly (MetricDescriptor & { categories: string[] })[],
): DistributionGroup["classes"] {
  return Object.fromEntries(
    classified.map(({ name, categories }) => {
      const column = table.metrics.get(name);
      const counts = categories.map(() => 0);
      for (const row of rows) {
        const diverged = table.state[row] === stateCode.diverged;
        const value = diverged ? categories.indexOf("diverged") : (column?.[row] ?? Number.NaN);
        if (hasEnded(table.state[row] ?? 0) && counts[value] !== undefined) counts[value] += 1;
      }
      return [name, { categories, counts }];
    }),
  );
}
