import { axisTitle } from "../chart/curve";
import { formatNumber } from "../format";
import type { Scheme } from "../palette";
import { colorBar, markColor } from "./color-scales";
import {
  axisRoom,
  baseLayout,
  dimensionless,
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

type Field = PlotOf<"quiver">["fields"][number];

/** Steps of colour; arrows of one step are one trace, so that a field of thousands of arrows stays light. */
const steps = 8;
const stepColor = (step: number, scheme: Scheme): string => markColor(step / (steps - 1), scheme);
const stepScale = (scheme: Scheme) =>
  Array.from({ length: steps }, (_, i) => [
    [i / steps, stepColor(i, scheme)],
    [(i + 1) / steps, stepColor(i, scheme)],
  ]).flat();

export interface Arrows {
  /** Ends of the strokes, separated by null. */
  x: (number | null)[];
  y: (number | null)[];
}

/**
 * Arrows as strokes (shaft and two barbs), one set per step of `value` between `low` and `high`. The longest arrow is as long as
 * the points' mean distance; lengths and the barbs' angle are measured on the square into which the points' ranges are mapped.
 */
export function arrowsOf(field: Field, value: readonly (number | null)[], [low, high]: [number, number]): Arrows[] {
  const xs = extent(field.x) ?? [0, 1];
  const ys = extent(field.y) ?? [0, 1];
  const [width, height] = [xs[1] - xs[0] || 1, ys[1] - ys[0] || 1];
  const sizes = field.u.map((u, i) => Math.hypot((u ?? 0) / width, (field.v[i] ?? 0) / height));
  const longest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const length = longest === 0 ? 0 : 0.95 / Math.sqrt(Math.max(1, field.x.length)) / longest;
  const sets = Array.from({ length: steps }, (): Arrows => ({ x: [], y: [] }));
  for (const [i, x] of field.x.entries()) {
    const [y, u, v, shade] = [field.y[i], field.u[i], field.v[i], value[i]];
    if (x === null || typeof y !== "number" || typeof u !== "number" || typeof v !== "number") continue;
    const [dx, dy] = [(u / width) * length, (v / height) * length];
    const at = typeof shade === "number" && high > low ? Math.floor(((shade - low) / (high - low)) * steps) : 0;
    const set = sets[Math.min(steps - 1, Math.max(0, at))];
    if (!set) continue;
    const [tipX, tipY] = [x + dx * width, y + dy * height];
    // Barbs: a third of the shaft, turned by ±150°.
    const barb = (turn: number): [number, number] => [
      tipX + 0.33 * (dx * Math.cos(turn) - dy * Math.sin(turn)) * width,
      tipY + 0.33 * (dx * Math.sin(turn) + dy * Math.cos(turn)) * height,
    ];
    const [left, right] = [barb((5 * Math.PI) / 6), barb((-5 * Math.PI) / 6)];
    set.x.push(x, tipX, null, left[0], tipX, right[0], null);
    set.y.push(y, tipY, null, left[1], tipY, right[1], null);
  }
  return sets;
}

/** Arrows on points, coloured by what the plot names or else by their length; a panel per field. */
export function quiverDrawing(plot: PlotOf<"quiver">, { scheme, width }: Canvas): Drawing {
  const panels = layPanels(plot.fields.length, width);
  const shades = plot.fields.map(
    (field) => field.color ?? field.u.map((u, i) => (u === null ? null : Math.hypot(u, field.v[i] ?? 0))),
  );
  const range = extent(shades.flat()) ?? [0, 1];
  const shade = plot.color ?? dimensionless("magnitude");
  const axes: Record<string, unknown> = {};
  const traces: Trace[] = [];
  for (const [i, field] of plot.fields.entries()) {
    const place = panels.at(i);
    const names = axisNames(i);
    const own = { xaxis: names.x, yaxis: names.y };
    axes[names.xaxis] = { ...plotlyAxis(plot.xAxis, scheme), domain: place.x, anchor: names.y, nticks: 6 };
    axes[names.yaxis] = { ...plotlyAxis(plot.yAxis, scheme), domain: place.y, anchor: names.x, nticks: 6 };
    for (const [step, arrows] of arrowsOf(field, shades[i] ?? [], range).entries()) {
      if (arrows.x.length === 0) continue;
      traces.push({
        type: "scatter",
        mode: "lines",
        ...arrows,
        ...own,
        line: { color: stepColor(step, scheme), width: 1.6 },
        hoverinfo: "skip",
      });
    }
    traces.push({
      type: "scatter",
      mode: "markers",
      x: field.x,
      y: field.y,
      ...own,
      customdata: field.u.map((u, at) => [u, field.v[at] ?? null, shades[i]?.[at] ?? null]),
      marker: {
        size: 3,
        color: shades[i],
        colorscale: stepScale(scheme),
        cmin: range[0],
        cmax: range[1],
        showscale: true,
        colorbar: colorBar(shade, place, scheme),
      },
      hovertemplate: `%{x:.3~g}, %{y:.3~g}<br>arrow %{customdata[0]:.3~g}, %{customdata[1]:.3~g}<br>${plain(shade.label)} %{customdata[2]:.3~g} ${plain(shade.unit)}<extra>${shortened(field.name)}</extra>`,
    });
  }
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, {
      ...axes,
      showlegend: false,
      margin: { l: axisRoom.left, r: 90, t: 34, b: axisRoom.bottom },
      annotations: plot.fields.map(({ name }, i) => panelTitle(name, panels.at(i), scheme)),
    }),
    height: panels.height,
    summary: `Arrows over ${axisTitle(plot.xAxis)} and ${axisTitle(plot.yAxis)} in ${plot.fields.length} fields, ${shade.label} from ${formatNumber(range[0])} to ${formatNumber(range[1])}.`,
    table: () => ({
      columns: ["field", axisTitle(plot.xAxis), axisTitle(plot.yAxis), "u", "v", axisTitle(shade)],
      rows: plot.fields.flatMap((field, at) =>
        field.x.map((x, i) => [
          field.name,
          x,
          field.y[i] ?? null,
          field.u[i] ?? null,
          field.v[i] ?? null,
          shades[at]?.[i] ?? null,
        ]),
      ),
    }),
  };
}
