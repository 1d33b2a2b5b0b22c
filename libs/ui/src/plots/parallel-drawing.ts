import type { PlotAxis } from "@basin/contracts";
import { axisTitle } from "../chart/curve";
import { formatNumber } from "../format";
import { chartInk, type Scheme } from "../palette";
import { markColor } from "./color-scales";
import {
  baseLayout,
  extent,
  faded,
  type Drawing,
  finite,
  type ParallelLines,
  shortened,
  type Canvas,
  type Trace,
} from "./drawing";
import { narrowWidth } from "./row-names";

/** One axis of parallel coordinates: numbers, or words. */
export interface Coordinate {
  axis: PlotAxis;
  values: readonly (number | string | null)[];
  /** What a missing value is called: lines without one pass below all others. Default: they are interrupted. */
  absent?: string;
}

/** A part of an axis, in heights. */
export type Brush = readonly [low: number, high: number];

/** The lines that pass every brush; null without a brush. */
export function keptLines(heights: readonly ArrayLike<number>[], brushes: readonly (Brush | null)[]): number[] | null {
  if (brushes.every((brush) => brush === null)) return null;
  const kept: number[] = [];
  for (let line = 0; line < (heights[0]?.length ?? 0); line += 1) {
    const passes = brushes.every((brush, axis) => {
      const height = heights[axis]?.[line] ?? Number.NaN;
      return brush === null || (height >= brush[0] && height <= brush[1]);
    });
    if (passes) kept.push(line);
  }
  return kept;
}

interface Scaled {
  label: string;
  heights: Float64Array;
  ticks: readonly { at: number; text: string }[];
}

/** As many different values are named one by one. */
const mostNamed = 12;

/** CSS pixels: the drawing's height, and from one name on an axis to the next so that both can be read. */
const drawingHeight = 420;
const leastBetweenNames = 16;
/** Letters of a word on an axis, and CSS pixels that one takes. */
const longestName = 18;
const pixelsPerLetter = 6;

/** The names that can be read on an axis of `length` pixels: both ends, and from below those far enough from the others. */
function readable<T extends { at: number }>(names: readonly T[], length: number): T[] {
  const rising = [...names].sort((a, b) => a.at - b.at);
  const [last, least] = [rising.pop(), leastBetweenNames / length];
  const kept: T[] = [];
  for (const name of rising) {
    const below = kept.at(-1);
    if (!below) kept.push(name);
    else if (last && name.at - below.at >= least && last.at - name.at >= least) kept.push(name);
  }
  return last ? [...kept, last] : kept;
}

function scaledNumbers(values: readonly (number | null)[], logarithmic: boolean): Omit<Scaled, "label"> {
  const numbers = Float64Array.from(values, (value) => (value === null ? Number.NaN : logarithmic ? Math.log10(value) : value));
  const [low, high] = extent(numbers) ?? [0, 0];
  const heightOf = (number: number): number => (high > low ? (number - low) / (high - low) : Number.isNaN(number) ? number : 0.5);
  const distinct = [...new Set(finite([...numbers]))].sort((a, b) => a - b);
  const named = distinct.length <= mostNamed ? distinct : Array.from({ length: 6 }, (_, i) => low + (i / 5) * (high - low));
  return {
    heights: numbers.map(heightOf),
    ticks: named.map((at) => ({ at: heightOf(at), text: formatNumber(logarithmic ? 10 ** at : at, 3) })),
  };
}

function scaledWords(values: readonly (number | string | null)[], letters: number): Omit<Scaled, "label"> {
  const names = [...new Set(values.filter((value) => value !== null).map(String))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const heightOf = new Map(names.map((name, i) => [name, names.length > 1 ? i / (names.length - 1) : 0.5]));
  return {
    heights: Float64Array.from(values, (value) => (value === null ? Number.NaN : (heightOf.get(String(value)) ?? Number.NaN))),
    ticks: names.map((name) => ({ at: heightOf.get(name) ?? 0, text: shortened(name, letters) })),
  };
}

interface AxisRoom {
  /** CSS pixels along the axis. */
  length: number;
  /** That a name beside it may have before it reaches the next axis. */
  letters: number;
}

/** Where values begin on an axis that has a place for missing ones. */
const aboveAbsent = 0.14;

function withAbsent({ heights, ticks }: Omit<Scaled, "label">, name: string): Omit<Scaled, "label"> {
  const raised = (height: number): number => aboveAbsent + (1 - aboveAbsent) * height;
  return {
    heights: heights.map((height) => (Number.isNaN(height) ? 0 : raised(height))),
    ticks: [{ at: 0, text: name }, ...ticks.map(({ at, text }) => ({ at: raised(at), text }))],
  };
}

function scaled({ axis, values, absent }: Coordinate, label: string, { length, letters }: AxisRoom): Scaled {
  const numbers = values.map((value) => (typeof value === "number" ? value : null));
  const present = values.some((value) => typeof value === "string")
    ? scaledWords(values, letters)
    : scaledNumbers(numbers, axis.scale === "log" && !numbers.some((value) => value !== null && value <= 0));
  const { heights, ticks } =
    absent !== undefined && values.includes(null) ? withAbsent(present, shortened(absent, letters)) : present;
  return { label, heights, ticks: readable(ticks, length) };
}

/** Lines of one colour are one trace: a trace per line would cost a thousand times as much. */
const shades = 24;

function linesOf(heights: readonly Float64Array[], lines: readonly number[], line: object): Trace {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const at of lines) {
    for (const [axis, column] of heights.entries()) {
      const height = column[at] ?? Number.NaN;
      x.push(axis);
      y.push(Number.isNaN(height) ? null : height);
    }
    x.push(null);
    y.push(null);
  }
  return { type: "scatter", mode: "lines", x, y, line, hoverinfo: "skip", showlegend: false };
}

