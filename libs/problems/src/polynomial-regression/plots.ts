import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import type { NetworkWeights } from "../kinds/trained-network";
import { columnNames, trueCoefficients, type Part } from "./polynomial";

export const polynomialRegressionPlots: readonly PlotDescriptor[] = [
  { id: "prediction", title: "Prediction against truth", kind: "scatter" },
  { id: "coefficients", title: "Coefficients", kind: "bars" },
];

export function plotsOf({ targets }: Part, predictions: Float32Array, weights: NetworkWeights): PlotsById {
  const truth = [...targets];
  const learned = weights["layers.1.weight"] ? undefined : weights["layers.0.weight"]?.values;
  const bias = weights["layers.0.bias"]?.values[0] ?? Number.NaN;
  const prediction: PlotsById[string] = {
    kind: "scatter",
    title: "Prediction against truth",
    caption: "Points of the test part; a perfect fit lies on the diagonal.",
    x: { label: "z" },
    y: { label: "predicted z" },
    series: [
      { name: "test points", x: truth, y: [...predictions] },
      {
        name: "diagonal",
        x: [Math.min(...truth), Math.max(...truth)],
        y: [Math.min(...truth), Math.max(...truth)],
        style: "dashed",
      },
    ],
  };
  if (!learned) return { prediction };
  return {
    prediction,
    coefficients: {
      kind: "bars",
      title: "Coefficients",
      caption: "Columns that look alike on the grid share what belongs to one of them.",
      categories: ["1", ...columnNames],
      categoryTitle: "Column",
      y: { label: "coefficient" },
      series: [
        { name: "true", values: [0, ...trueCoefficients] },
        { name: "learned", values: [bias, ...learned] },
      ],
    },
  };
}
