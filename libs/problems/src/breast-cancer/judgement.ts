import type { PlotDescriptor } from "@basin/contracts";
import { logarithm } from "@basin/numerics";
import type { PlotsById } from "../kinds/plots-by-id";
import { tumourClasses, type Tumours } from "./tumours";

/** The right answer is taken to be given at least this probability, so that the cross-entropy stays finite. */
const leastProbability = 1e-12;

/** Share of right answers and mean cross-entropy of probabilities of the class 1. Exactly ½ counts as wrong. */
export function judgeTumours(
  { samples, labels }: Tumours,
  probabilities: ArrayLike<number>,
): { accuracy: number; crossEntropy: number } {
  let right = 0;
  let entropy = 0;
  labels.forEach((label, i) => {
    const probability = probabilities[i] ?? Number.NaN;
    const given = label === 1 ? probability : 1 - probability;
    if (given > 0.5) right += 1;
    entropy -= logarithm(Math.max(leastProbability, given));
  });
  return { accuracy: right / samples, crossEntropy: entropy / samples };
}

export const breastCancerPlots: readonly PlotDescriptor[] = [
  { id: "confusion", title: "Confusion on the test part", kind: "heat-map" },
  { id: "roc", title: "Benign and malignant over the threshold", kind: "curve" },
];

export function plotsOf({ labels }: Tumours, probabilities: Float32Array): PlotsById {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  labels.forEach((label, i) => {
    const row = counts[label];
    const guess = (probabilities[i] ?? 0) > 0.5 ? 1 : 0;
    if (row) row[guess] = (row[guess] ?? 0) + 1;
  });
  return {
    confusion: {
      kind: "heat-map",
      title: "Confusion on the test part",
      caption: "A row is a true class; the malignant tumours taken for benign are the costly ones.",
      columns: [...tumourClasses],
      rows: [...tumourClasses],
      columnTitle: "predicted",
      rowTitle: "true",
      value: { label: "tumours" },
      z: counts,
    },
    roc: {
      kind: "curve",
      title: "Benign and malignant over the threshold",
      caption: "Shares of each true class taken for benign as the threshold falls; the corner at the upper left is perfect.",
      x: { label: "malignant taken for benign" },
      y: { label: "benign taken for benign" },
      series: [
        { name: "network", ...operatingCurve(labels, probabilities), style: "steps" },
        { name: "guessing", x: [0, 1], y: [0, 1], style: "dashed" },
      ],
    },
  };
}

/** The receiver operating characteristic: samples taken for class 1 in order of falling probability; equal ones together. */
export function operatingCurve(labels: Int32Array, probabilities: ArrayLike<number>): { x: number[]; y: number[] } {
  const order = Array.from(labels, (_, i) => i).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const [x, y] = [[0], [0]];
  let [wrong, right] = [0, 0];
  order.forEach((sample, place) => {
    if (labels[sample] === 1) right += 1;
    else wrong += 1;
    const next = order[place + 1];
    if (next !== undefined && probabilities[next] === probabilities[sample]) return;
    x.push(wrong / negatives);
    y.push(right / positives);
  });
  return { x, y };
}
