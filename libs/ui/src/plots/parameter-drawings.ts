import type { PlotAxis } from "@basin/contracts";
import { axisTitle } from "../chart/curve";
import { formatNumber } from "../format";
import { chartInk } from "../palette";
import { colorBar, logColors, markScale, sequential } from "./color-scales";
import {
  axisRoom,
  acrossAxis,
  baseLayout,
  categoryAxis,
  dimensionless,
  type Drawing,
  plain,
  plotlyAxis,
  type Canvas,
  type Trace,
} from "./drawing";
import { axisNames, layPanels } from "./panels";
import { runLabel, type RunValue } from "./statistics-drawings";

/** A run's place in two parameters with a figure that colours it. */
export interface PlacedRun extends RunValue {
  x: number | string;
  y: number | string;
}

function placedTraces(
  runs: readonly PlacedRun[],
  axes: { x: PlotAxis; y: PlotAxis; value: PlotAxis },
  shade: number[],
  what: PlotAxis,
  scheme: Canvas["scheme"],
): Trace {
  return {
    type: "scatter",
    mode: "markers",
    x: runs.map(({ x }) => x),
    y: runs.map(({ y }) => y),
    customdata: runs.map(({ id }) => id),
    text: runs.map(
      ({ value, ...run }) => `${runLabel(run)}<br>${plain(axes.value.label)} ${formatNumber(value)} ${plain(axes.value.unit)}`,
    ),
    marker: {
      color: shade,
      colorscale: markScale(scheme),
      size: 9,
      line: { color: chartInk[scheme], width: 0.6 },
      showscale: true,
      colorbar: colorBar(what, { x: [0, 1], y: [0, 1] }, scheme),
    },
    hovertemplate: `${plain(axes.x.label)} %{x}<br>${plain(axes.y.label)} %{y}<br>%{text}<extra></extra>`,
  };
}

type Place = number | string;

/** Numbers by size, words by the alphabet with the numbers in them by size. */
const inOrder = (a: Place, b: Place): number =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });

const parameterAxis = (axis: PlotAxis, values: readonly Place[], canvas: Canvas) =>
  values.some((value) => typeof value === "string")
    ? { ...categoryAxis(axis.label, canvas.scheme), categoryorder: "array", categoryarray: [...new Set(values)].sort(inOrder) }
    : acrossAxis(axis, canvas);

const placedTable = (runs: readonly PlacedRun[], axes: { x: PlotAxis; y: PlotAxis; value: PlotAxis }) => () => ({
  columns: ["run", axisTitle(axes.x), axisTitle(axes.y), axisTitle(axes.value)],
  rows: runs.map(({ id, x, y, value }) => [id, x, y, value]),
});

/** 0 for the lowest, 1 for the highest; ties share the mean of their places. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let at = from; at <= to; at += 1) ranks[order[at] ?? 0] = (from + to) / 2 / Math.max(1, values.length - 1);
    from = to + 1;
  }
  return ranks;
}

/** Runs over two parameters, coloured by the rank of their figure among all: 0 the lowest, 1 the highest; ties share a rank. */
export function rankDrawing(
  runs: readonly PlacedRun[],
  axes: { x: PlotAxis; y: PlotAxis; value: PlotAxis },
  canvas: Canvas,
): Drawing | null {
  const { scheme } = canvas;
  if (runs.length === 0) return null;
  const ranks = ranksOf(runs.map(({ value }) => value));
  return {
    bundle: "cartesian",
    traces: [placedTraces(runs, axes, ranks, dimensionless(`rank of ${axes.value.label}`), scheme)],
    layout: baseLayout(scheme, {
      xaxis: parameterAxis(
        axes.x,
        runs.map(({ x }) => x),
        canvas,
      ),
      yaxis: parameterAxis(
        axes.y,
        runs.map(({ y }) => y),
        canvas,
      ),
      margin: { l: axisRoom.left, r: 96, t: 18, b: axisRoom.bottom },
    }),
    height: 400,
    summary: `Rank of ${axes.value.label} over ${axes.x.label} and ${axes.y.label} for ${runs.length} runs.`,
    table: placedTable(runs, axes),
  };
}

/** Runs at the same two values: one place with the mean of their figures. */
export interface MergedPlace extends PlacedRun {
  /** How many runs lie there; `id` and `label` are the first's. */
  count: number;
}

const placeKey = (x: Place | undefined, y: Place | undefined): string => `${String(x)}\u0000${String(y)}`;

export function mergedPlaces(runs: readonly PlacedRun[]): MergedPlace[] {
  const places = new Map<string, MergedPlace>();
  for (const run of runs) {
    const key = placeKey(run.x, run.y);
    const place = places.get(key);
    if (!place) places.set(key, { ...run, count: 1 });
    else {
      place.value += run.value;
      place.count += 1;
    }
  }
  return [...places.values()].map((place) => ({ ...place, value: place.value / place.count }));
}

