import type { PlotAxis } from "@basin/contracts";
import { axisTitle } from "../chart/curve";
import { formatNumber } from "../format";
import { chartInk, type Scheme } from "../palette";
import { extent, plain } from "./drawing";

/** Viridis (van der Walt and Smith 2015): even steps of lightness, readable with every common colour vision deficiency. */
export const sequential = "Viridis";

/** Plotly's nodes of it. */
const viridisNodes = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 73, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
] as const;

/** The colour at a place from 0 to 1, as #rrggbb. */
function viridis(place: number): string {
  const position = Math.max(0, Math.min(1, place)) * (viridisNodes.length - 1);
  const below = Math.min(viridisNodes.length - 2, Math.floor(position));
  return [0, 1, 2].reduce((text, channel) => {
    const [from, to] = [viridisNodes[below]?.[channel] ?? 0, viridisNodes[below + 1]?.[channel] ?? 0];
    return (
      text +
      Math.round(from + (to - from) * (position - below))
        .toString(16)
        .padStart(2, "0")
    );
  }, "#");
}

type ColorScale = readonly (readonly [number, string])[];

/** The part of Viridis that stands out from the page's ground by 3:1 (WCAG 1.4.11): its dark end is lost on dark, its light one on light. */
const markPart: Readonly<Record<Scheme, readonly [number, number]>> = { light: [0, 0.58], dark: [0.38, 1] };

/** The colour of a line, point or arrow at a place from 0 to 1. Areas use `sequential`. */
export function markColor(place: number, scheme: Scheme): string {
  const [from, to] = markPart[scheme];
  return viridis(from + Math.max(0, Math.min(1, place)) * (to - from));
}

/** `markColor` as a scale of Plotly. */
export function markScale(scheme: Scheme): ColorScale {
  return Array.from({ length: 11 }, (_, i) => [i / 10, markColor(i / 10, scheme)] as const);
}

/** Blue to orange through the page's ground: signs stay apart for colour-blind readers. */
const diverging: Readonly<Record<Scheme, ColorScale>> = {
  light: [
    [0, "#0b3c8f"],
    [0.25, "#6ea3e0"],
    [0.5, "#f7f7f7"],
    [0.75, "#f0a35c"],
    [1, "#8f3d00"],
  ],
  dark: [
    [0, "#9cc8ff"],
    [0.25, "#3d78c4"],
    [0.5, "#2a2c30"],
    [0.75, "#c4701f"],
    [1, "#ffc890"],
  ],
};

/** Scale and range for values: diverging and symmetric where both signs occur in a layer that is an error, else sequential. */
export function colorsOf(values: Iterable<number | null>, scheme: Scheme, signed: boolean): Record<string, unknown> {
  const range = extent(values) ?? [0, 1];
  if (signed && range[0] < 0 && range[1] > 0) {
    const size = Math.max(-range[0], range[1]);
    return { colorscale: diverging[scheme], zmin: -size, zmax: size };
  }
  return { colorscale: sequential, zmin: range[0], zmax: range[1] };
}

/** Positive values of a logarithmic axis on a colour scale: their decades, with a bar that names the values themselves. */
export function logColors(
  values: readonly (number | null)[],
  axis: PlotAxis,
): { of: (value: number | null) => number | null; bar: object } | null {
  const range = extent(values);
  if (axis.scale !== "log" || !range || range[0] <= 0 || range[1] / range[0] < 3) return null;
  const [low, high] = range.map(Math.log10) as [number, number];
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
  // Without two whole decades the ends are named.
  const marks = decades.length >= 2 ? thinnedTo(decades, 6) : [low, (low + high) / 2, high];
  return {
    of: (value) => (value === null || value <= 0 ? null : Math.log10(value)),
    bar: { tickmode: "array", tickvals: marks, ticktext: marks.map((mark) => formatNumber(10 ** mark, 2).replace(/^1×/, "")) },
  };
}

const thinnedTo = (values: readonly number[], most: number): number[] => {
  const every = Math.ceil(values.length / most);
  return values.filter((_, i) => i % every === 0);
};

/** A name that speaks of a difference. */
export const isDifference = (name: string): boolean => /error|differ|residual|deviation|Δ/i.test(name);

/** A narrow colour bar with name and unit, right of a panel. */
export const colorBar = (axis: PlotAxis, place: { x: [number, number]; y: [number, number] }, scheme: Scheme) => ({
  title: { text: plain(axisTitle(axis)), side: "right", font: { size: 12, color: chartInk[scheme] } },
  thickness: 10,
  outlinewidth: 0,
  exponentformat: "power",
  minexponent: 4,
  nticks: 6,
  ticklabeloverflow: "allow",
  tickfont: { size: 11, color: chartInk[scheme] },
  x: place.x[1],
  xanchor: "left",
  xpad: 6,
  y: (place.y[0] + place.y[1]) / 2,
  len: Math.max(0.1, place.y[1] - place.y[0]),
  lenmode: "fraction",
});
