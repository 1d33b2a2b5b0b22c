import { chartBackground, chartInk, type Scheme, seriesStyle } from "../palette";
import {
  axisRoom,
  baseLayout,
  type Drawing,
  plain,
  plotlyAxis,
  type PlotOf,
  shortened,
  type Canvas,
  type Trace,
} from "./drawing";
import { axisNames, layPanels, panelTitle } from "./panels";
import { markerColor, symbols } from "./scatter-drawing";

/** A class' colour mixed with the page's ground, light enough to see samples on it. */
function tint(index: number, scheme: Scheme, share = 0.45): string {
  const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  const [color, ground] = [seriesStyle(index).color[scheme], chartBackground[scheme]];
  const mixed = [1, 3, 5].map((at) => Math.round(share * channel(color, at) + (1 - share) * channel(ground, at)));
  return `rgb(${mixed.join(",")})`;
}

/** Two classes shade into each other by probability; more are flat areas. */
function shades(classes: number, scheme: Scheme): Record<string, unknown> {
  if (classes === 2) {
    return {
      zmin: 0,
      zmax: 1,
      colorscale: [
        [0, tint(0, scheme, 0.6)],
        [0.5, chartBackground[scheme]],
        [1, tint(1, scheme, 0.6)],
      ],
    };
  }
  return {
    zmin: -0.5,
    zmax: classes - 0.5,
    colorscale: Array.from({ length: classes }, (_, i) => [
      [i / classes, tint(i, scheme)],
      [(i + 1) / classes, tint(i, scheme)],
    ]).flat(),
  };
}

/** What a network decides on a plane, the samples on top, a panel per map. Class k always has the colour and mark number k. */
export function decisionMapDrawing(plot: PlotOf<"decision-map">, { scheme, width }: Canvas): Drawing {
  const panels = layPanels(plot.maps.length, width, { least: 280, each: 280, gapX: 76, margins: { x: 90, y: 100 } });
  const axes: Record<string, unknown> = {};
  const traces: Trace[] = [];
  for (const [i, map] of plot.maps.entries()) {
    const place = panels.at(i);
    const names = axisNames(i);
    const own = { xaxis: names.x, yaxis: names.y };
    axes[names.xaxis] = { ...plotlyAxis(map.xAxis, scheme), domain: place.x, anchor: names.y, nticks: 6, showgrid: false };
    axes[names.yaxis] = { ...plotlyAxis(map.yAxis, scheme), domain: place.y, anchor: names.x, nticks: 6, showgrid: false };
    const grid = { x: map.x, y: map.y, z: map.z, ...own };
    traces.push({
      type: "heatmap",
      ...grid,
      ...shades(plot.classes.length, scheme),
      showscale: false,
      hovertemplate: `%{x:.3~g}, %{y:.3~g}<br>${plot.classes.length === 2 ? `probability of ${plain(plot.classes[1] ?? "")}` : "class"} %{z:.3~g}<extra>${shortened(map.name)}</extra>`,
    });
    if (plot.classes.length === 2) {
      traces.push({
        type: "contour",
        ...grid,
        contours: { start: 0.5, end: 0.5, size: 1, coloring: "none" },
        line: { color: chartInk[scheme], width: 1.5 },
        showscale: false,
        showlegend: false,
        hoverinfo: "skip",
      });
    }
    for (const [index, name] of plot.classes.entries()) {
      const mine = map.samples.class.flatMap((each, at) => (each === index ? [at] : []));
      traces.push({
        type: "scatter",
        mode: "markers",
        x: mine.map((at) => map.samples.x[at] ?? null),
        y: mine.map((at) => map.samples.y[at] ?? null),
        ...own,
        name: shortened(name),
        legendgroup: name,
        showlegend: i === 0,
        marker: {
          color: markerColor(index, scheme),
          symbol: symbols[index % symbols.length],
          size: map.samples.class.length > 200 ? 5 : 9,
          line: { color: chartBackground[scheme], width: 1 },
        },
        hovertemplate: `%{x:.4~g}, %{y:.4~g}<extra>${shortened(name)}</extra>`,
      });
    }
  }
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, {
      ...axes,
      margin: { l: axisRoom.left, r: axisRoom.right, t: 34, b: 66 },
      legend: { orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom" },
      annotations: plot.maps.map(({ name }, i) => panelTitle(name, panels.at(i), scheme)),
    }),
    height: panels.height,
    summary: `Decision map of ${plot.maps.map(({ name }) => name).join(", ")} between ${plot.classes.join(", ")} with ${plot.maps.reduce((sum, { samples }) => sum + samples.x.length, 0)} samples.`,
    table: () => ({
      columns: ["map", "x", "y", "value"],
      rows: plot.maps.flatMap((map) =>
        map.y.flatMap((y, row) => map.x.map((x, column) => [map.name, x, y, map.z[row]?.[column] ?? null])),
      ),
    }),
  };
}
