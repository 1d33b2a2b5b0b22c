import { axisTitle } from "../chart/curve";
import { formatNumber } from "../format";
import { chartInk } from "../palette";
import {
  axisRoom,
  baseLayout,
  categoryAxis,
  extent,
  type Drawing,
  plain,
  plotlyAxis,
  type PlotOf,
  shortened,
  showing,
  type Canvas,
} from "./drawing";
import { markerColor } from "./scatter-drawing";

/** Bars per category, side by side or stacked, with what their error bars say. */
export function barsDrawing(plot: PlotOf<"bars">, { scheme, width }: Canvas): Drawing {
  // Bins of a histogram: some of their names say where on the axis the others are.
  const many = plot.categories.length > 14;
  const heights = plot.series.flatMap((series) => series.values);
  const values = extent(heights);
  return {
    bundle: "cartesian",
    traces: plot.series.map(({ name, values: bars, low, high }, i) => ({
      type: "bar",
      name: shortened(name),
      x: plot.categories,
      y: bars,
      marker: { color: markerColor(i, scheme) },
      ...(low && high
        ? {
            error_y: {
              type: "data",
              symmetric: false,
              array: bars.map((value, at) => (value === null ? 0 : Math.max(0, (high[at] ?? value) - value))),
              arrayminus: bars.map((value, at) => (value === null ? 0 : Math.max(0, value - (low[at] ?? value)))),
              color: chartInk[scheme],
              thickness: 1.4,
              width: 4,
            },
          }
        : {}),
      hovertemplate: `%{x}<br>${plain(plot.y.label)} %{y:.5~g} ${plain(plot.y.unit)}<extra>${shortened(name)}</extra>`,
    })),
    layout: baseLayout(scheme, {
      barmode: plot.stacked ? "stack" : "group",
      bargap: 0.25,
      xaxis: {
        ...categoryAxis(plot.categoryTitle, scheme),
        showgrid: false,
        ...(many ? { nticks: width < 480 ? 4 : 8, tickangle: 0 } : {}),
      },
      yaxis: plotlyAxis(showing(plot.y, heights), scheme),
      showlegend: plot.series.length > 1,
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
      margin: { l: axisRoom.left, r: axisRoom.right, t: plot.series.length > 1 ? 40 : 14, b: axisRoom.bottom },
    }),
    height: 360,
    summary: `Bars of ${axisTitle(plot.y)} for ${plot.categories.length} categories (${plot.categoryTitle}) in ${plot.series.length} series${values ? `, from ${formatNumber(values[0])} to ${formatNumber(values[1])}` : ""}.`,
    table: () => ({
      columns: [
        plot.categoryTitle,
        ...plot.series.flatMap(({ name, low, high }) => (low && high ? [name, `${name} low`, `${name} high`] : [name])),
      ],
      rows: plot.categories.map((category, at) => [
        category,
        ...plot.series.flatMap(({ values: bars, low, high }) =>
          low && high ? [bars[at] ?? null, low[at] ?? null, high[at] ?? null] : [bars[at] ?? null],
        ),
      ]),
    }),
  };
}
