import type { Figure, MetricDescriptor, SuccessCriterion, Sweep } from "@basin/contracts";
import { wilsonInterval } from "@basin/numerics";
import { closestName } from "@basin/contracts";
import { meets } from "@basin/domain";
import { findExperiment } from "@basin/problems";
import { InputError } from "../http/request-errors";
import { hasEnded, stateCode, type SweepTable } from "./sweep-table";

/** What a question asks about: the objective, or a final metric. Its values come from the table's column of that name. */
export function figureOf(sweep: Sweep, metric: string | undefined): Figure {
  const experiment = findExperiment(sweep.spec.experiment);
  const name = metric ?? sweep.objective.metric;
  const described = experiment?.metrics.find((one) => one.name === name);
  const isObjective = name === sweep.objective.metric;
  return {
    metric: name,
    isObjective,
    better: isObjective ? (sweep.objective.direction === "minimize" ? "lower" : "higher") : betterEnd(sweep, name),
    scale: described?.scale ?? "linear",
    unit: described?.unit ?? "",
    title: described?.title ?? name,
  };
}

/** Of metrics that are no objective, the success criterion says which end is good. */
function betterEnd(sweep: Sweep, name: string): Figure["better"] {
  const rule = criterionOf(sweep)?.all.find(({ metric }) => metric === name);
  if (rule) return rule.op === ">=" ? "higher" : "lower";
  const usual = findExperiment(sweep.spec.experiment)?.objective;
  return usual?.metric === name ? (usual.direction === "minimize" ? "lower" : "higher") : null;
}

export function criterionOf(sweep: Sweep): SuccessCriterion | null {
  return findExperiment(sweep.spec.experiment)?.success ?? null;
}

/** Final metrics with categories. */
export function classMetricsOf(sweep: Sweep): (MetricDescriptor & { categories: string[] })[] {
  return (findExperiment(sweep.spec.experiment)?.metrics ?? []).flatMap((metric) =>
    metric.categories && metric.final ? [{ ...metric, categories: metric.categories }] : [],
  );
}

/** Names of final metrics that are 1 or 0. */
export function shareMetricsOf(sweep: Sweep): string[] {
  return (findExperiment(sweep.spec.experiment)?.metrics ?? []).flatMap(({ name, share, final }) =>
    share && final ? [name] : [],
  );
}

/** Columns that `valuesOf` and `metOf` need. */
export function metricsNeeded(sweep: Sweep, figures: readonly Figure[], options = { success: false, classes: false }): string[] {
  return [
    ...figures.filter((figure) => !figure.isObjective).map((figure) => figure.metric),
    ...(options.success ? (criterionOf(sweep)?.all.map(({ metric }) => metric) ?? []) : []),
    ...(options.classes ? classMetricsOf(sweep).map((metric) => metric.name) : []),
  ];
}

/** Per run the figure of a succeeded run; NaN for every other one. */
export function valuesOf(table: SweepTable, figure: Figure): Float64Array {
  const column = figure.isObjective ? table.objective : table.metrics.get(figure.metric);
  const values = new Float64Array(table.count).fill(Number.NaN);
  if (!column) return values;
  for (let row = 0; row < table.count; row += 1) {
    const value = column[row] ?? Number.NaN;
    if (table.state[row] === stateCode.succeeded && Number.isFinite(value)) values[row] = value;
  }
  return values;
}

/** Throws InputError when no run has the figure and the experiment does not promise it: a misspelt name is not an empty plot. */
export function checkFigure(sweep: Sweep, figure: Figure, values: Float64Array, known: readonly string[], path: string): void {
  if (figure.isObjective || values.some((value) => !Number.isNaN(value))) return;
  const described = findExperiment(sweep.spec.experiment)?.metrics.filter((one) => one.final) ?? [];
  const names = [...new Set([...described.map((one) => one.name), ...known])];
  if (names.includes(figure.metric)) return;
  const near = closestName(figure.metric, names);
  const hint = `${near === null ? "" : `did you mean "${near}"? `}The runs have ${names.join(", ")}`;
  throw new InputError([{ path, message: `the runs of this sweep have no final metric "${figure.metric}"`, hint }]);
}

/** Per run 1 when it succeeded and meets the criterion; null without a criterion. */
export function metOf(table: SweepTable, criterion: SuccessCriterion | null): Uint8Array | null {
  if (!criterion) return null;
  const met = new Uint8Array(table.count);
  for (let row = 0; row < table.count; row += 1) {
    if (table.state[row] !== stateCode.succeeded) continue;
    const metrics: Record<string, number | null> = {};
    for (const { metric } of criterion.all) metrics[metric] = table.metrics.get(metric)?.[row] ?? null;
    met[row] = meets(criterion, metrics) ? 1 : 0;
  }
  return met;
}

export interface Success {
  met: number;
  of: number;
  rate: number;
  low: number;
  high: number;
}

/** Share with Wilson's 95 % interval; null of none. */
function successRate(met: number, of: number): Success | null {
  const interval = wilsonInterval(met, of);
  return interval && { met, of, rate: met / of, low: interval.low, high: interval.high };
}

/** Success among rows that ended by themselves; null without a criterion. */
export function successAmong(table: SweepTable, rows: Iterable<number>, met: Uint8Array | null): Success | null {
  return met && shareAmong(table, rows, (row) => met[row] === 1);
}

/** Of each such metric, the share of rows with 1 among those that ended by themselves; a diverged run has none. */
export function sharesAmong(table: SweepTable, rows: readonly number[], metrics: readonly string[]): Record<string, Success> {
  return Object.fromEntries(
    metrics.flatMap((name): [string, Success][] => {
      const column = table.metrics.get(name);
      const share = shareAmong(table, rows, (row) => table.state[row] === stateCode.succeeded && column?.[row] === 1);
      return share ? [[name, share]] : [];
    }),
  );
}

function shareAmong(table: SweepTable, rows: Iterable<number>, counts: (row: number) => boolean): Success | null {
  let hits = 0;
  let of = 0;
  for (const row of rows) {
    if (!hasEnded(table.state[row] ?? 0)) continue;
    of += 1;
    if (counts(row)) hits += 1;
  }
  return successRate(hits, of);
}
