import type { Scheme } from "../palette";
import { chartInk } from "../palette";
import { plain } from "./drawing";

/** Places of several panels in one drawing, as fractions of the plotting area. */
export interface Panels {
  columns: number;
  rows: number;
  /** Height of the whole drawing in CSS pixels. */
  height: number;
  at(index: number): { x: [number, number]; y: [number, number] };
}

export interface PanelOptions {
  /** Below this width in CSS pixels the panels wrap. */
  least?: number;
  /** Height of one panel in CSS pixels. */
  each?: number;
  /** Canvas between panels in CSS pixels: for axis names, colour bars and panel titles. */
  gapX?: number;
  gapY?: number;
  /** Left and right, top and bottom margins together. */
  margins?: { x: number; y: number };
}

/** Lays `count` panels out in rows, as many side by side as fit. */
export function layPanels(count: number, width: number, options: PanelOptions = {}): Panels {
  const { least = 330, each = 320, gapX = 110, gapY = 96, margins = { x: 150, y: 84 } } = options;
  const columns = Math.max(1, Math.min(count, Math.floor(width / least)));
  const rows = Math.max(1, Math.ceil(count / columns));
  const inner = Math.max(120, width - margins.x);
  const [gx, gy] = [columns > 1 ? gapX / inner : 0, 0];
  const innerHeight = rows * each + (rows - 1) * gapY;
  const panelWidth = (1 - gx * (columns - 1)) / columns;
  const [panelHeight, rowGap] = [each / innerHeight, gy + (rows > 1 ? gapY / innerHeight : 0)];
  return {
    columns,
    rows,
    height: innerHeight + margins.y,
    at: (index) => {
      const [column, row] = [index % columns, Math.floor(index / columns)];
      const left = column * (panelWidth + gx);
      const top = 1 - row * (panelHeight + rowGap);
      return { x: [left, Math.min(1, left + panelWidth)], y: [Math.max(0, top - panelHeight), Math.min(1, top)] };
    },
  };
}

/** A panel's name above it. */
export const panelTitle = (text: string, place: { x: [number, number]; y: [number, number] }, scheme: Scheme) => ({
  text: `<b>${plain(text)}</b>`,
  x: (place.x[0] + place.x[1]) / 2,
  y: place.y[1],
  xref: "paper",
  yref: "paper",
  xanchor: "center",
  yanchor: "bottom",
  yshift: 4,
  showarrow: false,
  font: { size: 13, color: chartInk[scheme] },
});

/** Plotly's names of the axes of panel 0, 1, …: x, x2, … and xaxis, xaxis2, … */
export const axisNames = (index: number) => {
  const suffix = index === 0 ? "" : String(index + 1);
  return { x: `x${suffix}`, y: `y${suffix}`, xaxis: `xaxis${suffix}`, yaxis: `yaxis${suffix}`, scene: `scene${suffix}` };
};
