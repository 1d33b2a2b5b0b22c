import { formatNumber } from "../format";
import { chartBackground, chartInk, inkOn, seriesColors, seriesStyle } from "../palette";
import { type RunStateLook } from "../run-state";
import {
  axisRoom,
  baseLayout,
  dimensionless,
  type Drawing,
  plain,
  plotlyAxis,
  shortened,
  type Canvas,
  type Trace,
} from "./drawing";
import { longestName, namedTicks } from "./grid-drawing";
import { besideAxis, narrowWidth, rowNames } from "./row-names";

/** A figure of one run: `id` comes back when its point is pressed. */
export interface RunValue {
  id: string;
  value: number;
  /** What the point is called; default: "run" and its id. */
  label?: string;
}

export const runLabel = ({ id, label }: Pick<RunValue, "id" | "label">): string => plain(label ?? `run ${id}`);
/** Runs of one configuration; `style` is the number of the group's look. */
export interface DrawnGroup {
  name: string;
  style: number;
  runs: readonly RunValue[];
}

/** The counts of stacked bars that end at 100, written where they fit; Plotly itself would measure each of them in the page. */
function countsInBars(rows: readonly (readonly number[])[], barLength: number, scheme: Canvas["scheme"]): Trace[] {
  const texts = rows.flatMap((counts, row) => {
    const total = Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
    let before = 0;
    return counts.flatMap((count, at) => {
      const [from, text] = [before, String(count)];
      before += count;
      const fits = count > 0 && (count / total) * barLength > 8 * text.length + 4;
      return fits ? [{ x: (100 * (from + count / 2)) / total, y: row, text, color: inkOn(seriesStyle(at).color[scheme]) }] : [];
    });
  });
  return texts.length === 0
    ? []
    : [
        {
          type: "scatter",
          mode: "text",
          x: texts.map(({ x }) => x),
          y: texts.map(({ y }) => y),
          text: texts.map(({ text }) => text),
          textfont: { size: 12, color: texts.map(({ color }) => color) },
          hoverinfo: "skip",
          showlegend: false,
        },
      ];
}

/** How many runs of each group are of each class, as stacked shares with their counts. */
export function classBarsDrawing(
  groups: readonly { name: string; counts: readonly number[] }[],
  classes: readonly string[],
  canvas: Canvas,
): Drawing | null {
  const { scheme } = canvas;
  if (groups.length === 0 || classes.length === 0) return null;
  const totals = groups.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const places = groups.map((_, i) => i);
  const rows = rowNames(
    groups.map(({ name }) => name),
    canvas,
  );
  const wide = canvas.width >= narrowWidth;
  const inner = canvas.width - rows.left - axisRoom.right;
  const bars = classes.map((name, at) => ({
    type: "bar",
    orientation: "h",
    name: shortened(name),
    y: places,
    x: groups.map(({ counts }, i) => (100 * (counts[at] ?? 0)) / Math.max(1, totals[i] ?? 0)),
    showlegend: groups.some(({ counts }) => (counts[at] ?? 0) > 0),
    customdata: groups.map(({ name: group, counts }, i) => [plain(group), counts[at] ?? 0, totals[i] ?? 0]),
    marker: {
      color: seriesStyle(at).color[scheme],
      // From the ninth class on the colours come again.
      pattern: {
        shape: at >= seriesColors.length ? "x" : at % 2 === 1 ? "/" : "",
        solidity: 0.12,
        fillmode: "overlay",
        fgcolor: chartBackground[scheme],
      },
    },
    hovertemplate: "%{customdata[0]}<br>%{customdata[1]} of %{customdata[2]} runs<extra>%{fullData.name}</extra>",
  }));
  return {
    bundle: "cartesian",
    traces: [
      ...bars,
      ...countsInBars(
        groups.map(({ counts }) => counts),
        inner,
        scheme,
      ),
    ],
    layout: baseLayout(scheme, {
      barmode: "stack",
      bargap: wide ? 0.3 : 0.52,
      xaxis: { ...plotlyAxis({ label: "share of runs", unit: "%", scale: "linear" }, scheme), range: [0, 100] },
      yaxis: rows.axis,
      annotations: rows.notes,
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", traceorder: "normal" },
      margin: { l: rows.left, r: axisRoom.right, t: 44, b: axisRoom.bottom },
    }),
    height: Math.max(200, 110 + (wide ? 34 : 48) * groups.length),
    summary: `Shares of ${classes.join(", ")} among the runs of ${groups.length} groups.`,
    table: () => ({ columns: ["group", ...classes], rows: groups.map(({ name, counts }) => [name, ...counts]) }),
  };
}

