import type { Figure, MetricPairs, QueryOf, Sweep } from "@basin/contracts";
import { pearsonCorrelation, spearmanCorrelation } from "@basin/numerics";
import { distinctRows } from "./distinct-runs";
import { countedRows } from "./evidence";
import { evenlySpread } from "./ranking";
import { groupRuns, runIdAt, type SweepTable } from "./sweep-table";

const mostGroups = 50;

/** Two figures of the runs that have both; the runs shown are evenly spread over the ranks of x. Pure. */
export function metricPairsOf(
  sweep: Sweep,
  table: SweepTable,
  sides: { x: Figure; xs: Float64Array; y: Figure; ys: Float64Array; met: Uint8Array | null },
  query: QueryOf<"getMetricPairs"> & { groupBy: readonly string[] },
): MetricPairs {
  const { xs, ys, met } = sides;
  const grouping = groupRuns(table, query.groupBy);
  const rows = countedRows(grouping).rows.filter((row) => !Number.isNaN(xs[row]) && !Number.isNaN(ys[row]));
  const correlated = distinctRows(table, rows).rows;
  const allX = Float64Array.from(correlated, (row) => xs[row] ?? 0);
  const allY = Float64Array.from(correlated, (row) => ys[row] ?? 0);
  rows.sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0) || a - b);
  const shown = evenlySpread(rows.length, query.limit).map((i) => rows[i] ?? 0);
  return {
    sweep: sweep.id,
    x: sides.x,
    y: sides.y,
    groupedBy: grouping.groupedBy,
    groups: grouping.groups.slice(0, mostGroups).map(({ group }) => group),
    runs: shown.map((row) => runIdAt(table, row)),
    seeds: shown.map((row) => table.seed[row] ?? 0),
    group: shown.map((row) => {
      const place = grouping.ofRun[row] ?? 0;
      return place < mostGroups ? place : -1;
    }),
    xs: shown.map((row) => xs[row] ?? 0),
    ys: shown.map((row) => ys[row] ?? 0),
    met: met ? shown.map((row) => met[row] === 1) : [],
    pearson: pearsonCorrelation(allX, allY),
    spearman: spearmanCorrelation(allX, allY),
    coverage: { shown: shown.length, of: rows.length },
  };
}
