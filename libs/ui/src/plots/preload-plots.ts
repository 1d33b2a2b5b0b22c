/** Fetches what draws figures before the first one is there to be drawn, beside the data it will show. */
export function preloadPlots(): void {
  // Plotly needs a browser from its first line on.
  if (typeof window === "undefined") return;
  void import("./plotly-canvas");
  void import("plotly.js-cartesian-dist-min");
}
