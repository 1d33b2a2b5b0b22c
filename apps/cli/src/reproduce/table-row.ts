import type { ExperimentDescriptor, ResultGroup } from "@basin/contracts";
import { parameterText } from "../terminal/number-format";
import type { Bound, Plan, Reading } from "./plan";

/** A line of the table, and of the report. */
export interface TableRow {
  experiment: string;
  plan: string;
  setting: string;
  /** The group of the sweep that the row is about, e.g. "noise 0.01"; empty: all of it. */
  group: string;
  metric: string;
  title: string;
  source: string | null;
  /** Null when no run gave a figure. */
  ours: number | null;
  min: number | null;
  max: number | null;
  /** Runs behind the figure. */
  n: number;
  classes: Record<string, number> | null;
  criterion: string | null;
  /** Null: there is no criterion, or it could not be judged; the remark says why. */
  met: boolean | null;
  remark: string;
  sweep: string | null;
}

/** What is known of a plan's sweep when its rows are written. */
export interface MeasuredPlan {
  plan: Plan;
  experiment: ExperimentDescriptor;
  /** Of every configuration. */
  groups: readonly ResultGroup[];
  /** Rank correlations over all runs by the reading that asks for them. Left out: none is asked for. */
  correlations?: ReadonlyMap<Reading, RankCorrelation>;
  /** Null: there is none, because the API refused it. */
  sweep: string | null;
  /** Null: the criteria can be judged. Otherwise why not. */
  unjudged: string | null;
}

export interface RankCorrelation {
  /** Spearman's ρ; null where one side does not vary. */
  rho: number | null;
  runs: number;
}

/** The figure of another plan that is read in the same way; null when it was not measured. */
export type FigureOf = (plan: string, reading: Reading) => number | null;

/** What a plan's runs give for a reading, before it is compared with another plan's. */
export function figureOf(measurement: MeasuredPlan, reading: Reading): number | null {
  const { groups, experiment } = measurement;
  return valueOf(reading, groups, boundOf(experiment, reading), measurement.correlations?.get(reading)).ours;
}

interface Value {
  ours: number | null;
  min: number | null;
  max: number | null;
  n: number;
  classes?: Record<string, number>;
}

const nothing: Value = { ours: null, min: null, max: null, n: 0 };

/**
 * The rows of a plan: its readings; where one of them is about the experiment's criterion also its thresholds that none of them names and
 * how many runs met it. `figureOf` gives another plan's figure for readings with `minus` or `over`.
 */
export function tableRows(measurement: MeasuredPlan, figureOf: FigureOf): TableRow[] {
  const { plan, experiment } = measurement;
  const claimed = plan.readings.some(({ want }) => want === "criterion");
  const named = new Set(plan.readings.map(({ metric }) => metric));
  const thresholds = claimed && !plan.swept && !plan.space ? (experiment.success?.all ?? []) : [];
  const own = thresholds
    .filter(({ metric }) => !named.has(metric))
    .map(({ metric }): Reading => ({ metric, read: "median", want: "criterion" }));
  const share: Reading[] = claimed && !named.has("success") ? [{ metric: "success", read: "success" }] : [];
  return [...plan.readings, ...own, ...share].map((reading) => tableRow(measurement, reading, figureOf));
}

function tableRow(measurement: MeasuredPlan, reading: Reading, figureOf: FigureOf): TableRow {
  const { plan, experiment, groups, sweep, unjudged } = measurement;
  const chosen = groups.filter(({ group }) =>
    Object.entries(reading.where ?? {}).every(([name, value]) => JSON.stringify(group[name]) === JSON.stringify(value)),
  );
  const bound = boundOf(experiment, reading);
  const value = compared(valueOf(reading, chosen, bound, measurement.correlations?.get(reading)), reading, figureOf);
  const { ours } = value;
  const why = bound === null ? null : (unjudged ?? absent(reading, chosen) ?? (ours === null ? "no run gave this figure" : null));
  const met = bound === null || why !== null || ours === null ? null : keeps(ours, bound);
  const lost = lostRuns(chosen);
  const remarks = [
    why,
    lost,
    reading.remark,
    met === false ? (reading.missed ?? "missed; see the experiment's description") : null,
  ];
  return {
    experiment: experiment.id,
    plan: plan.id,
    setting: plan.setting,
    group: Object.entries(reading.where ?? {})
      .map(([name, one]) => `${name} ${parameterText(one)}`)
      .join(", "),
    metric: reading.metric,
    title: titleOf(experiment, reading),
    source: reading.source ?? null,
    ours,
    min: value.min,
    max: value.max,
    n: value.n,
    classes: value.classes ?? null,
    criterion: bound === null ? null : `${bound.op} ${parameterText(bound.value)}`,
    met,
    remark: remarks.filter((text) => text !== null && text !== undefined && text !== "").join("; "),
    sweep,
  };
}

function compared(value: Value, reading: Reading, figureOf: FigureOf): Value {
  const { minus, over } = reading;
  if (minus === undefined && over === undefined) return value;
  const [less, divisor] = [minus === undefined ? 0 : figureOf(minus, reading), over === undefined ? 1 : figureOf(over, reading)];
  const ours = value.ours === null || less === null || divisor === null ? null : (value.ours - less) / divisor;
  return { ...value, ours, min: null, max: null };
}

