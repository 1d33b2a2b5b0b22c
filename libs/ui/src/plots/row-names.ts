import { chartInk } from "../palette";
import { shortened, type Space } from "./figure";
import { namedTicks } from "./grid-figure";

/** Below this width in CSS pixels, names of rows stand above them. */
export const narrowWidth = 620;

/**
 * A vertical axis of named rows, the first on top: names beside the rows where there is room, cut off at 40 % of the width,
 * else above each row as annotations.
 */
export function rowNames(
  names: readonly string[],
  { scheme, width }: Space,
  yref = "y",
): { axis: Record<string, unknown>; notes: object[] } {
  const axis = {
    ...namedTicks(names, "", scheme),
    ticktext: names.map((name) => shortened(name, Math.max(24, Math.floor((0.4 * width) / 6.6)))),
    range: [names.length - 0.35, -0.65],
  };
  if (width >= narrowWidth) return { axis, notes: [] };
  return {
    axis: { ...axis, showticklabels: false, ticks: "", automargin: false },
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
