import { chartBackground, type Scheme } from "../palette";
import { type Drawing, plain, type PlotlyBundle } from "./drawing";

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

/** A drawing as a picture with its title, on the page's ground. */
export async function drawingImage(
  drawing: Pick<Drawing, "bundle" | "traces" | "layout">,
  options: { title: string; format: ImageFormat; scheme: Scheme; width: number; height: number },
): Promise<Blob> {
  const plotly = await loadPlotly(drawing.bundle);
  const { title, format, scheme, width, height } = options;
  const room = 34;
  const margin = { t: 14, ...(drawing.layout.margin as Record<string, number> | undefined) };
  const url = await plotly.toImage(
    {
      data: drawing.traces,
      layout: {
        ...drawing.layout,
        autosize: false,
        width,
        height: height + room,
        paper_bgcolor: chartBackground[scheme],
        margin: { ...margin, t: margin.t + room },
        title: {
          text: plain(title),
          font: { size: 15 },
          x: 0.01,
          xanchor: "left",
          y: 1,
          yref: "container",
          yanchor: "top",
          pad: { t: 12 },
        },
      },
    },
    { format, width, height: height + room, ...(format === "png" ? { scale: 2 } : {}) },
  );
  return (await fetch(url)).blob();
}
