import type { PlotAxis } from "@basin/contracts";
import { axisTitle } from "../chart/curve";
import { formatPercent } from "../format";
import { chartInk, seriesStyle } from "../palette";
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
  shortened,
  type Canvas,
  type Trace,
} from "./drawing";
import { narrowWidth, rowNames } from "./row-names";
import type { DrawnGroup } from "./statistics-drawings";

/** Runs of one configuration with what the server counted over all of them; `runs` may be a sample. */
export interface SummarizedGroup extends DrawnGroup {
  /** Quartiles and whisker ends; null without a finite value. */
  box: { whiskerLow: number; q1: number; median: number; q3: number; whiskerHigh: number } | null;
  /** Share of runs that met the success criterion with its interval; null without a criterion or without finished runs. */
  rate: { rate: number; low: number; high: number; met: number; of: number } | null;
}

/** Fixed places within a row, spread evenly whatever their number: the fractional parts of i·φ. */
const spread = (i: number): number => (((i * 0.618033988749895) % 1) - 0.5) * 0.42;

/**
 * A row per group in the given order from above: every listed run as a point over its box (quartiles, whiskers at the most
 * extreme values within 1.5 interquartile ranges), and beside it the success rate with its interval where there is one.
 */
export function boxStripDrawing(groups: readonly SummarizedGroup[], value: PlotAxis, canvas: Canvas): Drawing | null {
  if (groups.length === 0) return null;
  const { scheme, width } = canvas;
  const rated = groups.some(({ rate }) => rate !== null);
  const wide = width >= narrowWidth;
  const names = groups.map(({ name }) => name);
  const rows = rowNames(names, canvas);
  const ink = chartInk[scheme];
  const boxed = groups.flatMap(({ box, name }, row) => (box ? [{ ...box, name, row }] : []));
  const points = groups.flatMap(({ runs, style, name }, row) =>
    runs.map((run, i) => ({ ...run, style, name, y: row + spread(i) })),
  );
  const each = wide ? 32 : 46;
  const inner = groups.length * each;
  const traces: Trace[] = [
    {
      type: "box",
      orientation: "h",
      y: boxed.map(({ row }) => row),
      q1: boxed.map(({ q1 }) => q1),
      median: boxed.map(({ median }) => median),
      q3: boxed.map(({ q3 }) => q3),
      lowerfence: boxed.map(({ whiskerLow }) => whiskerLow),
      upperfence: boxed.map(({ whiskerHigh }) => whiskerHigh),
      width: wide ? 0.62 : 0.44,
      fillcolor: "rgba(127,127,127,0.12)",
      line: { color: ink, width: 1.2 },
      hoverinfo: "skip",
      showlegend: false,
    },
    ...byColor(points, scheme).map(({ color, items }): Trace => ({
      type: "scatter",
      mode: "markers",
      x: items.map((point) => point.value),
      y: items.map(({ y }) => y),
      customdata: items.map(({ id }) => id),
      text: items.map(({ id, name }) => `${shortened(name)}<br>run ${plain(id)}`),
      marker: { color, size: points.length > 2000 ? 4 : 6, opacity: 0.75 },
      hovertemplate: `%{text}<br>${plain(value.label)} %{x:.5~g} ${plain(value.unit)}<extra></extra>`,
      showlegend: false,
    })),
  ];
  const layout: Record<string, unknown> = {
    xaxis: { ...acrossAxis(value, canvas), domain: [0, rated && wide ? 0.66 : 1], anchor: "y" },
    yaxis: { ...rows.axis },
    annotations: rows.notes,
    showlegend: false,
    margin: { l: rows.left, r: axisRoom.right, t: 14, b: axisRoom.bottom },
  };
  if (rated) {
    const placed = groups.flatMap(({ rate, name, style }, row) => (rate ? [{ ...rate, name, style, row }] : []));
    traces.push({
      type: "scatter",
      mode: "markers",
      xaxis: "x2",
      yaxis: wide ? "y" : "y2",
      x: placed.map(({ rate }) => 100 * rate),
      y: placed.map(({ row }) => row),
      error_x: {
        type: "data",
        symmetric: false,
        array: placed.map(({ rate, high }) => 100 * Math.max(0, high - rate)),
        arrayminus: placed.map(({ rate, low }) => 100 * Math.max(0, rate - low)),
        color: ink,
        thickness: 1.4,
        width: 4,
      },
      text: placed.map(
        ({ name, met, of, rate, low, high }) =>
          `${shortened(name)}<br>${met} of ${of} runs, ${formatPercent(rate)} [${formatPercent(low)}, ${formatPercent(high)}]`,
      ),
      marker: { color: placed.map(({ style }) => seriesStyle(style).color[scheme]), size: 9, line: { color: ink, width: 1 } },
      hovertemplate: "%{text}<extra></extra>",
      showlegend: false,
    });
    const rates = { ...plotlyAxis({ label: "success rate", unit: "%", scale: "linear" }, scheme), range: [-3, 103], nticks: 6 };
    if (wide) layout.xaxis2 = { ...rates, domain: [0.71, 1], anchor: "y" };
    else {
      const gap = 60 / (2 * inner + 60);
      layout.yaxis = { ...rows.axis, domain: [0.5 + gap / 2, 1] };
      layout.yaxis2 = { ...rows.axis, domain: [0, 0.5 - gap / 2], anchor: "x2" };
      layout.xaxis2 = { ...rates, domain: [0, 1], anchor: "y2" };
      layout.annotations = [...rows.notes, ...rowNames(names, canvas, "y2").notes];
    }
  }
  const count = groups.reduce((sum, { runs }) => sum + runs.length, 0);
  return {
    bundle: "cartesian",
    traces,
    layout: baseLayout(scheme, layout),
    height: Math.max(190, 80 + inner * (rated && !wide ? 2 : 1) + (rated && !wide ? 60 : 0)),
    summary: `Distribution of ${axisTitle(value)} over the initializations of ${groups.length} groups, ${count} runs shown${rated ? ", with success rates" : ""}.`,
    table: () => ({
      columns: ["group", "run", axisTitle(value)],
      rows: groups.flatMap(({ name, runs }) => runs.map((run) => [name, run.id, run.value])),
    }),
  };
}

