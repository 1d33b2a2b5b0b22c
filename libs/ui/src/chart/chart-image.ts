import { chartBackground, chartInk, seriesStyle, type Scheme } from "../palette";
import type { Curve } from "./curve";

export interface LegendEntry {
  group: string;
  style: number;
}

/** The groups of the curves, each once, in order of appearance. */
export function legendOf(curves: readonly Curve[]): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const { group, style } of curves) if (!entries.has(group)) entries.set(group, { group, style });
  return [...entries.values()];
}

/** The drawn plot with its title above and its legend below, as PNG. Rejects when the browser cannot encode it. */
export function chartImage(
  plot: HTMLCanvasElement,
  title: string,
  legend: readonly LegendEntry[],
  scheme: Scheme,
): Promise<Blob> {
  const ratio = plot.width / Math.max(1, plot.clientWidth);
  const font = `${13 * ratio}px system-ui, sans-serif`;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return Promise.reject(new Error("this browser offers no canvas to draw on"));
  context.font = font;
  const line = 20 * ratio;
  const rows: { entry: LegendEntry; x: number; y: number }[] = [];
  let [x, y] = [12 * ratio, 0];
  for (const entry of legend) {
    const width = 40 * ratio + context.measureText(entry.group).width;
    if (x + width > plot.width && x > 12 * ratio) [x, y] = [12 * ratio, y + line];
    rows.push({ entry, x, y });
    x += width;
  }
  canvas.width = plot.width;
  canvas.height = plot.height + line * 1.6 + (rows.length > 0 ? y + line * 1.5 : 0);
  context.fillStyle = chartBackground[scheme];
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = chartInk[scheme];
  context.textBaseline = "middle";
  context.font = `600 ${font}`;
  context.fillText(title, 12 * ratio, line * 0.9);
  context.drawImage(plot, 0, line * 1.6);
  context.font = font;
  for (const row of rows) {
    const middle = plot.height + line * 2.2 + row.y;
    const { color, dash } = seriesStyle(row.entry.style);
    context.strokeStyle = color[scheme];
    context.lineWidth = 2 * ratio;
    context.setLineDash(dash.map((part) => part * ratio));
    context.beginPath();
    context.moveTo(row.x, middle);
    context.lineTo(row.x + 20 * ratio, middle);
    context.stroke();
    context.fillText(row.entry.group, row.x + 26 * ratio, middle);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the plot could not be encoded as PNG"))), "image/png");
  });
}
