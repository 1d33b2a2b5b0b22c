import type { Ref } from "react";
import type { Scheme } from "../palette";
import type { ChartAxis, Curve } from "./curve";
import css from "./line-chart.module.css";
import { canvas } from "./preload-charts";

export interface ChartControls {
  /** The chart as it is shown, with title and legend, as PNG. */
  image(): Promise<Blob>;
  /** The same lines, bands and axes as SVG, drawn by Plotly; the zoom along x stays. */
  svg(): Promise<Blob>;
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

/**
 * Many lines over a common axis, with bands, linear or logarithmic, drawn by uPlot, which is loaded when the first chart is
 * shown. Pointing names the nearest line; dragging zooms along x, "Show all" or a double click returns. New data keeps the zoom.
 */
export function LineChart(props: LineChartProps) {
  const height = props.height ?? 360;
  return (
    <canvas.Content
      given={props}
      waiting={
        <div className={css.wait} style={{ height }}>
          Loading the chart …
        </div>
      }
    />
  );
}