/** The figure over two parameters as lines of equal value through the runs' places; it needs three runs that span an area. */
export function parameterContourDrawing(
  runs: readonly PlacedRun[],
  axes: { x: PlotAxis; y: PlotAxis; value: PlotAxis },
  canvas: Canvas,
): Drawing | null {
  const { scheme } = canvas;
  const columns = [...new Set(runs.map(({ x }) => x))].sort(inOrder);
  const rows = [...new Set(runs.map(({ y }) => y))].sort(inOrder);
  if (columns.length < 2 || rows.length < 2) return null;
  // There is nothing between two categories.
  if ([...columns, ...rows].some((place) => typeof place === "string")) return null;
  const log = logColors(
    runs.map(({ value }) => value),
    axes.value,
  );
  const places = mergedPlaces(runs);
  const shade = log?.of ?? ((value: number | null) => value);
  const means = new Map(places.map(({ x, y, value }) => [placeKey(x, y), value]));
  const points = placedTraces(
    places.map((place) => (place.count > 1 ? { ...place, label: `mean of ${place.count} at this place` } : place)),
    axes,
    [],
    axes.value,
    scheme,
  );
  return {
    bundle: "cartesian",
    traces: [
      {
        type: "contour",
        x: columns,
        y: rows,
        z: rows.map((y) => columns.map((x) => shade(means.get(placeKey(x, y)) ?? null))),
        colorscale: sequential,
        connectgaps: true,
        contours: { coloring: "heatmap" },
        line: { width: 0.5, color: chartInk[scheme] },
        colorbar: { ...colorBar(axes.value, { x: [0, 1], y: [0, 1] }, scheme), ...log?.bar },
        hoverinfo: "skip",
      },
      // A point for each place: runs that lie on one another are one.
      { ...points, marker: { color: chartInk[scheme], size: 5 } },
    ],
    layout: baseLayout(scheme, {
      showlegend: false,
      xaxis: parameterAxis(axes.x, columns, canvas),
      yaxis: parameterAxis(axes.y, rows, canvas),
      margin: { l: axisRoom.left, r: 96, t: 14, b: axisRoom.bottom },
    }),
    height: 420,
    summary: `Contour map of ${axes.value.label} over ${axes.x.label} and ${axes.y.label} from ${runs.length} runs in ${places.length} places.`,
    table: placedTable(runs, axes),
  };
}

/** One panel per parameter: its values against the figure, a point per run, later trials in lighter colours. */
export function sliceDrawing(
  parameters: readonly { axis: PlotAxis; values: readonly (number | string | null)[] }[],
  runs: readonly (RunValue & { trial: number })[],
  value: PlotAxis,
  canvas: Canvas,
): Drawing | null {
  const { scheme, width } = canvas;
  if (parameters.length === 0 || runs.length === 0) return null;
  const panels = layPanels(parameters.length, width, { least: 260, each: 260, gapX: 74, gapY: 80, margins: { x: 150, y: 74 } });
  const axes: Record<string, unknown> = {};
  const traces = parameters.map(({ axis, values }, i): Trace => {
    const [names, place] = [axisNames(i), panels.at(i)];
    const kept = values.filter((each) => each !== null);
    axes[names.xaxis] = {
      ...parameterAxis(axis, kept, canvas),
      domain: place.x,
      anchor: names.y,
      ...(axis.scale === "log" ? {} : { nticks: 5 }),
    };
    axes[names.yaxis] = { ...plotlyAxis(value, scheme), domain: place.y, anchor: names.x, ...(i > 0 ? { matches: "y" } : {}) };
    return {
      type: "scatter",
      mode: "markers",
      x: values,
      y: runs.map((run) => run.value),
      xaxis: names.x,
      yaxis: names.y,
      customdata: runs.map(({ id }) => id),
      text: runs.map(runLabel),
      marker: {
        size: 6,
        opacity: 0.8,
        color: runs.map(({ trial }) => trial),
        colorscale: markScale(scheme),
        showscale: i === 0,
        colorbar: colorBar(dimensionless("trial"), { x: [0, 1], y: [0, 1] }, scheme),
      },
      hovertemplate: `%{text}<br>${plain(axis.label)} %{x} ${plain(axis.unit)}<br>${plain(value.label)} %{y:.5~g} ${plain(value.unit)}<extra></extra>`,
    };
  });
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, { ...axes, showlegend: false, margin: { l: axisRoom.left, r: 90, t: 24, b: axisRoom.bottom } }),
    height: panels.height,
    summary: `${axisTitle(value)} of ${runs.length} runs against each of ${parameters.map(({ axis }) => axis.label).join(", ")}.`,
    table: () => ({
      columns: ["run", ...parameters.map(({ axis }) => axisTitle(axis)), axisTitle(value)],
      rows: runs.map((run, i) => [run.id, ...parameters.map(({ values }) => values[i] ?? null), run.value]),
    }),
  };
}
