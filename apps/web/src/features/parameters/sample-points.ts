import type { ParameterAxis, ParameterSample, ParameterValue, PlotAxis } from "@basin/contracts";
import { type Coordinate, formatCount, formatParameter, mergedPlaces, type PlacedRun } from "@basin/ui";

/** Positive numbers whose ratios are more alike than their differences, e.g. 3e-4, 1e-3, 3e-3. */
export function evenlyInLog(values: readonly ParameterValue[]): boolean {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  if (numbers.length < 3 || numbers.length !== values.length || (numbers[0] ?? 0) <= 0) return false;
  const unevenness = (of: (value: number) => number): number => {
    const gaps = numbers.slice(1).map((value, i) => of(value) - of(numbers[i] ?? 0));
    return Math.max(...gaps) / Math.min(...gaps);
  };
  return unevenness(Math.log) < unevenness((value) => value);
}

/** A parameter's axis for a plot: logarithmic as it was searched, or where its values are spread like that. */
export const parameterPlotAxis = ({ title, unit, scale, kind, min, max, values }: ParameterAxis): PlotAxis => {
  const wide = min !== null && max !== null && min > 0 && max / min > 20;
  return {
    label: title,
    unit,
    scale: kind === "number" && (scale === "log" || wide || evenlyInLog(values ?? [])) ? "log" : "linear",
  };
};

/** Numbers stay numbers on an axis of numbers; everything else is written as a person would. */
function axisValue(axis: Pick<ParameterAxis, "kind">, value: ParameterValue | null | undefined): number | string | null {
  if (value === null || value === undefined) return null;
  return axis.kind === "number" && typeof value === "number" ? value : formatParameter(value);
}

const namesOf = (sample: ParameterSample, at: number): { id: string; label: string } => {
  const trial = sample.trials[at] ?? 0;
  const run = sample.runs[at];
  return run === undefined ? { id: `${sample.sweep}-${trial}`, label: `trial ${trial}` } : { id: run, label: `run ${run}` };
};

/** Positions of the items with a value, best first. */
export const valuedItems = (sample: ParameterSample): number[] =>
  sample.values.flatMap((value, at) => (value === null ? [] : [at]));

/** Points beyond this lie on one another, and every one costs time to draw. */
const mostPoints = 400;

/** At most `most` of what is sorted best first, evenly spread over the ranks, the best and the worst among them. */
export function thinned<T>(items: readonly T[], most = mostPoints): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]).filter(
    (item) => item !== undefined,
  );
}

/** Says what `thinned` left out; nothing where all are drawn. */
export const drawnText = (items: number, per: ParameterSample["per"]): string =>
  items > mostPoints
    ? `${mostPoints} of ${formatCount(items)} ${per === "trial" ? "configurations" : "runs"} are drawn, evenly spread over the ranks.`
    : "";

/** Says how many of `runs` share a dot with others; nothing where each has its own. */
export function mergedText(runs: readonly PlacedRun[], per: ParameterSample["per"]): string {
  const places = mergedPlaces(runs);
  if (places.length === runs.length) return "";
  const what = per === "trial" ? "configurations" : "runs";
  const shared = places.filter(({ count }) => count > 1);
  const merged = shared.reduce((sum, { count }) => sum + count, 0);
  const most = shared.reduce((high, { count }) => Math.max(high, count), 0);
  return `${formatCount(places.length)} dots stand for ${formatCount(runs.length)} ${what}: ${formatCount(merged)} ${what} share ${formatCount(shared.length)} of the dots, up to ${formatCount(most)} in one, each with their mean.`;
}

/** Parallel coordinates: every parameter and the figure last; `items`: what each line is. */
export function sampleCoordinates(sample: ParameterSample, value: PlotAxis): { items: number[]; coordinates: Coordinate[] } {
  const items = valuedItems(sample);
  return {
    items,
    coordinates: [
      ...sample.axes.map((axis) => ({
        axis: parameterPlotAxis(axis),
        values: items.map((at) => axisValue(axis, sample.parameters[axis.name]?.[at])),
        absent: "does not apply",
      })),
      { axis: value, values: items.map((at) => sample.values[at] ?? null) },
    ],
  };
}

/** Items with their value and trial, for slices, with the parameters' values beside them. */
export function samplePoints(sample: ParameterSample) {
  const items = thinned(valuedItems(sample));
  return {
    points: items.map((at) => ({ ...namesOf(sample, at), value: sample.values[at] ?? NaN, trial: sample.trials[at] ?? 0 })),
    parameters: sample.axes.map((axis) => ({
      axis: parameterPlotAxis(axis),
      values: items.map((at) => axisValue(axis, sample.parameters[axis.name]?.[at])),
    })),
  };
}

/** Items placed by two parameters; those without one of them are left out. */
export const placedItems = (sample: ParameterSample, x: ParameterAxis, y: ParameterAxis): PlacedRun[] =>
  valuedItems(sample).flatMap((at) => {
    const [left, up] = [axisValue(x, sample.parameters[x.name]?.[at]), axisValue(y, sample.parameters[y.name]?.[at])];
    return left === null || up === null ? [] : [{ ...namesOf(sample, at), value: sample.values[at] ?? NaN, x: left, y: up }];
  });
