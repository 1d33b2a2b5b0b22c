import { axisTitle } from "../chart/curve";
import { chartInk, seriesStyle } from "../palette";
import { colorBar, markScale } from "./color-scales";
import {
  axisRoom,
  acrossAxis,
  baseLayout,
  dimensionless,
  extent,
  type Drawing,
  lineOf,
  plain,
  plotlyAxis,
  type PlotOf,
  shortened,
  showing,
  type Canvas,
  type Trace,
} from "./drawing";

type Scatter = PlotOf<"scatter">;

/** Shapes that tell series of points apart without their colour. */
export const symbols = ["circle", "square", "diamond", "cross", "triangle-up", "x", "star", "hexagon"] as const;

const modes = { points: "markers", line: "lines", dashed: "lines" } as const;

function tracesOf(plot: Scatter, { scheme }: Canvas, spatial: boolean): Trace[] {
  const range = extent(plot.series.flatMap(({ color }) => color ?? []));
  return plot.series.map((series, i) => {
    const line = lineOf(i, scheme, spatial ? 4 : 2);
    const coloured = series.color !== undefined && range !== null;
    const paint = coloured
      ? {
          color: series.color,
          colorscale: markScale(scheme),
          cmin: range[0],
          cmax: range[1],
          showscale: i === plot.series.findIndex(({ color }) => color !== undefined),
          colorbar: colorBar(plot.color ?? dimensionless("value"), { x: [0, 1], y: [0, 1] }, scheme),
        }
      : { color: line.color };
    const third = spatial && plot.z ? `<br>${plain(plot.z.label)} %{z:.4~g} ${plain(plot.z.unit)}` : "";
    return {
      type: spatial ? "scatter3d" : "scatter",
      mode: modes[series.style],
      x: series.x,
      y: series.y,
      ...(spatial ? { z: series.z ?? series.x.map(() => null) } : {}),
      name: shortened(series.name),
      line: spatial
        ? { color: line.color, width: 4, dash: series.style === "dashed" ? "dash" : "solid" }
        : { ...line, ...(series.style === "dashed" ? { dash: "6px,4px" } : {}) },
      marker: { size: spatial ? 3 : 7, opacity: 0.85, ...(spatial ? {} : { symbol: symbols[i % symbols.length] }), ...paint },
      hovertemplate: `${plain(plot.x.label)} %{x:.4~g} ${plain(plot.x.unit)}<br>${plain(plot.y.label)} %{y:.4~g} ${plain(plot.y.unit)}${third}<extra>${shortened(series.name)}</extra>`,
    };
  });
}

/** Points in the plane, or in space where the plot has a third axis; without WebGL canvas is seen from above. */
export function scatterDrawing(plot: Scatter, canvas: Canvas): Drawing {
  const spatial = plot.z !== undefined;
  const { scheme } = canvas;
  const count = plot.series.reduce((sum, { x }) => sum + x.length, 0);
  const named = [plot.x, plot.y, ...(plot.z ? [plot.z] : [])];
  const shared = {
    summary: `Scatter of ${named.map(axisTitle).join(", ")}: ${count} points in ${plot.series.length} series.`,
    table: () => ({
      columns: ["series", ...named.map(axisTitle), ...(plot.color ? [axisTitle(plot.color)] : [])],
      rows: plot.series.flatMap(({ name, x, y, z, color }) =>
        x.map((at, i) => [
          name,
          at,
          y[i] ?? null,
          ...(spatial ? [z?.[i] ?? null] : []),
          ...(plot.color ? [color?.[i] ?? null] : []),
        ]),
      ),
    }),
  };
  const axisOf = (name: "x" | "y") =>
    showing(
      plot[name],
      plot.series.flatMap((series) => series[name]),
    );
  const flat: Drawing = {
    ...shared,
    bundle: "cartesian",
    traces: tracesOf(plot, canvas, false),
    layout: baseLayout(scheme, {
      xaxis: acrossAxis(axisOf("x"), canvas),
      yaxis: plotlyAxis(axisOf("y"), scheme),
      showlegend: plot.series.length > 1,
      margin: { l: axisRoom.left, r: plot.color ? 84 : axisRoom.right, t: 14, b: axisRoom.bottom },
    }),
    height: 400,
  };
  if (!plot.z) return flat;
  return {
    ...shared,
    bundle: "gl3d",
    traces: tracesOf(plot, canvas, true),
    layout: baseLayout(scheme, {
      scene: sceneOf(plot.x, plot.y, plot.z, scheme),
      margin: { l: 0, r: plot.color ? 84 : 0, t: 8, b: 8 },
      legend: { orientation: "h", x: 0, y: 0, font: { size: 12, color: chartInk[scheme] } },
      showlegend: plot.series.length > 1,
    }),
    height: 460,
    fallback: flat,
  };
}

/** The three axes of a drawing in space, and a view from a corner above. */
export function sceneOf(x: Scatter["x"], y: Scatter["x"], z: Scatter["x"], scheme: Canvas["scheme"]): Record<string, unknown> {
  const axis = (each: Scatter["x"]) => ({
    ...plotlyAxis(each, scheme),
    automargin: undefined,
    title: { text: plain(axisTitle(each)), font: { size: 12 } },
    nticks: 5,
    tickfont: { size: 10.5 },
    showbackground: false,
  });
  return {
    xaxis: axis(x),
    yaxis: axis(y),
    zaxis: axis(z),
    camera: { eye: { x: -1.45, y: -1.55, z: 0.95 }, projection: { type: "orthographic" } },
    aspectmode: "cube",
    dragmode: "orbit",
  };
}

/** The colour of the class or series with this number. */
export const markerColor = (index: number, scheme: Canvas["scheme"]): string => seriesStyle(index).color[scheme];
