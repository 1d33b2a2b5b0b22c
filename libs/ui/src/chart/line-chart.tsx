import type { LineChartProps } from "./line-chart-props";
import css from "./line-chart.module.css";
import { canvas } from "./preload-charts";

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
