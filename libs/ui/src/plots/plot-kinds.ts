import { PlotData, type PlotKind } from "@basin/contracts";
import type { Drawing, PlotOf, Canvas } from "./drawing";
import { bars } from "./kinds/bars";
import { contour } from "./kinds/contour";
import { curve } from "./kinds/curve";
import { decisionMap } from "./kinds/decision-map";
import { equation } from "./kinds/equation";
import { heatMap } from "./kinds/heat-map";
import { imageGrid } from "./kinds/image-grid";
import { quiver } from "./kinds/quiver";
import { scatter } from "./kinds/scatter";
import { surface } from "./kinds/surface";
import { table } from "./kinds/table";
import type { DrawnKind, ViewedKind } from "./plot-kind";

/** Every kind of plot data, the most telling first: the picture of the first that an experiment has stands for it. */
export const plotKinds = {
  equation,
  surface,
  contour,
  "decision-map": decisionMap,
  "heat-map": heatMap,
  "image-grid": imageGrid,
  quiver,
  scatter,
  curve,
  bars,
  table,
} satisfies { [K in PlotKind]: DrawnKind<K> | ViewedKind<K> };

/** The kinds that Plotly draws. */
export type DrawnKindName = {
  [K in PlotKind]: (typeof plotKinds)[K] extends DrawnKind<K> ? K : never;
}[PlotKind];
export type ViewedKindName = Exclude<PlotKind, DrawnKindName>;

const drawnKinds: { [K in DrawnKindName]: DrawnKind<K> } = plotKinds;
const viewedKinds: { [K in ViewedKindName]: ViewedKind<K> } = plotKinds;

export const isDrawn = (plot: PlotData): plot is PlotOf<DrawnKindName> => "drawing" in plotKinds[plot.kind];

/** What shows a plot of a kind that Plotly does not draw. */
export const viewOf = <K extends ViewedKindName>(kind: K): ViewedKind<K>["View"] => viewedKinds[kind].View;

export const drawingOfPlot = (plot: PlotOf<DrawnKindName>, canvas: Canvas): Drawing => drawingOf(plot.kind, plot, canvas);
const drawingOf = <K extends DrawnKindName>(kind: K, plot: PlotOf<K>, canvas: Canvas): Drawing =>
  drawnKinds[kind].drawing(plot, canvas);

/** Names of the parts that can be shown alone; one or none: there is nothing to choose. */
export const layerNames = (plot: PlotOf<DrawnKindName>): string[] => namesOf(plot.kind, plot);
const namesOf = <K extends DrawnKindName>(kind: K, plot: PlotOf<K>): string[] => drawnKinds[kind].layers?.names(plot) ?? [];

/** The plot with only the part of this number; null: with all of them. */
export const withLayer = (plot: PlotOf<DrawnKindName>, index: number | null): PlotOf<DrawnKindName> =>
  index === null ? plot : layerOf(plot.kind, plot, index);
const layerOf = <K extends DrawnKindName>(kind: K, plot: PlotOf<K>, index: number): PlotOf<K> =>
  drawnKinds[kind].layers?.only(plot, index) ?? plot;

/** The samples of every kind. */
export const plotSamples = (): PlotData[] =>
  Object.entries(plotKinds).flatMap(([kind, { samples }]) => samples().map((sample) => PlotData.parse({ kind, ...sample })));
