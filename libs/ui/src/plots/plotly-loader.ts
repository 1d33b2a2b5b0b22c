import type { PlotlyBundle } from "./drawing";

/** Loads a part of Plotly, once. */
export async function loadPlotly(bundle: PlotlyBundle): Promise<PlotlyLibrary> {
  switch (bundle) {
    case "cartesian":
      return (await import("plotly.js-cartesian-dist-min")).default;
    case "gl3d":
      return (await import("plotly.js-gl3d-dist-min")).default;
  }
}

export const plotlyConfig = {
  displaylogo: false,
  displayModeBar: false,
  responsive: false,
  scrollZoom: false,
  doubleClick: "reset",
};

let webGl: boolean | undefined;

/** Whether this browser draws in space. */
export function hasWebGl(): boolean {
  if (webGl === undefined) {
    const context = document.createElement("canvas").getContext("webgl");
    webGl = context !== null;
    context?.getExtension("WEBGL_lose_context")?.loseContext();
  }
  return webGl;
}

export type ImageFormat = "png" | "svg";
