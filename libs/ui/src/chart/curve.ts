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
 * Puts curves on one axis. With more than `maxSteps` different steps in all they are moved to the centres of
 * `maxSteps` equal bins (less than a pixel), the last value of a bin wins. On a logarithmic axis values ≤ 0 become gaps,
 * and steps ≤ 0 have no place.
 */
export function alignCurves(
  curves: readonly Curve[],
  scale: "linear" | "log",
  maxSteps = 4000,
  xScale: "linear" | "log" = "linear",
): AlignedCurves {
  const all = new Set<number>();
  for (const curve of curves) for (const step of curve.steps) if (xScale === "linear" || step > 0) all.add(step);
  const onAxis = xScale === "log" ? Math.log10 : (step: number) => step;
  const fromAxis = xScale === "log" ? (at: number) => 10 ** at : (at: number) => at;
  let steps = Float64Array.from(all).sort();
  let place = (step: number): number => step;
  const [first, last] = [steps[0], steps.at(-1)];
  if (steps.length > maxSteps && first !== undefined && last !== undefined) {
    const start = onAxis(first);
    const width = (onAxis(last) - start) / maxSteps;
    place = (step) => fromAxis(start + (Math.min(maxSteps - 1, Math.floor((onAxis(step) - start) / width)) + 0.5) * width);
    steps = Float64Array.from(new Set(steps.map(place))).sort();
  }
  const position = new Map<number, number>();
  for (const [i, step] of steps.entries()) position.set(step, i);
  const drawable = (value: number | null | undefined): number | null =>
    value === null || value === undefined || (scale === "log" && value <= 0) ? null : value;
  const columns = curves.flatMap((curve) =>
    [curve.values, ...(curve.band ? [curve.band.low, curve.band.high] : [])].map((values) => {
      const column = new Array<number | null | undefined>(steps.length).fill(undefined);
      for (const [i, step] of curve.steps.entries()) {
        const at = position.get(place(step));
        if (at !== undefined) column[at] = drawable(values[i]);
      }
      return column;
    }),
  );
  return { steps: [...steps], columns };
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Long form: one line per point with the series, its group, step and value, and the band's edges where there are any. */
export function curvesToCsv(curves: readonly Curve[], stepName: string, valueName: string): string {
  const banded = curves.some((curve) => curve.band);
  const rows = [["series", "group", stepName, valueName, ...(banded ? ["low", "high"] : [])].map(quoted).join(",")];
  for (const curve of curves) {
    for (const [i, step] of curve.steps.entries()) {
      const cells = [quoted(curve.label), quoted(curve.group), String(step), String(curve.values[i] ?? "")];
      if (banded) cells.push(String(curve.band?.low[i] ?? ""), String(curve.band?.high[i] ?? ""));
      rows.push(cells.join(","));
    }
  }
  return `${rows.join("\r\n")}\r\n`;
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
