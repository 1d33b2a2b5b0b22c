import type { ChangeV2, Run, RunSeries, Series, Sweep } from "@basin/contracts";

export type SweepChange = Extract<ChangeV2, { type: "sweep" }>;
type RunsChange = Extract<ChangeV2, { type: "runs" }>;
export type RunChange = RunsChange["runs"][number];
export type MetricPoint = Extract<ChangeV2, { type: "metrics" }>["points"][number];

/** A sweep after a change of it; the same object when the change is about another one. */
export function withSweepChange<S extends Sweep>(sweep: S, change: SweepChange): S {
  if (sweep.id !== change.sweep) return sweep;
  return { ...sweep, state: change.state, counts: change.counts, best: change.best };
}

/** `before` itself when `after` holds the same values in the same places, so that nothing is rendered again for nothing. */
const keepIfSame = <T>(before: readonly T[], after: readonly T[]): readonly T[] =>
  before.length === after.length && after.every((value, i) => value === before[i]) ? before : after;

/** Runs after changes of some of them; the same array when none of them is among `runs`. An older attempt changes nothing. */
export function withRunChanges<R extends Run>(runs: readonly R[], changes: ReadonlyMap<string, RunChange>): readonly R[] {
  const next = runs.map((run) => {
    const change = changes.get(run.id);
    if (!change || change.attempt < run.attempt) return run;
    if (
      change.state === run.state &&
      change.attempt === run.attempt &&
      change.objective === run.objective &&
      change.trainer === run.trainer
    )
      return run;
    return { ...run, state: change.state, attempt: change.attempt, objective: change.objective, trainer: change.trainer };
  });
  return keepIfSame(runs, next);
}

/** A series after its newest point: appended, or begun anew by a newer attempt. Older attempts and steps change nothing. */
export function withPoint(series: Series, point: MetricPoint): Series {
  if (point.attempt < series.attempt) return series;
  if (point.attempt > series.attempt)
    return { ...series, attempt: point.attempt, points: 1, steps: [point.step], values: [point.value] };
  const last = series.steps.at(-1);
  if (last !== undefined && point.step <= last) return series;
  return {
    ...series,
    points: series.points + 1,
    steps: [...series.steps, point.step],
    values: [...series.values, point.value],
  };
}

/** The newest points by run and metric, as `withPoints` wants them. Later points of the same series win. */
export function newestPoints(points: readonly MetricPoint[]): Map<string, Map<string, MetricPoint>> {
  const newest = new Map<string, Map<string, MetricPoint>>();
  for (const point of points) {
    const ofRun = newest.get(point.run) ?? new Map<string, MetricPoint>();
    newest.set(point.run, ofRun);
    const known = ofRun.get(point.metric);
    if (!known || point.attempt > known.attempt || (point.attempt === known.attempt && point.step > known.step))
      ofRun.set(point.metric, point);
  }
  return newest;
}

/** Every series of one run with its newest points. Metrics that are not among them are left to the next read. */
export function withPointsOfRun(run: RunSeries, newest: ReadonlyMap<string, ReadonlyMap<string, MetricPoint>>): RunSeries {
  const points = newest.get(run.run);
  if (!points) return run;
  const series = run.series.map((each) => {
    const point = points.get(each.metric);
    return point ? withPoint(each, point) : each;
  });
  return keepIfSame(run.series, series) === series ? { ...run, series } : run;
}

/**
 * One metric of many runs with its newest points; a run that reports for the first time is added while there are fewer than
 * `limit`. The same array when nothing changed.
 */
export function withPoints(
  runs: readonly RunSeries[],
  newest: ReadonlyMap<string, ReadonlyMap<string, MetricPoint>>,
  metric: string,
  limit: number,
): readonly RunSeries[] {
  const next = runs.map((run) => withPointsOfRun(run, newest));
  const known = new Set<string>(runs.map(({ run }) => run));
  for (const points of newest.values()) {
    const point = points.get(metric);
    if (!point || known.has(point.run) || next.length >= limit) continue;
    const series = { metric: point.metric, attempt: point.attempt, points: 1, steps: [point.step], values: [point.value] };
    next.push({ run: point.run, series: [series] });
  }
  return keepIfSame(runs, next);
}
