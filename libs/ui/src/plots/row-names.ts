import { chartInk } from "../palette";
import { fontFamily, shortened, type Canvas } from "./drawing";
import { namedTicks } from "./grid-drawing";

let measure: CanvasRenderingContext2D | null = null;

/** CSS pixels that a text takes in a drawing's letters; estimated where there is no browser. */
function textWidth(text: string): number {
  if (typeof document === "undefined") return 7 * text.length;
  measure ??= document.createElement("canvas").getContext("2d");
  if (!measure) return 7 * text.length;
  measure.font = `12px ${fontFamily}`;
  return Math.ceil(measure.measureText(text).width);
}

/** The margin in CSS pixels that names beside an axis take, and a little more than half of the number under its end. */
export const besideAxis = (names: readonly string[]): number => Math.max(28, 12 + Math.max(0, ...names.map(textWidth)));

/** Below this width in CSS pixels, names of rows stand above them. */
export const narrowWidth = 620;

/**
 * A vertical axis of named rows, the first on top: names beside the rows where there is room, cut off at 40 % of the width,
 * else above each row as annotations. `left`: the margin in CSS pixels that they take.
 */
export function rowNames(
  names: readonly string[],
  { scheme, width }: Canvas,
  yref = "y",
): { axis: Record<string, unknown>; notes: object[]; left: number } {
  const shown = names.map((name) => shortened(name, Math.max(24, Math.floor((0.4 * width) / 6.6))));
  const axis = {
    ...namedTicks(names, "", scheme),
    ticktext: shown,
    range: [names.length - 0.35, -0.65],
    automargin: false,
  };
  if (width >= narrowWidth) return { axis, notes: [], left: besideAxis(shown) };
  return {
    axis: { ...axis, showticklabels: false, ticks: "" },
    left: besideAxis([]),
    notes: names.map((name, i) => ({
      text: shortened(name, Math.max(24, Math.floor(width / 6.6))),
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: i - 0.46,
      yref,
      yanchor: "middle",
      showarrow: false,
      font: { size: 11, color: chartInk[scheme] },
    })),
  };
}
