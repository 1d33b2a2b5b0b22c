import { barsFigure } from "./bars-figure";
import { curveFigure } from "./curve-figure";
import { decisionMapFigure } from "./decision-map-figure";
import type { Figure, PlotOf, Space } from "./figure";
import { contourFigure, heatMapFigure, surfaceFigure } from "./grid-figure";
import { quiverFigure } from "./quiver-figure";
import { scatterFigure } from "./scatter-figure";

/** The kinds of plot data that Plotly draws; the others are images, formulas and tables. */
export type DrawnKind = "curve" | "scatter" | "surface" | "contour" | "heat-map" | "quiver" | "decision-map" | "bars";

export function figureOfPlot(plot: PlotOf<DrawnKind>, space: Space): Figure {
  switch (plot.kind) {
    case "curve":
      return curveFigure(plot, space);
    case "scatter":
      return scatterFigure(plot, space);
    case "surface":
      return surfaceFigure(plot, space);
    case "contour":
      return contourFigure(plot, space);
    case "heat-map":
      return heatMapFigure(plot, space);
    case "quiver":
      return quiverFigure(plot, space);
    case "decision-map":
      return decisionMapFigure(plot, space);
    case "bars":
      return barsFigure(plot, space);
  }
}

/** Names of the parts that can be shown alone; one or none: there is nothing to choose. */
export function layerNames(plot: PlotOf<DrawnKind>): string[] {
  switch (plot.kind) {
    case "surface":
    case "contour":
      return plot.layers.map(({ name }) => name);
    case "quiver":
      return plot.fields.map(({ name }) => name);
    case "decision-map":
      return plot.maps.map(({ name }) => name);
    default:
      return [];
  }
}

/** The plot with only the part of this number; null: with all of them. */
export function withLayer(plot: PlotOf<DrawnKind>, index: number | null): PlotOf<DrawnKind> {
  if (index === null) return plot;
  const only = <T>(all: readonly T[]): T[] => all.slice(index, index + 1);
  switch (plot.kind) {
    case "surface":
    case "contour":
      return { ...plot, layers: only(plot.layers) };
    case "quiver":
      return { ...plot, fields: only(plot.fields) };
    case "decision-map":
      return { ...plot, maps: only(plot.maps) };
    default:
      return plot;
  }
}