/** Points of one colour are one trace: colours per point make drawing twice as slow. */
function byColor<T extends { style: number }>(points: readonly T[], scheme: Canvas["scheme"]): { color: string; items: T[] }[] {
  const colors = new Map<string, T[]>();
  for (const point of points) {
    const color = seriesStyle(point.style).color[scheme];
    const items = colors.get(color);
    if (items) items.push(point);
    else colors.set(color, [point]);
  }
  return [...colors].map(([color, items]) => ({ color, items }));
}

/** One group's distribution function as points (x, share of finished runs ≤ x). */
export interface DistributionSteps {
  name: string;
  style: number;
  /** Finished runs, those without a value among them. */
  of: number;
  /** Share left of the first step. */
  start: number;
  x: readonly number[];
  y: readonly number[];
}

/** Where all distribution functions begin and end: a little beyond the values, so that the first step rises and a constant has one. */
function reachOf(groups: readonly DistributionSteps[], logarithmic: boolean): [from: number, to: number] {
  const [low, high] = extent(groups.flatMap(({ x }) => x)) ?? [0, 1];
  if (logarithmic && low > 0) {
    const beyond = high > low ? (high / low) ** 0.03 : 1.1;
    return [low / beyond, high * beyond];
  }
  const beyond = high > low ? 0.03 * (high - low) : 0.1 * Math.abs(low) || 1;
  return [low - beyond, high + beyond];
}

