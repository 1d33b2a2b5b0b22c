import type { PlotDescriptor } from "@basin/contracts";
import type { PlotsById } from "../kinds/plots-by-id";
import { bayesConfusion, confusionOf, distanceCounts, expectedConfusion, figuresOf, testPart, type Confusion } from "./judgement";
import { leaves, type LeafSetting } from "./leaves";

export const costPlots: readonly PlotDescriptor[] = [
  { id: "confusion", title: "Confusion in the order of the tree", kind: "heat-map" },
  { id: "distances", title: "How far the errors go", kind: "bars" },
  { id: "trade", title: "Distance of the errors against accuracy", kind: "scatter" },
];

/** Weights of the curve of who knows the distributions. */
const curveWeights = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2];

export function plotsOf(setting: LeafSetting, weight: number, predicted: Int32Array): PlotsById {
  const confusion = confusionOf(testPart(setting).labels, predicted);
  const names = Array.from({ length: leaves }, (_, k) => String(k));
  const bars = (name: string, counts: Confusion) => ({ name, values: distanceCounts(counts) });
  const bounds = curveWeights.map((one) => figuresOf(bayesConfusion(setting, one)));
  const own = figuresOf(expectedConfusion(setting, (_, i) => predicted[i] ?? 0));
  return {
    confusion: {
      kind: "heat-map",
      title: "Confusion in the order of the tree",
      caption: "Leaves 0, 4 and 5 look alike, and 6, 2 and 3. What is taken for a leaf in its own half is near the diagonal.",
      columns: names,
      rows: names,
      columnTitle: "predicted",
      rowTitle: "true",
      value: { label: "share of the true leaf", unit: "%" },
      z: confusion.map((row) => row.map((count) => (100 * count) / row.reduce((sum, one) => sum + one, 0))),
    },
    distances: {
      kind: "bars",
      title: "How far the errors go",
      caption: "Level of the lowest common ancestor of the true leaf and the predicted one: 3 is the root.",
      categories: ["1", "2", "3"],
      categoryTitle: "distance in the tree",
      y: { label: "samples" },
      series: [
        bars(`network, λ = ${weight}`, confusion),
        bars("who knows the distributions, λ = 0", bayesConfusion(setting, 0)),
        bars(`who knows the distributions, λ = ${weight}`, bayesConfusion(setting, weight)),
      ],
    },
    trade: {
      kind: "scatter",
      title: "Distance of the errors against accuracy",
      caption:
        "Both by the true probabilities at the test points. Below and right is better; the line is the bound, from λ = 0 at the upper right to 2.",
      x: { label: "accuracy" },
      y: { label: "mean distance of the errors" },
      series: [
        {
          name: "who knows the distributions",
          x: bounds.map(({ accuracy }) => accuracy),
          y: bounds.map(({ errorDistance }) => errorDistance),
          style: "line",
        },
        { name: `network, λ = ${weight}`, x: [own.accuracy], y: [own.errorDistance] },
      ],
    },
  };
}
