import { csvRecord } from "@basin/contracts";

/** One line of a chart. `steps` ascend; `values[i]` belongs to `steps[i]`, null where there is no finite number. */
export interface Curve {
  id: string;
  /** Names the line where a person points at it. */
  label: string;
  /** Lines of one group share their look and their legend entry. */
  group: string;
  /** Number of the group's look, see `seriesStyle`. */
  style: number;
  steps: readonly number[];
  values: readonly (number | null)[];
  /** Edges of a band around the line, same length as `values`. */
  band?: { low: readonly (number | null)[]; high: readonly (number | null)[] };
  /** Said beside the value where a person points at it, e.g. "n = 5". */
  note?: (index: number) => string;
}

export interface ChartAxis {
  label: string;
  /** Empty: dimensionless. */
  unit: string;
}

export const axisTitle = ({ label, unit }: ChartAxis): string => (unit === "" ? label : `${label} (${unit})`);

/** Curves on one common ascending axis, as uPlot draws them: undefined = this curve has no point here, null = a gap. */
export interface AlignedCurves {
  steps: number[];
  /** Per curve: value, and low and high where it has a band. */
  columns: (number | null | undefined)[][];
}

/**
 * Puts curves on one axis. With more than `maxSteps` different steps in all they are moved into bins (less than a pixel wide) of two places
 * each, where every curve keeps its least and its greatest value in the order in which they came, and a band its widest edges: a curve loses
 * no spike, and is drawn the same whatever lies beside it. On a logarithmic axis values ≤ 0 become gaps, and steps ≤ 0 have no place.
 */
export function alignCurves(
  curves: readonly Curve[],
  scale: "linear" | "log",
  maxSteps = 4000,
  xScale: "linear" | "log" = "linear",
): AlignedCurves {
  const all = new Set<number>();
  for (const curve of curves) for (const step of curve.steps) if (xScale === "linear" || step > 0) all.add(step);
  const steps = Float64Array.from(all).sort();
  const drawable = (value: number | null | undefined): number | null =>
    value === null || value === undefined || (scale === "log" && value <= 0) ? null : value;
  return steps.length > maxSteps ? binned(curves, steps, drawable, maxSteps, xScale) : joined(curves, steps, drawable);
}

type Drawable = (value: number | null | undefined) => number | null;

const columnsOf = (curve: Curve): Curve["values"][] => [curve.values, ...(curve.band ? [curve.band.low, curve.band.high] : [])];

function joined(curves: readonly Curve[], steps: Float64Array, drawable: Drawable): AlignedCurves {
  const position = new Map<number, number>();
  for (const [i, step] of steps.entries()) position.set(step, i);
  const columns = curves.flatMap((curve) =>
    columnsOf(curve).map((values) => {
      const column = new Array<number | null | undefined>(steps.length).fill(undefined);
      for (const [i, step] of curve.steps.entries()) {
        const at = position.get(step);
        if (at !== undefined) column[at] = drawable(values[i]);
      }
      return column;
    }),
  );
  return { steps: [...steps], columns };
}

function binned(
  curves: readonly Curve[],
  steps: Float64Array,
  drawable: Drawable,
  maxSteps: number,
  xScale: "linear" | "log",
): AlignedCurves {
  const onAxis = xScale === "log" ? Math.log10 : (step: number) => step;
  const fromAxis = xScale === "log" ? (at: number) => 10 ** at : (at: number) => at;
  const bins = Math.max(1, Math.floor(maxSteps / 2));
  const start = onAxis(steps[0] ?? 0);
  const width = (onAxis(steps.at(-1) ?? 0) - start) / bins;
  const binOf = (step: number): number => Math.min(bins - 1, Math.floor((onAxis(step) - start) / width));
  const used = [...new Set(Array.from(steps, binOf))];
  const place = new Map(used.map((bin, i) => [bin, i]));
  const columns = curves.flatMap((curve) => {
    const [values, low, high] = columnsOf(curve).map(() => new Array<number | null | undefined>(2 * used.length).fill(undefined));
    const write = (bin: number, from: number, to: number): void => {
      const at = 2 * (place.get(bin) ?? 0);
      let [least, greatest, gap] = [-1, -1, false];
      let [bottom, top] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let i = from; i < to; i += 1) {
        const value = drawable(curve.values[i]);
        if (value === null) gap = true;
        else {
          if (least < 0 || value < (curve.values[least] ?? 0)) least = i;
          if (greatest < 0 || value > (curve.values[greatest] ?? 0)) greatest = i;
        }
        bottom = Math.min(bottom, drawable(curve.band?.low[i]) ?? Number.POSITIVE_INFINITY);
        top = Math.max(top, drawable(curve.band?.high[i]) ?? Number.NEGATIVE_INFINITY);
      }
      const [first, second] = least < greatest ? [least, greatest] : [greatest, least];
      if (values && least >= 0)
        [values[at], values[at + 1]] = [curve.values[first], first === second ? undefined : curve.values[second]];
      else if (values && gap) values[at] = null;
      if (low && high && bottom <= top) for (const k of [at, at + 1]) [low[k], high[k]] = [bottom, top];
      else if (low && high) [low[at], high[at]] = [null, null];
    };
    let from = 0;
    for (let i = 0; i < curve.steps.length; i += 1) {
      const step = curve.steps[i] ?? 0;
      if (xScale === "log" && step <= 0) {
        from = i + 1;
        continue;
      }
      const next = curve.steps[i + 1];
      const bin = binOf(step);
      if (next !== undefined && binOf(next) === bin) continue;
      write(bin, from, i + 1);
      from = i + 1;
    }
    return [values, low, high].filter((column) => column !== undefined);
  });
  const centres = used.flatMap((bin) => [fromAxis(start + (bin + 0.25) * width), fromAxis(start + (bin + 0.75) * width)]);
  return { steps: centres, columns };
}

/** Position of the step of a curve nearest to a place on the axis; −1 for a curve without points. */
export function nearestStep({ steps }: Pick<Curve, "steps">, at: number): number {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const before = steps[low - 1];
  return before !== undefined && at - before < (steps[low] ?? 0) - at ? low - 1 : steps.length === 0 ? -1 : low;
}

/** Long form: one line per point with the series, its group, step and value, and the band's edges where there are any. */
export function curvesToCsv(curves: readonly Curve[], stepName: string, valueName: string): string {
  const banded = curves.some((curve) => curve.band);
  const rows = [csvRecord(["series", "group", stepName, valueName, ...(banded ? ["low", "high"] : [])])];
  for (const { label, group, steps, values, band } of curves) {
    for (const [i, step] of steps.entries())
      rows.push(csvRecord([label, group, step, values[i], ...(banded ? [band?.low[i], band?.high[i]] : [])]));
  }
  return rows.join("");
}

/** One sentence for people who do not see the chart. */
export function describeCurves(curves: readonly Curve[], x: ChartAxis, y: ChartAxis): string {
  let [low, high, first, last] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const curve of curves) {
    for (const value of curve.values) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    first = Math.min(first, curve.steps[0] ?? Infinity);
    last = Math.max(last, curve.steps.at(-1) ?? -Infinity);
  }
  if (!Number.isFinite(low)) return `Line chart of ${y.label} over ${x.label}; no values yet.`;
  const groups = new Set(curves.map((curve) => curve.group)).size;
  return `Line chart of ${axisTitle(y)} over ${axisTitle(x)}: ${curves.length} lines in ${groups} groups, ${x.label} ${first} to ${last}, values from ${low.toPrecision(4)} to ${high.toPrecision(4)}.`;
}