/** Distribution functions that were computed elsewhere, as steps. */
export function stepDistributionDrawing(groups: readonly DistributionSteps[], value: PlotAxis, canvas: Canvas): Drawing | null {
  const { scheme } = canvas;
  const drawn = groups.filter(({ x }) => x.length > 0);
  if (drawn.length === 0) return null;
  const [from, to] = reachOf(drawn, value.scale === "log");
  return {
    bundle: "cartesian",
    traces: drawn.map(({ name, style, of, start, x, y }) => ({
      type: "scatter",
      mode: "lines",
      x: [from, ...x, to],
      y: [start, ...y, y.at(-1) ?? start],
      name: shortened(name),
      line: { ...lineOf(style, scheme), shape: "hv" },
      hovertemplate: `${plain(value.label)} ≤ %{x:.5~g} ${plain(value.unit)}: share %{y:.3~g} of ${of} runs<extra>${shortened(name)}</extra>`,
    })),
    layout: baseLayout(scheme, {
      xaxis: acrossAxis(value, canvas),
      yaxis: { ...plotlyAxis(dimensionless("share of finished runs at or below"), scheme), range: [0, 1.02] },
      showlegend: drawn.length > 1,
    }),
    height: 380 + 18 * Math.ceil(drawn.length / 4),
    summary: `Empirical distribution function of ${axisTitle(value)} for ${drawn.length} groups.`,
    table: () => ({
      columns: ["group", axisTitle(value), "share at or below"],
      rows: drawn.flatMap(({ name, x, y }) => x.map((at, i) => [name, at, y[i] ?? null])),
    }),
  };
}

/** Points of two figures of the same runs, one colour per group; runs that met the criterion are filled. */
export interface PairedRuns {
  name: string;
  style: number;
  runs: readonly { id: string; x: number; y: number; met: boolean | null }[];
}

/** One figure of runs against another. */
export function pairsDrawing(groups: readonly PairedRuns[], axes: { x: PlotAxis; y: PlotAxis }, canvas: Canvas): Drawing | null {
  const { scheme } = canvas;
  const count = groups.reduce((sum, { runs }) => sum + runs.length, 0);
  if (count === 0) return null;
  // More would take more room than the points; hovering names the group.
  const named = groups.length > 1 && groups.length <= 12;
  // Points that look alike are one trace: with a trace per group and looks per point, drawing takes several times as long.
  const looks = new Map<
    string,
    { name: string; color: string; open: boolean; runs: (PairedRuns["runs"][number] & { group: string })[] }
  >();
  for (const { name, style, runs } of groups) {
    const color = seriesStyle(style).color[scheme];
    for (const run of runs) {
      const open = run.met === false;
      const key = `${named ? name : ""} ${color} ${open}`;
      const look = looks.get(key) ?? { name: named ? name : "", color, open, runs: [] };
      looks.set(key, look);
      look.runs.push({ ...run, group: name });
    }
  }
  const drawn = [...looks.values()];
  return {
    bundle: "cartesian",
    traces: drawn.map(({ name, color, open, runs }, i) => ({
      type: "scatter",
      mode: "markers",
      name: shortened(name),
      legendgroup: name,
      x: runs.map(({ x }) => x),
      y: runs.map(({ y }) => y),
      customdata: runs.map(({ id }) => id),
      text: runs.map(
        ({ id, met, group }) => `${shortened(group)}<br>run ${plain(id)}${met === null ? "" : met ? ", met" : ", not met"}`,
      ),
      marker: {
        color,
        size: count > 2000 ? 5 : 8,
        opacity: 0.8,
        symbol: open ? "circle-open" : "circle",
        line: { color, width: 1.4 },
      },
      showlegend: named && drawn.findIndex((one) => one.name === name) === i,
      hovertemplate: `%{text}<br>${plain(axes.x.label)} %{x:.5~g} ${plain(axes.x.unit)}<br>${plain(axes.y.label)} %{y:.5~g} ${plain(axes.y.unit)}<extra></extra>`,
    })),
    layout: baseLayout(scheme, {
      xaxis: acrossAxis(axes.x, canvas),
      yaxis: plotlyAxis(axes.y, scheme),
      showlegend: named,
    }),
    height: 440,
    summary: `${axisTitle(axes.y)} against ${axisTitle(axes.x)} of ${count} runs.`,
    table: () => ({
      columns: ["group", "run", axisTitle(axes.x), axisTitle(axes.y), "met"],
      rows: groups.flatMap(({ name, runs }) =>
        runs.map(({ id, x, y, met }) => [name, id, x, y, met === null ? null : met ? "yes" : "no"]),
      ),
    }),
  };
}