/** An attempt on a trainer; times are milliseconds since 1970. */
export interface TimelineBar {
  id: string;
  lane: string;
  from: number;
  to: number;
  state: string;
  look: RunStateLook["color"];
  /** What the bar is called; default: "run" and its id. */
  label?: string;
}

/** When which trainer worked on which run: a lane per trainer, coloured by the run's state. */
export function timelineDrawing(bars: readonly TimelineBar[], { scheme, width }: Canvas): Drawing | null {
  if (bars.length === 0) return null;
  const lanes = [...new Set(bars.map(({ lane }) => lane))].sort();
  const states = [...new Set(bars.map(({ state }) => state))];
  return {
    bundle: "cartesian",
    traces: states.map((state) => {
      const mine = bars.filter((bar) => bar.state === state);
      return {
        type: "bar",
        orientation: "h",
        name: plain(state),
        y: mine.map(({ lane }) => lanes.indexOf(lane)),
        base: mine.map(({ from }) => new Date(from).toISOString()),
        x: mine.map(({ from, to }) => Math.max(1, to - from)),
        customdata: mine.map(({ id }) => id),
        text: mine.map(({ from, to, ...bar }) => `${runLabel(bar)}, ${formatNumber((to - from) / 1000, 3)} s`),
        textposition: "none",
        marker: { color: mine[0]?.look[scheme] ?? chartInk[scheme], line: { width: 0 } },
        opacity: 0.8,
        hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
      };
    }),
    layout: baseLayout(scheme, {
      barmode: "overlay",
      bargap: 0.35,
      xaxis: { ...plotlyAxis(dimensionless("time"), scheme), type: "date", nticks: width < narrowWidth ? 3 : 6 },
      yaxis: { ...namedTicks(lanes, "", scheme), range: [lanes.length - 0.5, -0.5], automargin: false },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
      margin: { l: besideAxis(lanes.map((lane) => shortened(lane, longestName))), r: axisRoom.right, t: 40, b: axisRoom.bottom },
      showlegend: true,
    }),
    height: Math.max(190, 110 + 44 * lanes.length),
    summary: `Timeline of ${bars.length} attempts on ${lanes.length} trainers.`,
    table: () => ({
      columns: ["run", "trainer", "from", "to", "state"],
      rows: bars.map(({ id, lane, from, to, state }) => [
        id,
        lane,
        new Date(from).toISOString(),
        new Date(to).toISOString(),
        state,
      ]),
    }),
  };
}

/** How much of the figure's variation each parameter explains, largest first. */
export function importanceDrawing(
  importances: readonly { name: string; share: number; low?: number; high?: number }[],
  method: string,
  { scheme }: Canvas,
  /** The shares are of one whole, which the axis shows. */
  ofWhole = false,
): Drawing | null {
  if (importances.length === 0) return null;
  const sorted = [...importances].sort((a, b) => b.share - a.share);
  return {
    bundle: "cartesian",
    traces: [
      {
        type: "bar",
        orientation: "h",
        y: sorted.map((_, i) => i),
        x: sorted.map(({ share }) => share),
        text: sorted.map(({ share }) => formatNumber(share, 2)),
        customdata: sorted.map(({ name }) => plain(name)),
        textposition: "outside",
        cliponaxis: false,
        marker: { color: seriesStyle(0).color[scheme] },
        hovertemplate: "%{customdata}: %{x:.3~g}<extra></extra>",
      },
    ],
    layout: baseLayout(scheme, {
      bargap: 0.35,
      xaxis: {
        ...plotlyAxis(dimensionless(`importance (${method})`), scheme),
        ...(ofWhole ? { range: [0, 1.08], tickvals: [0, 0.25, 0.5, 0.75, 1] } : { rangemode: "tozero" }),
      },
      yaxis: {
        ...namedTicks(
          sorted.map(({ name }) => name),
          "",
          scheme,
        ),
        range: [sorted.length - 0.5, -0.5],
        automargin: false,
      },
      margin: { l: besideAxis(sorted.map(({ name }) => shortened(name, longestName))), r: 40, t: 14, b: axisRoom.bottom },
    }),
    height: Math.max(160, 80 + 30 * sorted.length),
    summary: `Importance by ${method}: ${sorted.map(({ name, share }) => `${name} ${formatNumber(share, 2)}`).join(", ")}.`,
    table: () => ({ columns: ["parameter", `importance (${method})`], rows: sorted.map(({ name, share }) => [name, share]) }),
  };
}
