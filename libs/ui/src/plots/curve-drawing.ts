import { axisTitle, type ChartAxis, type Curve } from "../chart/curve";
import { formatNumber } from "../format";
import { chartInk, seriesStyle, type Scheme } from "../palette";
import {
  baseLayout,
  extent,
  faded,
  type Drawing,
  lineOf,
  plain,
  plotlyAxis,
  plotlyDash,
  type PlotOf,
  shortened,
  showing,
  type Canvas,
  type Trace,
} from "./drawing";

/** Both edges as one closed shape; the shape is cut where an edge has no value. */
function bandOf(x: readonly (number | null)[], low: readonly (number | null)[], high: readonly (number | null)[]) {
  const kept = x.flatMap((at, i) => {
    const [from, to] = [low[i], high[i]];
    return at === null || typeof from !== "number" || typeof to !== "number" ? [] : [{ at, from, to }];
  });
  const back = [...kept].reverse();
  return {
    x: [...kept.map(({ at }) => at), ...back.map(({ at }) => at)],
    y: [...kept.map(({ to }) => to), ...back.map(({ from }) => from)],
  };
}

const bandTrace = (name: string, edges: { x: number[]; y: number[] }, color: string): Trace => ({
  type: "scatter",
  mode: "lines",
  ...edges,
  name,
  fill: "toself",
  fillcolor: faded(color, 0.18),
  line: { width: 0, color },
  hoverinfo: "skip",
  showlegend: false,
  legendgroup: name,
});

/** Lines over one axis with bands and marks. */
export function curveDrawing(plot: PlotOf<"curve">, { scheme }: Canvas): Drawing {
  const traces: Trace[] = [];
  for (const [i, series] of plot.series.entries()) {
    const line = lineOf(i, scheme);
    const name = shortened(series.name);
    if (series.low && series.high) traces.push(bandTrace(name, bandOf(series.x, series.low, series.high), line.color));
    traces.push({
      type: "scatter",
      mode: series.style === "points" ? "markers" : "lines",
      x: series.x,
      y: series.y,
      name,
      legendgroup: name,
      line: {
        ...line,
        ...(series.style === "dashed" ? { dash: "6px,4px" } : {}),
        ...(series.style === "steps" ? { shape: "hv" } : {}),
      },
      marker: { color: line.color, size: 6 },
      hovertemplate: `${plain(plot.x.label)} %{x:.5~g} ${plain(plot.x.unit)}<br>${plain(plot.y.label)} %{y:.5~g} ${plain(plot.y.unit)}<extra>${name}</extra>`,
    });
  }
  const ink = chartInk[scheme];
  // Marks close to each other would print their names over each other, so every other one starts lower.
  const marks = plot.marks.map(({ x, label }, i) => ({
    shape: { type: "line", x0: x, x1: x, y0: 0, y1: 1, xref: "x", yref: "paper", line: { color: ink, width: 1, dash: "dot" } },
    annotation: {
      x: plot.x.scale === "log" ? Math.log10(x) : x,
      y: 1 - 0.07 * (i % 3),
      yref: "paper",
      text: plain(label),
      showarrow: false,
      xanchor: "left",
      yanchor: "top",
      font: { size: 11, color: ink },
    },
  }));
  const heights = plot.series.flatMap(({ y }) => y);
  const values = extent(heights);
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, {
      xaxis: plotlyAxis(plot.x, scheme),
      yaxis: plotlyAxis(showing(plot.y, heights), scheme),
      shapes: marks.map(({ shape }) => shape),
      annotations: marks.map(({ annotation }) => annotation),
      showlegend: plot.series.length > 1,
    }),
    height: 360 + 20 * Math.ceil(Math.max(0, plot.series.length - 4) / 4),
    summary: `Line chart of ${axisTitle(plot.y)} over ${axisTitle(plot.x)} with ${plot.series.length} lines${
      values ? `, values from ${formatNumber(values[0])} to ${formatNumber(values[1])}` : ", without values"
    }.`,
    table: () => ({
      columns: ["series", axisTitle(plot.x), axisTitle(plot.y), "low", "high"],
      rows: plot.series.flatMap(({ name, x, y, low, high }) =>
        x.map((at, i) => [name, at, y[i] ?? null, low?.[i] ?? null, high?.[i] ?? null]),
      ),
    }),
  };
}

/** The same curves as a line chart shows, for pictures that keep their sharpness (SVG). */
export function drawingOfCurves(
  curves: readonly Curve[],
  axes: { x: ChartAxis; y: ChartAxis; scale: "linear" | "log"; xScale?: "linear" | "log" },
  scheme: Scheme,
): Drawing {
  const seen = new Set<string>();
  const traces = curves.flatMap((curve): Trace[] => {
    const { color, dash } = seriesStyle(curve.style);
    const first = !seen.has(curve.group);
    seen.add(curve.group);
    const line: Trace = {
      type: "scatter",
      mode: curve.steps.length === 1 ? "markers" : "lines",
      x: curve.steps,
      y: curve.values,
      name: shortened(curve.group),
      legendgroup: curve.group,
      showlegend: first,
      line: { color: color[scheme], width: curves.length > 30 ? 1 : 2, dash: plotlyDash(dash) },
    };
    return curve.band
      ? [bandTrace(curve.group, bandOf(curve.steps, curve.band.low, curve.band.high), color[scheme]), line]
      : [line];
  });
  const { x, y, scale, xScale = "linear" } = axes;
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, {
      xaxis: plotlyAxis({ ...x, scale: xScale }, scheme),
      yaxis: plotlyAxis({ ...y, scale }, scheme),
      showlegend: seen.size > 1,
    }),
    height: 420,
    summary: `Line chart of ${axisTitle(y)} over ${axisTitle(x)}.`,
    table: () => ({
      columns: ["series", x.label, y.label],
      rows: curves.flatMap((curve) => curve.steps.map((step, i) => [curve.label, step, curve.values[i] ?? null])),
    }),
  };
}