function tracesOf(axes: readonly Scaled[], kept: readonly number[] | null, scheme: Scheme): Trace[] {
  const heights = axes.map((axis) => axis.heights);
  const shade = heights.at(-1) ?? new Float64Array(0);
  const all = Array.from({ length: shade.length }, (_, line) => line);
  const buckets = Array.from({ length: shades }, (): number[] => []);
  const missing: number[] = [];
  for (const line of kept ?? all) {
    const at = shade[line] ?? Number.NaN;
    if (Number.isNaN(at)) missing.push(line);
    else buckets[Math.min(shades - 1, Math.floor(at * shades))]?.push(line);
  }
  const ink = chartInk[scheme];
  const [few, opacity] = (kept ?? all).length < 100 ? [true, 0.9] : [false, 0.55];
  return [
    ...(kept ? [linesOf(heights, all, { color: faded(ink, 0.07), width: 1 })] : []),
    ...(missing.length > 0 ? [linesOf(heights, missing, { color: faded(ink, 0.3), width: 1 })] : []),
    ...buckets.flatMap((lines, bucket) =>
      lines.length === 0
        ? []
        : [linesOf(heights, lines, { color: faded(markColor((bucket + 0.5) / shades, scheme), opacity), width: few ? 1.6 : 1 })],
    ),
    {
      type: "scatter",
      mode: "text",
      x: axes.flatMap(({ ticks }, axis) => ticks.map(() => axis)),
      y: axes.flatMap(({ ticks }) => ticks.map(({ at }) => at)),
      text: axes.flatMap(({ ticks }) => ticks.map(({ text }) => `  ${text}`)),
      textposition: "middle right",
      textfont: { size: 11, color: ink, shadow: "auto" },
      cliponaxis: false,
      hoverinfo: "skip",
      showlegend: false,
    },
  ];
}

/** Every run as a line through its parameters, coloured by the last coordinate. */
export function parallelDrawing(coordinates: readonly Coordinate[], { scheme, width }: Canvas): Drawing | null {
  const count = coordinates[0]?.values.length ?? 0;
  if (count === 0) return null;
  const narrow = width < narrowWidth;
  const margin = narrow ? { l: 18, r: 66, t: 96, b: 18 } : { l: 28, r: 96, t: 76, b: 18 };
  const last = Math.max(1, coordinates.length - 1);
  const gap = (width - margin.l - margin.r) / last;
  const axes = coordinates.map((coordinate, at) => {
    const letters = Math.floor((at === last ? margin.r : gap) / pixelsPerLetter) - 2;
    // The last name on a narrow drawing rises by 35° into the margin.
    const titled = narrow && at === last ? margin.r / (0.82 * pixelsPerLetter) - 1 : gap / 5;
    return scaled(coordinate, shortened(axisTitle(coordinate.axis), Math.max(8, Math.floor(titled))), {
      length: drawingHeight - margin.t - margin.b,
      letters: Math.max(5, Math.min(longestName, letters)),
    });
  });
  const ink = chartInk[scheme];
  const lines: ParallelLines = {
    heights: axes.map(({ heights }) => heights),
    margin,
    traces: (kept) => tracesOf(axes, kept, scheme),
  };
  const hidden = { visible: false, fixedrange: true };
  return {
    bundle: "cartesian",
    traces: lines.traces(null),
    parallel: lines,
    layout: baseLayout(scheme, {
      margin: { ...margin, autoexpand: false },
      hovermode: false,
      dragmode: false,
      xaxis: { ...hidden, range: [0, last] },
      yaxis: { ...hidden, range: [0, 1] },
      shapes: axes.map((_, at) => ({
        type: "line",
        x0: at,
        x1: at,
        y0: 0,
        y1: 1,
        line: { color: ink, width: 1 },
      })),
      annotations: axes.map(({ label }, at) => ({
        x: at,
        y: 1,
        yshift: 8,
        xanchor: at === last && !narrow ? "right" : "left",
        yanchor: "bottom",
        text: label,
        textangle: narrow ? -35 : at === last ? 0 : -12,
        showarrow: false,
        font: { size: 12, color: ink },
      })),
    }),
    height: drawingHeight,
    summary: `Parallel coordinates of ${coordinates.map(({ axis }) => axis.label).join(", ")} for ${count} runs.`,
    table: () => ({
      columns: coordinates.map(({ axis }) => axisTitle(axis)),
      rows: Array.from({ length: count }, (_, i) => coordinates.map(({ values }) => values[i] ?? null)),
    }),
  };
}
