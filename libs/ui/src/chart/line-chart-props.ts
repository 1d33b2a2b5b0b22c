import type { Ref } from "react";
import type { Scheme } from "../palette";
import type { Drawing } from "../plots/drawing";
import type { ChartAxis, Curve } from "./curve";

export interface ChartControls {
  /** The lines, bands and axes that are shown, for print; the zoom along x stays. */
  drawing(): Drawing;
}

export interface LineChartProps {
  curves: readonly Curve[];
  x: ChartAxis;
  y: ChartAxis;
  scale: "linear" | "log";
  /** Of the common axis; default linear. A logarithmic one has no place for steps ≤ 0. */
  xScale?: "linear" | "log";
  scheme: Scheme;
  /** Names the chart for screen readers and in the saved picture. */
  title: string;
  /** CSS pixels, default 360. */
  height?: number;
  /** A group that stands out while the others fade. */
  highlighted?: string | null;
  /** Groups that are not drawn. */
  hidden?: ReadonlySet<string>;
  controls?: Ref<ChartControls>;
}
