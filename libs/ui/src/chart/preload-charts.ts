import { loadedLater } from "../loaded-later";

export const canvas = loadedLater(() => import("./line-chart-canvas").then((module) => module.default));

/** Fetches what draws line charts before the first one is there to be drawn, beside the data it will show. */
export function preloadCharts(): void {
  if (typeof window !== "undefined") canvas.preload();
}
