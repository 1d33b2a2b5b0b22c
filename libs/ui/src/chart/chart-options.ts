import type uPlot from "uplot";
import { formatCount, formatNumber } from "../format";
import { chartGrid, chartInk, seriesStyle, type Scheme } from "../palette";
import { axisTitle, type ChartAxis, type Curve } from "./curve";

export interface ChartLook {
  x: ChartAxis;
  y: ChartAxis;
  scale: "linear" | "log";
  xScale?: "linear" | "log";
  scheme: Scheme;
}

/** Index of each curve's line among uPlot's series (0 is the axis); a band takes the two after it. */
export function seriesIndices(curves: readonly Curve[]): number[] {
  let at = 1;
  return curves.map((curve) => {
    const own = at;
    at += curve.band ? 3 : 1;
    return own;
  });
}

const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Distribution 3 is the logarithm; uPlot declares the names only as a const enum, which does not exist at run time. */
const logarithmic = Object.assign<uPlot.Scale, { distr: number; log: 10 }>({}, { distr: 3, log: 10 });

/** Width of the y axis' labels, so that none is cut off. */
const labelWidth: uPlot.Axis.Size = (_chart, labels) => {
  // Null before the first layout, whatever the declaration says.
  const texts = (labels as (string | null)[] | null) ?? [];
  return 18 + 7 * Math.max(3, ...texts.map((text) => (text ?? "").length));
};

/** A number as digit × 10^exponent, exact for the marks of a logarithmic axis. */
function digitOf(value: number): { digit: number; exponent: number } {
  const [digit = "0", exponent = "0"] = value.toExponential(6).split("e");
  return { digit: Number(digit), exponent: Number(exponent) };
}

function decadesOf(chart: uPlot, scale: "x" | "y"): number {
  const { min, max } = chart.scales[scale] ?? {};
  return min !== undefined && max !== undefined && min > 0 ? Math.log10(max / min) : 0;
}

/** Lines of a logarithmic axis: every digit, or over many decades only as many powers of ten as can be told apart. */
const logarithmicLines =
  (scale: "x" | "y"): uPlot.Axis.Filter =>
  (chart, splits) => {
    const decades = decadesOf(chart, scale);
    if (decades <= 4) return splits;
    const every = Math.ceil(decades / 8);
    return splits.map((value) => {
      const { digit, exponent } = digitOf(value);
      return digit === 1 && exponent % every === 0 ? value : null;
    });
  };

/** Numbers beside those lines: as many digits of a decade as fit without touching. */
const logarithmicNumbers =
  (scale: "x" | "y"): uPlot.Axis.Filter =>
  (chart, splits, axis, space, increment) => {
    const decades = decadesOf(chart, scale);
    const digits = decades <= 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades <= 2 ? [1, 2, 3, 5, 7] : decades <= 4 ? [1, 2, 5] : [1];
    return logarithmicLines(scale)(chart, splits, axis, space, increment).map((value) =>
      value !== null && digits.includes(digitOf(value).digit) ? value : null,
    );
  };

const logarithmicAxis = (scale: "x" | "y", grid: uPlot.Axis.Grid) => ({
  filter: logarithmicNumbers(scale),
  grid: { ...grid, filter: logarithmicLines(scale) },
  ticks: { ...grid, filter: logarithmicLines(scale) },
});

/** 1×10⁻⁵ as 10⁻⁵. */
const axisNumber = (value: number | null): string => (value === null ? "" : formatNumber(value).replace(/^1×/, ""));

/** Everything about a chart except its data: lines, bands, axes with names and units, hover and zoom along x. */
export function chartOptions(
  curves: readonly Curve[],
  look: ChartLook,
  size: { width: number; height: number },
): Omit<uPlot.Options, "hooks"> {
  const many = curves.length > 30;
  const bandCount = curves.filter((curve) => curve.band).length;
  // Many bands over each other must leave the lines visible.
  const bandOpacity = Math.min(0.18, 1.6 / Math.max(1, bandCount));
  const ink = chartInk[look.scheme];
  const grid = { stroke: chartGrid[look.scheme], width: 1 };
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const curve of curves) {
    const { color, dash } = seriesStyle(curve.style);
    const stroke = color[look.scheme];
    series.push({
      stroke,
      width: many ? 1 : 2,
      dash: [...dash],
      label: curve.id,
      points: { show: curve.steps.length === 1 },
      spanGaps: false,
    });
    if (!curve.band) continue;
    const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: false };
    bands.push({
      series: [series.length + 1, series.length],
      fill: `${stroke}${Math.round(bandOpacity * 255)
        .toString(16)
        .padStart(2, "0")}`,
    });
    series.push(edge, edge);
  }
  const lines = new Set(seriesIndices(curves));
  const axis = { stroke: ink, grid, ticks: grid, font, labelFont: font, labelSize: 22 };
  return {
    ...size,
    series,
    bands,
    legend: { show: false },
    focus: { alpha: 1 },
    cursor: {
      points: { one: true, size: 8 },
      drag: { x: true, y: false, dist: 6 },
      hover: { skip: [undefined, null] },
      focus: { prox: 30, dist: (_chart, index, _at, value, cursor) => (lines.has(index) ? Math.abs(value - cursor) : Infinity) },
    },
    scales: {
      x: look.xScale === "log" ? { ...logarithmic, time: false } : { time: false },
      y: look.scale === "log" ? logarithmic : {},
    },
    axes: [
      {
        ...axis,
        label: axisTitle(look.x),
        size: 32,
        values: (_chart, splits) => (splits as (number | null)[]).map((value) => (value === null ? "" : formatCount(value))),
        space: 70,
        ...(look.xScale === "log" ? logarithmicAxis("x", grid) : {}),
      },
      {
        ...axis,
        label: axisTitle(look.y),
        size: labelWidth,
        values: (_chart, splits) => splits.map(axisNumber),
        ...(look.scale === "log" ? logarithmicAxis("y", grid) : {}),
      },
    ],
  };
}
