import { axisTitle } from "../chart/curve";
import { formatNumber } from "../format";
import { chartBackground, chartInk } from "../palette";
import { colorBar, colorsOf, isDifference, logColors } from "./color-scales";
import {
  axisRoom,
  baseLayout,
  categoryAxis,
  extent,
  type Drawing,
  plain,
  plotlyAxis,
  type PlotOf,
  shortened,
  type Canvas,
  type Trace,
} from "./drawing";
import { axisNames, layPanels, panelTitle } from "./panels";
import { sceneOf } from "./scatter-drawing";

type Layered = PlotOf<"surface"> | PlotOf<"contour">;

/** Layers that show the same quantity share one colour range, so that they can be compared; a difference has its own. */
function layerColors(plot: Layered, index: number, canvas: Canvas): Record<string, unknown> {
  const layer = plot.layers[index];
  if (!layer) return {};
  const difference = isDifference(layer.name);
  const values = difference ? layer.z.flat() : plot.layers.filter(({ name }) => !isDifference(name)).flatMap(({ z }) => z.flat());
  return colorsOf(values, canvas.scheme, difference);
}

function layeredFacts(plot: Layered, what: string) {
  return {
    summary: `${what} of ${axisTitle(plot.zAxis)} over ${axisTitle(plot.xAxis)} and ${axisTitle(plot.yAxis)}: ${plot.layers
      .map(({ name, z }) => {
        const range = extent(z.flat());
        return range ? `${name} from ${formatNumber(range[0])} to ${formatNumber(range[1])}` : `${name} without values`;
      })
      .join("; ")}.`,
    table: () => ({
      columns: [axisTitle(plot.xAxis), axisTitle(plot.yAxis), ...plot.layers.map(({ name }) => name)],
      rows: plot.y.flatMap((y, row) =>
        plot.x.map((x, column) => [x, y, ...plot.layers.map(({ z }) => z[row]?.[column] ?? null)]),
      ),
    }),
  };
}

/** Functions of two variables in space, a scene per layer; without WebGL as heat maps. */
export function surfaceDrawing(plot: PlotOf<"surface">, canvas: Canvas): Drawing {
  const panels = layPanels(plot.layers.length, canvas.width, { each: 360, gapX: 60, gapY: 44, margins: { x: 90, y: 46 } });
  const scenes: Record<string, unknown> = {};
  const traces = plot.layers.map((layer, i): Trace => {
    const place = panels.at(i);
    const { scene } = axisNames(i);
    scenes[scene] = { ...sceneOf(plot.xAxis, plot.yAxis, plot.zAxis, canvas.scheme), domain: place };
    const { zmin, zmax, ...colors } = layerColors(plot, i, canvas);
    return {
      type: "surface",
      x: plot.x,
      y: plot.y,
      z: layer.z,
      scene,
      name: shortened(layer.name),
      ...colors,
      cmin: zmin,
      cmax: zmax,
      colorbar: { ...colorBar(plot.zAxis, place, canvas.scheme), len: 0.6 * (place.y[1] - place.y[0]), xpad: 0 },
      contours: { z: { show: true, usecolormap: true, project: { z: false }, width: 1 } },
      hovertemplate: `${plain(plot.xAxis.label)} %{x:.4~g}<br>${plain(plot.yAxis.label)} %{y:.4~g}<br>${plain(plot.zAxis.label)} %{z:.4~g} ${plain(plot.zAxis.unit)}<extra>${shortened(layer.name)}</extra>`,
    };
  });
  return {
    ...layeredFacts(plot, "Surface"),
    bundle: "gl3d",
    traces,
    layout: baseLayout(canvas.scheme, {
      ...scenes,
      margin: { l: 8, r: 82, t: 34, b: 12 },
      annotations: plot.layers.length > 1 ? plot.layers.map(({ name }, i) => panelTitle(name, panels.at(i), canvas.scheme)) : [],
    }),
    height: panels.height,
    fallback: {
      ...contourDrawing({ ...plot, kind: "contour", paths: [] }, canvas, "heatmap"),
      ...layeredFacts(plot, "Heat map"),
    },
  };
}

/** The same as lines of equal value, a panel per layer, with the paths of descents where there are some. */
export function contourDrawing(plot: PlotOf<"contour">, canvas: Canvas, type: "contour" | "heatmap" = "contour"): Drawing {
  const panels = layPanels(plot.layers.length, canvas.width);
  const axes: Record<string, unknown> = {};
  const traces: Trace[] = [];
  const ink = chartInk[canvas.scheme];
  const paths = [...(plot.path ? [plot.path] : []), ...plot.paths];
  for (const [i, layer] of plot.layers.entries()) {
    const place = panels.at(i);
    const names = axisNames(i);
    axes[names.xaxis] = { ...plotlyAxis(plot.xAxis, canvas.scheme), domain: place.x, anchor: names.y, nticks: 6 };
    axes[names.yaxis] = { ...plotlyAxis(plot.yAxis, canvas.scheme), domain: place.y, anchor: names.x, nticks: 6 };
    traces.push({
      type,
      x: plot.x,
      y: plot.y,
      z: layer.z,
      xaxis: names.x,
      yaxis: names.y,
      name: shortened(layer.name),
      ...layerColors(plot, i, canvas),
      ...(type === "contour" ? { ncontours: 18, line: { width: 0.6, color: ink }, contours: { coloring: "heatmap" } } : {}),
      colorbar: colorBar(plot.zAxis, place, canvas.scheme),
      hovertemplate: `${plain(plot.xAxis.label)} %{x:.4~g}<br>${plain(plot.yAxis.label)} %{y:.4~g}<br>${plain(plot.zAxis.label)} %{z:.4~g} ${plain(plot.zAxis.unit)}<extra>${shortened(layer.name)}</extra>`,
    });
    for (const path of paths) {
      const last = path.x.length - 1;
      traces.push({
        type: "scatter",
        mode: "lines+markers",
        x: path.x,
        y: path.y,
        xaxis: names.x,
        yaxis: names.y,
        name: shortened(path.name),
        legendgroup: path.name,
        showlegend: i === 0,
        line: { color: "#ffffff", width: 2.5 },
        marker: {
          size: path.x.map((_, at) => (at === 0 || at === last ? 10 : 4)),
          symbol: path.x.map((_, at) => (at === last ? "star" : "circle")),
          color: "#ffffff",
          line: { color: "#000000", width: 1 },
        },
        hovertemplate: `${shortened(path.name)} %{pointNumber}<br>%{x:.4~g}, %{y:.4~g}<extra></extra>`,
      });
    }
  }
  return {
    ...layeredFacts(plot, "Contour map"),
    bundle: "cartesian",
    traces,
    layout: baseLayout(canvas.scheme, {
      ...axes,
      margin: { l: axisRoom.left, r: 90, t: 34, b: axisRoom.bottom },
      showlegend: false,
      annotations: [
        ...(plot.layers.length > 1 ? plot.layers.map(({ name }, i) => panelTitle(name, panels.at(i), canvas.scheme)) : []),
      ],
    }),
    height: panels.height,
  };
}

