import type { ParameterGrid, PlotData } from "@basin/contracts";
import { formatParameter } from "@basin/ui";
import { figureAxis } from "../sweep-parts/figure-choice";
import { withinSentence } from "../catalog/metric-title";

export const statistics = [
  { value: "mean", label: "Mean" },
  { value: "median", label: "Median" },
  { value: "best", label: "Best" },
  { value: "success", label: "Success rate" },
] as const;

type HeatMap = Extract<PlotData, { kind: "heat-map" }>;

const written = (value: unknown): string =>
  typeof value === "number" ? formatParameter(Number(value.toPrecision(3))) : formatParameter(value);
const axisName = ({ title, unit }: { title: string; unit: string }): string => (unit === "" ? title : `${title} (${unit})`);

/** A grid as a matrix with named rows and columns, the largest value of y on top when it is a number. */
export function gridHeatMap(grid: ParameterGrid): { plot: HeatMap; runs: number; binned: boolean } {
  const axis = figureAxis(grid.figure);
  const name = statistics.find(({ value }) => value === grid.statistic)?.label ?? grid.statistic;
  const rows = grid.y.values.map((_, i) => i);
  if (grid.y.values.every((value) => typeof value === "number")) rows.reverse();
  return {
    binned: grid.x.edges !== null || grid.y.edges !== null,
    runs: grid.n.flat().reduce((sum, n) => sum + n, 0),
    plot: {
      kind: "heat-map",
      title: grid.statistic === "success" ? name : `${name} of ${withinSentence(axis.label)}`,
      caption: "",
      columns: grid.x.values.map(written),
      rows: rows.map((row) => written(grid.y.values[row])),
      columnTitle: axisName(grid.x),
      rowTitle: axisName(grid.y),
      value: grid.statistic === "success" ? { label: "share of runs that met the criterion", unit: "", scale: "linear" } : axis,
      z: rows.map((row) => grid.z[row] ?? []),
    },
  };
}
