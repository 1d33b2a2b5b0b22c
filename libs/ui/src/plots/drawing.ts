import type { PlotAxis, PlotData } from "@basin/contracts";
import { axisTitle } from "../chart/curve";
import { chartGrid, chartInk, seriesStyle, type Scheme } from "../palette";
import type { DataTable } from "./data-table";

/** One trace in Plotly's own vocabulary (plotly.com/javascript/reference). */
export interface Trace {
  type: string;
  [option: string]: unknown;
}

/** Which part of Plotly draws a drawing; each is loaded when its first drawing is shown. */
export type PlotlyBundle = "cartesian" | "gl3d";

/** Lines over axes that stand side by side, and how they are drawn while some are brushed away. */
export interface ParallelLines {
  /** Per axis and line: 0 at the lower end of the axis, 1 at the upper; NaN: the line has no value there. */
  heights: readonly Float64Array[];
  /** Where the first axis, the last axis and both ends are, in CSS pixels from the borders of the drawing. */
  margin: { l: number; r: number; t: number; b: number };
  /** `kept`: lines that pass the brushes; null: all. */
  traces: (kept: readonly number[] | null) => Trace[];
}

/** A drawing that is ready for Plotly, with what people who do not see it need. */
export interface Drawing {
  bundle: PlotlyBundle;
  traces: Trace[];
  layout: Record<string, unknown>;
  /** CSS pixels. */
  height: number;
  /** One sentence. */
  summary: string;
  table: () => DataTable;
  /** Drawn instead where the browser has no WebGL. */
  fallback?: Drawing;
  /** Its axes can be brushed. */
  parallel?: ParallelLines;
}

/** The plot data of one kind. */
export type PlotOf<K extends PlotData["kind"]> = Extract<PlotData, { kind: K }>;

/** What a drawing is drawn into. */
export interface Canvas {
  scheme: Scheme;
  /** CSS pixels. */
  width: number;
}

export const dimensionless = (label: string, scale: PlotAxis["scale"] = "linear"): PlotAxis => ({ label, unit: "", scale });

/** Text as Plotly must show it: its labels know some HTML tags. */
export const plain = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Long names would push a legend over its plot. */
export const shortened = (text: string, length = 44): string =>
  plain(text.length > length ? `${text.slice(0, length - 1)}…` : text);

export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

/** A series' dash in Plotly's words. */
export const plotlyDash = (dash: readonly number[]): string =>
  dash.length === 0 ? "solid" : dash.map((part) => `${part}px`).join(",");

export function lineOf(index: number, scheme: Scheme, width = 2): { color: string; width: number; dash: string } {
  const { color, dash } = seriesStyle(index);
  return { color: color[scheme], width, dash: plotlyDash(dash) };
}

/** The colour with an opacity from 0 to 1. */
export const faded = (hex: string, opacity: number): string =>
  `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, "0")}`;

/**
 * Margins in CSS pixels that hold the numbers and the name of an axis as a rule. Where they do not, Plotly widens them, and for that
 * draws the whole drawing a second time.
 */
export const axisRoom = { left: 80, right: 24, bottom: 54 } as const;

/** Options of an axis with its name and unit. */
export function plotlyAxis(axis: PlotAxis, scheme: Scheme): Record<string, unknown> {
  return {
    // A distance to no name would have every number measured all the same.
    title: { text: plain(axisTitle(axis)), ...(axis.label === "" ? {} : { standoff: 10 }), font: { size: 12.5 } },
    type: axis.scale === "log" ? "log" : "linear",
    automargin: true,
    color: chartInk[scheme],
    gridcolor: chartGrid[scheme],
    zerolinecolor: chartGrid[scheme],
    linecolor: chartGrid[scheme],
    tickcolor: chartGrid[scheme],
    ticks: "outside",
    ticklen: 4,
    // By default Plotly measures every number of every axis once more, to hide those that leave the drawing: a third of its time.
    ticklabeloverflow: "allow",
    exponentformat: "power",
    minexponent: 4,
    // Nine numbers a decade are a smear. So few make Plotly write 1, 2 and 5 of each, or whole decades where there are many.
    ...(axis.scale === "log" ? { nticks: 3, tickformat: "~g" } : { nticks: 8 }),
  };
}

/** An axis that can show something of its values: a logarithmic one on which none is positive becomes linear. */
export const showing = (axis: PlotAxis, values: readonly (number | null)[]): PlotAxis =>
  axis.scale === "log" && values.length > 0 && !values.some((value) => value !== null && value > 0)
    ? { ...axis, scale: "linear" }
    : axis;

/** The same along a drawing's width: a narrow one has room for few numbers. */
export const acrossAxis = (axis: PlotAxis, { scheme, width }: Canvas): Record<string, unknown> => ({
  ...plotlyAxis(axis, scheme),
  ...(width < 480 && axis.scale !== "log" ? { nticks: 6 } : {}),
});

/** An axis of categories, with short names and the full ones on hover. */
export const categoryAxis = (label: string, scheme: Scheme): Record<string, unknown> => ({
  ...plotlyAxis(dimensionless(label), scheme),
  type: "category",
  nticks: 0,
});

/** What all drawings have in common: transparent ground, ink, legend below, hover, and a zoom that new data does not reset. */
export function baseLayout(scheme: Scheme, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: fontFamily, size: 12, color: chartInk[scheme] },
    margin: { l: axisRoom.left, r: axisRoom.right, t: 14, b: axisRoom.bottom },
    legend: { orientation: "h", x: 0, xanchor: "left", y: -0.2, yanchor: "top", font: { size: 12 } },
    hovermode: "closest",
    hoverlabel: { font: { family: fontFamily, size: 12 }, namelength: 60 },
    dragmode: "zoom",
    uirevision: "kept",
    ...more,
  };
}

/** The finite numbers. */
export const finite = (values: readonly (number | null | undefined)[]): number[] =>
  values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));

/** Lowest and highest finite value; null when there is none. */
export function extent(values: Iterable<number | null | undefined>): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
