import type { PlotAxis } from "@basin/contracts";
import { axisTitle } from "../chart/curve";
import { seriesStyle } from "../palette";
import { runStateLooks } from "../run-state";
import { axisRoom, baseLayout, dimensionless, type Drawing, plain, plotlyAxis, type Canvas } from "./drawing";
import { narrowWidth } from "./row-names";

/** Runs in the order in which they finished, with the best value until then, as parallel arrays. */
export interface History {
  runs: readonly string[];
  order: readonly number[];
  values: readonly number[];
  best: readonly number[];
}

/** Every finished run's figure and the best so far, over the number of runs finished before. */
export function historyDrawing({ runs, order, values, best }: History, value: PlotAxis, { scheme }: Canvas): Drawing | null {
  if (runs.length === 0) return null;
  return {
    bundle: "cartesian",
    traces: [
      {
        type: "scatter",
        mode: "markers",
        name: "run",
        x: order.map((at) => at + 1),
        y: values,
        customdata: runs,
        text: runs,
        marker: { color: seriesStyle(5).color[scheme], size: runs.length > 600 ? 4 : 6, opacity: 0.6 },
        hovertemplate: `run %{text}, the %{x}. to finish<br>${plain(value.label)} %{y:.5~g} ${plain(value.unit)}<extra></extra>`,
      },
      {
        type: "scatter",
        mode: "lines",
        name: "best so far",
        x: order.map((at) => at + 1),
        y: best,
        line: { color: seriesStyle(1).color[scheme], width: 2.5, shape: "hv" },
        hoverinfo: "skip",
      },
    ],
    layout: baseLayout(scheme, {
      xaxis: plotlyAxis(dimensionless("runs finished"), scheme),
      yaxis: plotlyAxis(value, scheme),
      showlegend: true,
    }),
    height: 360,
    summary: `${axisTitle(value)} of ${runs.length} runs in the order in which they finished, with the best so far.`,
    table: () => ({
      columns: ["number", "run", axisTitle(value), "best so far"],
      rows: runs.map((run, i) => [(order[i] ?? 0) + 1, run, values[i] ?? null, best[i] ?? null]),
    }),
  };
}

/** Runs that ended in each stretch of time, as parallel arrays; `starts` are ISO times. */
export interface Throughput {
  binSeconds: number;
  starts: readonly string[];
  succeeded: readonly number[];
  diverged: readonly number[];
  failed: readonly number[];
}

/** How many runs ended per stretch of time, stacked by how. */
export function throughputDrawing({ binSeconds, starts, ...counts }: Throughput, { scheme, width }: Canvas): Drawing | null {
  if (starts.length === 0) return null;
  const shown = (["succeeded", "diverged", "failed"] as const).filter((state) => counts[state].some((count) => count > 0));
  if (shown.length === 0) return null;
  const seconds = Number(binSeconds.toPrecision(3));
  return {
    bundle: "cartesian",
    traces: shown.map((state) => ({
      type: "bar",
      name: runStateLooks[state].label,
      x: starts,
      xperiodalignment: "start",
      offset: 0,
      width: starts.map(() => binSeconds * 1000),
      y: counts[state],
      marker: { color: runStateLooks[state].color[scheme], line: { width: 0 } },
      hovertemplate: `%{y} ${runStateLooks[state].label} in ${seconds} s from %{x|%H:%M:%S}<extra></extra>`,
    })),
    layout: baseLayout(scheme, {
      barmode: "stack",
      bargap: 0,
      xaxis: { ...plotlyAxis(dimensionless("time"), scheme), type: "date", nticks: width < narrowWidth ? 3 : 6 },
      yaxis: { ...plotlyAxis(dimensionless(`runs ended in ${seconds} s`), scheme), rangemode: "tozero" },
      showlegend: shown.length > 1,
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", traceorder: "normal" },
      margin: { l: axisRoom.left, r: axisRoom.right, t: 36, b: axisRoom.bottom },
    }),
    height: 340,
    summary: `Runs ended in stretches of ${seconds} s, ${starts.length} of them.`,
    table: () => ({
      columns: ["from", ...(["succeeded", "diverged", "failed"] as const).map((state) => runStateLooks[state].label)],
      rows: starts.map((start, i) => [start, counts.succeeded[i] ?? 0, counts.diverged[i] ?? 0, counts.failed[i] ?? 0]),
    }),
  };
}
