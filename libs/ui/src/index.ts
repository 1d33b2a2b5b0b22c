/**
 * How Basin looks: charts, progress, figures and their formats, colours that stay apart for colour-blind readers in light and
 * dark. Presentational only: it fetches nothing, keeps no state beyond a pointer's position, and knows no routes.
 */
export { legendOf } from "./chart/legend";
export { ChartLegend, LineSwatch } from "./chart/chart-legend";
export { curvesToCsv, type ChartAxis, type Curve } from "./chart/curve";
export type { ChartControls } from "./chart/line-chart-props";
export { ExperimentPicture } from "./experiment-picture";
export { loadedLater } from "./loaded-later";
export { preloadCharts } from "./chart/preload-charts";
export { LineChart } from "./chart/line-chart";
export {
  exactNumber,
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatNumber,
  formatParameter,
  formatPercent,
  missing,
  setDefaultDigits,
} from "./format";
export type { Drawing, Canvas } from "./plots/drawing";
export { inkOn, schemeCss, type SchemeColor } from "./palette";
export { plainLatex } from "./plots/coefficient-curves";
export { takeTurn } from "./plots/draw-turns";
export { DrawingPlot } from "./plots/drawing-plot";
export { heatMapDrawing } from "./plots/grid-drawing";
export {
  boxStripDrawing,
  pairsDrawing,
  stepDistributionDrawing,
  type DistributionSteps,
  type PairedRuns,
  type SummarizedGroup,
} from "./plots/group-drawings";
export { Formula } from "./plots/formula";
export { mergedPlaces, parameterContourDrawing, rankDrawing, sliceDrawing, type PlacedRun } from "./plots/parameter-drawings";
export { plotSamples } from "./plots/plot-kinds";
export { PlotView } from "./plots/plot-view";
export { historyDrawing, throughputDrawing } from "./plots/progress-drawings";
export { parallelDrawing, type Coordinate } from "./plots/parallel-drawing";
export { preloadPlots } from "./plots/preload-plots";
export { FigureButton } from "./plots/figure-button";
export { fileName, saveFile } from "./plots/save-file";
export { classBarsDrawing, importanceDrawing, timelineDrawing, type TimelineBar } from "./plots/statistics-drawings";
export { termPathsDrawing, type TermPaths } from "./plots/term-paths-drawing";
export { progressOf } from "./progress";
export { RelativeTime, useNow } from "./relative-time";
export { RunProgress } from "./run-progress";
export { OutcomeLabel, outcomeLooks } from "./run-outcome";
export { runStateLooks, runStateOrder } from "./run-state";
export { RunStateLabel } from "./run-state-label";
export { Stat } from "./stat";
