import type { PlotDataInput, PlotDescriptor } from "@basin/contracts";
import type { SupervisedData } from "../kinds/supervised";
import type { PlotsById } from "../kinds/plots-by-id";
import type { NetworkWeights, TrainedNetwork } from "../kinds/trained-network";
import { weightGradientNorms } from "./gradient-flow";

export const vanishingGradientPlots: readonly PlotDescriptor[] = [
  { id: "gradient-norms", title: "Gradient norm per layer", kind: "curve" },
  { id: "activations-at-start", title: "Activations per layer at the start", kind: "heat-map" },
  { id: "activations-at-end", title: "Activations per layer after training", kind: "heat-map" },
];

const bins = 25;
/** Samples whose activations are counted. */
const counted = 256;

/** Gradient norms and histograms of the activations, before and after training. */
export async function plotsOf(trained: TrainedNetwork, data: SupervisedData, activations: readonly string[]): Promise<PlotsById> {
  const norms = async (weights: NetworkWeights): Promise<number[]> =>
    weightGradientNorms(await trained.gradients(weights, data.inputs, data.targets));
  const before = await norms(trained.initialWeights);
  const after = await norms(trained.weights);
  const layers = before.map((_, i) => i + 1);
  const shown = data.inputs.subarray(0, Math.min(counted, data.samples) * (data.inputs.length / data.samples));
  const histogram = async (title: string, weights: NetworkWeights): Promise<PlotDataInput> =>
    activationHistogram(title, (await trained.layerOutputs(weights, shown)).slice(0, -1), activations);
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
    "activations-at-start": await histogram("Activations per layer at the start", trained.initialWeights),
    "activations-at-end": await histogram("Activations per layer after training", trained.weights),
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
