/** Fetches what draws line charts before the first one is there to be drawn, beside the data it will show. */
export function preloadCharts(): void {
  if (typeof window !== "undefined") void import("./line-chart-canvas");
}
