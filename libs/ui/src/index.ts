/**
 * How Basin looks: charts, progress, figures and their formats, colours that stay apart for colour-blind readers in light and
 * dark. Presentational only: it fetches nothing, keeps no state beyond a pointer's position, and knows no routes.
 */
export { chartImage, legendOf, type LegendEntry } from "./chart/chart-image";
export { ChartLegend, LineSwatch, type ChartLegendProps } from "./chart/chart-legend";
export { alignCurves, axisTitle, curvesToCsv, describeCurves, type ChartAxis, type Curve } from "./chart/curve";
export { LineChart, type ChartControls, type LineChartProps } from "./chart/line-chart";
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
} from "./format";
export {
  chartBackground,
  schemeCss,
  seriesColors,
  seriesStyle,
  type Scheme,
  type SchemeColor,
  type SeriesStyle,
} from "./palette";
export { progressOf, type Progress } from "./progress";
export { RelativeTime, useNow } from "./relative-time";
export { RunProgress, type RunProgressProps } from "./run-progress";
export { runStateLooks, runStateOrder, type RunStateLook } from "./run-state";
export { RunStateLabel } from "./run-state-label";
export { Stat } from "./stat";
