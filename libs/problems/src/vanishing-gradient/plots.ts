import type { ActivationName, PlotDataInput, PlotDescriptor } from "@basin/contracts";
import type { SupervisedData } from "../kinds/supervised";
import type { PlotsById } from "../kinds/plots-by-id";
import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";
import { activationFunction, type FactorsBelowZero } from "./activation-function";
import { weightGradientNorms } from "./gradient-flow";
import { layerPlots } from "./layer-outputs";

export const vanishingGradientPlots: readonly PlotDescriptor[] = [
  { id: "gradient-norms", title: "Gradient norm per layer", kind: "curve" },
  { id: "activations-at-start", title: "Activations per layer at the start", kind: "heat-map" },
  { id: "activations-at-end", title: "Activations per layer after training", kind: "heat-map" },
  { id: "layer-variance", title: "Variance of each layer's outputs", kind: "curve" },
  { id: "dead-units", title: "Share of dead units", kind: "bars" },
  { id: "activation-function", title: "The activation and its derivative", kind: "curve" },
];

const bins = 25;
/** Samples whose activations are counted. */
const counted = 256;

/** The first samples, whose activations are counted, row-major. */
export function shownSamples(data: SupervisedData): { samples: number; inputs: Float32Array } {
  const samples = Math.min(counted, data.samples);
  return { samples, inputs: data.inputs.subarray(0, samples * (data.inputs.length / data.samples)) };
}

/** Gradient norms, histograms, variances and dead units of the activations, before and after training. */
export async function plotsOf(
  trained: TrainedNetwork,
  data: SupervisedData,
  activations: readonly ActivationName[],
  factors: FactorsBelowZero,
): Promise<PlotsById> {
  const norms = async (weights: NetworkWeights): Promise<number[]> =>
    weightGradientNorms(await trained.gradients(weights, data.inputs, data.targets));
  const before = await norms(trained.initialWeights);
  const after = await norms(trained.weights);
  const layers = before.map((_, i) => i + 1);
  const { samples, inputs } = shownSamples(data);
  const hidden = async (weights: NetworkWeights): Promise<Float32Array[]> =>
    (await trained.layerOutputs(weights, inputs)).slice(0, -1);
  const [atStart, atEnd] = [await hidden(trained.initialWeights), await hidden(trained.weights)];
  return {
    "gradient-norms": {
      kind: "curve",
      title: "Gradient norm per layer",
      caption: "A steep line means that the early layers learn far more slowly, or far more wildly, than the late ones.",
      x: { label: "Layer (the last is the output)" },
      y: { label: "‖∂C/∂W‖", scale: "log" },
      series: [
        { name: "before training", x: layers, y: before },
        { name: "after training", x: layers, y: after },
      ],
    },
    "activations-at-start": activationHistogram("Activations per layer at the start", atStart, activations),
    "activations-at-end": activationHistogram("Activations per layer after training", atEnd, activations),
    ...layerPlots(atStart, atEnd, samples),
    "activation-function": activationPlot(activations, factors),
  };
}

/** f and f′ of every activation that the network has, on [−4, 4]. */
function activationPlot(activations: readonly ActivationName[], factors: FactorsBelowZero): PlotDataInput {
  const places = Array.from({ length: 161 }, (_, i) => (i - 80) / 20);
  return {
    kind: "curve",
    title: "The activation and its derivative",
    caption: "The gradient takes a factor of the derivative in every layer.",
    x: { label: "z" },
    y: { label: "f, f′" },
    series: [...new Set(activations)].flatMap((name) => {
      const at = places.map((z) => activationFunction(name, z, factors));
      return [
        { name, x: places, y: at.map(({ value }) => value) },
        { name: `${name}′`, x: places, y: at.map(({ slope }) => slope), style: "dashed" as const },
      ];
    }),
  };
}

/** Where the activations of all layers are counted; what lies outside counts in the outermost bin. */
function rangeOf(activations: readonly string[]): readonly [number, number] {
  const all = (name: string): boolean => activations.every((one) => one === name);
  if (all("sigmoid")) return [0, 1];
  return all("tanh") ? [-1, 1] : [-5, 5];
}

/** Share of each layer's activations in bins of equal width. */
export function activationHistogram(
  title: string,
  outputs: readonly Float32Array[],
  activations: readonly string[],
): PlotDataInput {
  const [low, high] = rangeOf(activations);
  const width = (high - low) / bins;
  const shares = outputs.map((values) => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts.map((count) => count / values.length);
  });
  return {
    kind: "heat-map",
    title,
    caption: "One column alone is a dead or saturated layer; the outermost columns hold what lies beyond them.",
    columns: Array.from({ length: bins }, (_, i) => (low + (i + 0.5) * width).toFixed(2)),
    rows: outputs.map((_, i) => `layer ${i + 1}`),
    columnTitle: "activation",
    rowTitle: "hidden layer",
    value: { label: "share of units and samples" },
    z: shares,
  };
}