/** Degrees by which names of columns rise that have no room beside each other. */
const slant = 40;

/** A matrix with named rows and columns; the numbers stand in the cells as long as they can be read. */
export function heatMapDrawing(plot: PlotOf<"heat-map">, canvas: Canvas): Drawing {
  const { scheme } = canvas;
  const negative = plot.z.flat().some((value) => value !== null && value < 0);
  const signed = isDifference(plot.value.label) || negative;
  const range = extent(plot.z.flat());
  const room = (canvas.width - 180) / Math.max(1, plot.columns.length);
  const log = negative ? null : logColors(plot.z.flat(), plot.value);
  const shades = log ? plot.z.map((row) => row.map(log.of)) : plot.z;
  const full = { x: [0, 1] as [number, number], y: [0, 1] as [number, number] };
  const every = Math.ceil(26 / Math.max(1, room));
  // Margins that are known beforehand spare Plotly a second layout.
  const level = widthOf(plot.columns) + pixelsPerLetter < room * every;
  const rise = Math.ceil(widthOf(plot.columns) * Math.sin((slant * Math.PI) / 180));
  return {
    bundle: "cartesian",
    traces: [
      {
        type: "heatmap",
        // Names may repeat, positions do not.
        x: plot.columns.map((_, i) => i),
        y: plot.rows.map((_, i) => i),
        z: shades,
        text: plot.z.map((row) => row.map((value) => (value === null ? "" : formatNumber(value, 3)))),
        xgap: 1,
        ygap: 1,
        ...colorsOf(shades.flat(), scheme, signed && log === null),
        ...(room > 42 && plot.rows.length <= 30 ? { texttemplate: "%{text}", textfont: { size: 11 } } : {}),
        customdata: plot.rows.map((row) => plot.columns.map((column) => [plain(row), plain(column)])),
        colorbar: { ...colorBar(plot.value, full, scheme), ...log?.bar },
        hovertemplate: `${plain(plot.rowTitle)} %{customdata[0]}<br>${plain(plot.columnTitle)} %{customdata[1]}<br>${plain(plot.value.label)} %{text} ${plain(plot.value.unit)}<extra></extra>`,
        hoverongaps: false,
      },
    ],
    layout: baseLayout(scheme, {
      xaxis: {
        ...namedTicks(plot.columns, plot.columnTitle, scheme, every),
        ...(level ? { automargin: false, tickangle: 0 } : { tickangle: -slant }),
      },
      yaxis: {
        ...namedTicks(plot.rows, plot.rowTitle, scheme, Math.ceil(plot.rows.length / 40)),
        autorange: "reversed",
        automargin: false,
      },
      plot_bgcolor: chartBackground[scheme],
      margin: { l: 44 + widthOf(plot.rows), r: 90, t: 14, b: axisRoom.bottom + (level ? 0 : rise) },
    }),
    height: Math.min(760, 120 + Math.max(200, 24 * plot.rows.length)) + (level ? 0 : rise),
    summary: `Heat map of ${axisTitle(plot.value)}: ${plot.rows.length} rows (${plot.rowTitle}) by ${plot.columns.length} columns (${plot.columnTitle})${range ? `, values from ${formatNumber(range[0])} to ${formatNumber(range[1])}` : ""}.`,
    table: () => ({
      columns: [plot.rowTitle, ...plot.columns],
      rows: plot.rows.map((name, row) => [name, ...plot.columns.map((_, column) => plot.z[row]?.[column] ?? null)]),
    }),
  };
}

/** Longest name that an axis writes, and CSS pixels that a letter takes at most on average. */
export const longestName = 28;
const pixelsPerLetter = 7;

/** CSS pixels that the longest of the names takes beside its axis. */
const widthOf = (names: readonly string[]): number =>
  pixelsPerLetter * names.reduce((most, name) => Math.max(most, Math.min(name.length, longestName)), 0);

/** An axis of numbered places with names, every `every`-th of them written. */
export function namedTicks(
  names: readonly string[],
  title: string,
  scheme: Canvas["scheme"],
  every = 1,
): Record<string, unknown> {
  const shown = names.map((_, i) => i).filter((i) => i % Math.max(1, every) === 0);
  return {
    ...categoryAxis(title, scheme),
    type: "linear",
    tickmode: "array",
    tickvals: shown,
    ticktext: shown.map((i) => shortened(names[i] ?? "", longestName)),
    showgrid: false,
    zeroline: false,
  };
}