/** Why the criterion has nothing to be judged by; null: it has. */
function absent({ unless }: Reading, groups: readonly ResultGroup[]): string | null {
  if (!unless) return null;
  const { classes = {} } = valueOf({ metric: unless.metric, read: "classes" }, groups, null);
  return (classes[unless.category] ?? 0) > 0 ? unless.why : null;
}

function titleOf(experiment: ExperimentDescriptor, { metric, read, minus, over, against }: Reading): string {
  if (read === "success") return "runs that meet the criterion";
  const named = (wanted: string): string => experiment.metrics.find(({ name }) => name === wanted)?.title ?? wanted;
  const title = named(metric);
  if (read === "rank-correlation") return `${title}: Spearman's correlation with ${named(against ?? metric)}`;
  if (over !== undefined) return `${title}: divided by that of ${over}`;
  return minus === undefined ? title : `${title}: difference`;
}

function boundOf(experiment: ExperimentDescriptor, { metric, want }: Reading): Bound | null {
  if (want !== "criterion") return want ?? null;
  const threshold = experiment.success?.all.find((one) => one.metric === metric);
  return threshold ? { op: threshold.op, value: threshold.value } : null;
}

function keeps(value: number, { op, value: limit }: Bound): boolean {
  return op === ">=" ? value >= limit : value <= limit;
}

function valueOf(
  { metric, read }: Reading,
  groups: readonly ResultGroup[],
  bound: Bound | null,
  correlation?: RankCorrelation,
): Value {
  const total = (pick: (group: ResultGroup) => number): number => groups.reduce((sum, group) => sum + pick(group), 0);
  const finished = total(({ counts }) => counts.succeeded + counts.diverged);
  switch (read) {
    case "median": {
      const statistics = groups[0]?.metrics[metric];
      if (groups.length !== 1 || !statistics) return nothing;
      return { ours: statistics.median, min: statistics.min, max: statistics.max, n: statistics.n };
    }
    case "best": {
      const medians = groups.flatMap((group) => {
        const statistics = group.metrics[metric];
        const { succeeded, diverged, failed } = group.counts;
        const share = (statistics?.n ?? 0) / (succeeded + diverged + failed);
        return statistics && statistics.median !== null ? [{ ...statistics, median: statistics.median, share }] : [];
      });
      const sign = bound?.op === "<=" ? 1 : -1;
      // Where half of the runs have no figure the median over all of them is none: such a group is best only among its like.
      const lacking = ({ share }: { share: number }): number => (share > 0.5 ? 0 : 1 - share);
      const [best] = medians.sort((a, b) => lacking(a) - lacking(b) || sign * (a.median - b.median));
      return best ? { ours: best.median, min: best.min, max: best.max, n: best.n } : nothing;
    }
    case "share":
      return rate(
        total(({ shares }) => shares[metric]?.met ?? 0),
        total(({ shares }) => shares[metric]?.of ?? 0),
      );
    case "success":
      return rate(
        total(({ success }) => success?.met ?? 0),
        total(({ success }) => success?.of ?? 0),
      );
    case "rank-correlation":
      return correlation ? correlated(correlation) : nothing;
    case "classes": {
      const counts: Record<string, number> = {};
      for (const group of groups) {
        const found = group.classes[metric];
        found?.categories.forEach((name, i) => (counts[name] = (counts[name] ?? 0) + (found.counts[i] ?? 0)));
      }
      const unnamed = finished - Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (unnamed > 0) counts["without a class"] = unnamed;
      return { ...nothing, n: finished, classes: counts };
    }
  }
}

/** Share with Wilson's 95 % interval (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927)). */
function rate(met: number, of: number): Value {
  if (of === 0) return nothing;
  const z = 1.959963984540054;
  const share = met / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return { ours: share, min: Math.max(0, middle - half), max: Math.min(1, middle + half), n: of };
}

/**
 * Spearman's ρ with a 95 % interval: of Fisher's artanh ρ, whose standard error for ranks is √((1 + ρ²/2)/(n − 3)) (D. G. Bonett, T. A. Wright,
 * Psychometrika 65 (2000)).
 */
function correlated({ rho, runs }: RankCorrelation): Value {
  if (rho === null) return { ...nothing, n: runs };
  if (runs < 4 || Math.abs(rho) >= 1) return { ours: rho, min: rho, max: rho, n: runs };
  const half = 1.959963984540054 * Math.sqrt((1 + rho ** 2 / 2) / (runs - 3));
  const middle = Math.atanh(rho);
  return { ours: rho, min: Math.tanh(middle - half), max: Math.tanh(middle + half), n: runs };
}

function lostRuns(groups: readonly ResultGroup[]): string | null {
  const sum = (pick: (counts: ResultGroup["counts"]) => number): number =>
    groups.reduce((all, { counts }) => all + pick(counts), 0);
  const parts = [
    { name: "failed", runs: sum(({ failed }) => failed) },
    { name: "diverged", runs: sum(({ diverged }) => diverged) },
    { name: "did not finish", runs: sum(({ unfinished, cancelled }) => unfinished + cancelled) },
  ].filter(({ runs }) => runs > 0);
  const runs = sum(({ total }) => total);
  return parts.length === 0 ? null : `of ${runs} runs ${parts.map((part) => `${part.runs} ${part.name}`).join(", ")}`;
}
