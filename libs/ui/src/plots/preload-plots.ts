import { loadedLater } from "../loaded-later";

export const canvas = loadedLater(() => import("./plotly-canvas").then((module) => module.default));

/**
 * Fetches what draws drawings before the first one is there to be drawn, beside the data it will show. Plotly's first run keeps the
 * page busy for half a second: ask for the data first.
 */
export function preloadPlots(): void {
  // Plotly needs a browser from its first line on.
  if (typeof window === "undefined") return;
  canvas.preload();
  void import("plotly.js-cartesian-dist-min");
}
