/**
 * How Basin looks: charts, progress, figures and their formats, colours that stay apart for colour-blind readers in light and
 * dark. Presentational only: it fetches nothing, keeps no state beyond a pointer's position, and knows no routes.
 */
export { legendOf } from "./chart/chart-image";
export { ChartLegend, LineSwatch } from "./chart/chart-legend";
export { curvesToCsv, type ChartAxis, type ChartControls, type Curve } from "./chart/curve";
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
export type { Figure, Space } from "./plots/figure";
export { plainLatex } from "./plots/coefficient-curves";
export { takeTurn } from "./plots/draw-turns";
export { FigurePlot } from "./plots/figure-plot";
export { heatMapFigure } from "./plots/grid-figure";
export {
  boxStripFigure,
  pairsFigure,
  stepDistributionFigure,
  type DistributionSteps,
  type PairedRuns,
  type SummarizedGroup,
} from "./plots/group-figures";
export { Formula } from "./plots/formula";
export { mergedPlaces, parameterContourFigure, rankFigure, sliceFigure, type PlacedRun } from "./plots/parameter-figures";
export { plotSamples } from "./plots/plot-kinds";
export { PlotView } from "./plots/plot-view";
export { historyFigure, throughputFigure } from "./plots/progress-figures";
export { parallelFigure, type Coordinate } from "./plots/parallel-figure";
export { preloadPlots } from "./plots/preload-plots";
export { fileName, saveFile } from "./plots/save-file";
export { classBarsFigure, importanceFigure, timelineFigure, type TimelineBar } from "./plots/statistics-figures";
export { termPathsFigure, type TermPaths } from "./plots/term-paths-figure";
export { progressOf } from "./progress";
export { RelativeTime, useNow } from "./relative-time";
export { RunProgress } from "./run-progress";
export { runStateLooks, runStateOrder } from "./run-state";
export { RunStateLabel } from "./run-state-label";
export { Stat } from "./stat";
