import type { PlotDescriptor } from "@basin/contracts";
import { exponential } from "@basin/numerics";
import type { PlotsById } from "../kinds/plots-by-id";
import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";
import { irisClasses, irisFeatures, irisPlants, standardized, trainingScales } from "./iris-rows";

export const irisPerceptronPlots: readonly PlotDescriptor[] = [
  { id: "first-rows", title: "The first five rows", kind: "table" },
  { id: "worked-sample", title: "One sample by hand", kind: "table" },
  { id: "decision-regions", title: "Decision regions before and after training", kind: "decision-map" },
];

const pointsPerSide = 41;
/** Room around the samples, as a share of their range. */
const margin = 0.1;

/** The source's worked sample: the first plant, not standardised, with weights and a bias made up for the example. */
export const workedSample = { features: [5.1, 3.5, 1.4, 0.2], weights: [1, 0, 0.5, -0.3], bias: 0.5, label: 0 } as const;

/** The learning rate of the source's program. */
const workedRate = 0.01;

/** z = w·x + b, ŷ = σ(z) and the squared error of one sample. */
export function perceptron(
  features: readonly number[],
  weights: readonly number[],
  bias: number,
  label: number,
): { z: number; output: number; loss: number } {
  const z = features.reduce((sum, value, j) => sum + value * (weights[j] ?? 0), bias);
  const output = 1 / (1 + exponential(-z));
  return { z, output, loss: (label - output) ** 2 };
}

/** One step of gradient descent on the squared error of one sample: w + 2η(y − ŷ)ŷ(1 − ŷ)x, and likewise b. */
export function firstUpdate(
  features: readonly number[],
  weights: readonly number[],
  bias: number,
  label: number,
  rate: number,
): { weights: number[]; bias: number } {
  const { output } = perceptron(features, weights, bias, label);
  const step = 2 * rate * (label - output) * output * (1 - output);
  return { weights: weights.map((w, j) => w + step * (features[j] ?? 0)), bias: bias + step };
}

export async function plotsOf(trained: TrainedNetwork): Promise<PlotsById> {
  const columns = irisFeatures.map((name) => `${name} (cm)`);
  const { features: x, weights: w, bias: b, label: y } = workedSample;
  const updated = firstUpdate(x, w, b, y, workedRate);
  const steps = [
    { name: "before", weights: w, bias: b, ...perceptron(x, w, b, y) },
    { name: "after one step", ...updated, ...perceptron(x, updated.weights, updated.bias, y) },
  ];
  return {
    "first-rows": {
      kind: "table",
      title: "The first five rows",
      columns: [...columns, "class"],
      rows: irisPlants()
        .slice(0, 5)
        .map(({ features, label }) => [...features, irisClasses[label] ?? ""]),
    },
    "worked-sample": {
      kind: "table",
      title: "One sample by hand",
      caption: `x = (5.1, 3.5, 1.4, 0.2), class 0: the neuron is sure, and wrong, so that ŷ(1 − ŷ) is small and the first step with η = ${workedRate} short.`,
      columns: ["", "w₁", "w₂", "w₃", "w₄", "b", "z = w·x + b", "ŷ = σ(z)", "(0 − ŷ)²"],
      rows: steps.map(({ name, weights, bias, z, output, loss }) => [name, ...weights, bias, z, output, loss]),
    },
    "decision-regions": {
      kind: "decision-map",
      title: "Probability of virginica",
      caption: "The two measurements that are not drawn are at their training mean, where the standardised value is 0.",
      classes: [...irisClasses],
      maps: [
        await regions(trained, "sepal, before training", trained.initialWeights, 0),
        await regions(trained, "sepal, after training", trained.weights, 0),
        await regions(trained, "petal, before training", trained.initialWeights, 2),
        await regions(trained, "petal, after training", trained.weights, 2),
      ],
    },
  };
}

/** The output over two neighbouring features, from the one with number `first` on; the others are at their mean. */
async function regions(trained: TrainedNetwork, name: string, weights: NetworkWeights, first: 0 | 2) {
  const { means } = trainingScales();
  const [x, y] = [placesOf(first), placesOf(first + 1)];
  const points = y.flatMap((b) => x.map((a) => means.map((value, j) => (j === first ? a : j === first + 1 ? b : value))));
  const outputs = await trained.predictWith(weights, standardized(points));
  const plants = irisPlants();
  return {
    name,
    xAxis: { label: irisFeatures[first], unit: "cm" },
    yAxis: { label: irisFeatures[first + 1] ?? "", unit: "cm" },
    x,
    y,
    z: y.map((_, row) => [...outputs.subarray(row * x.length, (row + 1) * x.length)]),
    samples: {
      x: plants.map(({ features }) => features[first] ?? Number.NaN),
      y: plants.map(({ features }) => features[first + 1] ?? Number.NaN),
      class: plants.map(({ label }) => label),
    },
  };
}

function placesOf(feature: number): number[] {
  const values = irisPlants().map(({ features }) => features[feature] ?? Number.NaN);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = margin * (high - low);
  return Array.from({ length: pointsPerSide }, (_, i) => low - room + ((high - low + 2 * room) * i) / (pointsPerSide - 1));
}
