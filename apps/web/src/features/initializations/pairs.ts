import type { MetricPairs } from "@basin/contracts";
import { formatNumber, type PairedRuns } from "@basin/ui";
import { type GroupLooks } from "../sweep-parts/groups";

/** Pairs by group, in the groups' order; runs of groups that are not listed come last, together. */
export function pairedRuns(
  pairs: Pick<MetricPairs, "groups" | "group" | "runs" | "xs" | "ys" | "met">,
  looks: GroupLooks,
): PairedRuns[] {
  const of = (at: number) =>
    pairs.runs.flatMap((id, i) =>
      (pairs.group[i] ?? -1) === at
        ? [{ id, x: pairs.xs[i] ?? NaN, y: pairs.ys[i] ?? NaN, met: pairs.met.length > 0 ? (pairs.met[i] ?? false) : null }]
        : [],
    );
  const listed = pairs.groups.map((group, at) => ({
    name: looks.nameOf(group),
    style: looks.lookOf(group),
    runs: of(at),
  }));
  return [...listed, { name: "further groups", style: 7, runs: of(-1) }].filter(({ runs }) => runs.length > 0);
}

/** Both correlations in words. They are undefined for fewer than three runs, and where a figure is the same in all of them. */
export function correlations({ spearman, pearson, coverage }: Pick<MetricPairs, "spearman" | "pearson" | "coverage">): string {
  if (coverage.of < 3) return "too few for a correlation";
  if (spearman === null && pearson === null) return "no correlation is defined, as one figure is the same in all of them";
  return `Spearman's ρ = ${formatNumber(spearman, 3)}, Pearson's r = ${formatNumber(pearson, 3)}`;
}
