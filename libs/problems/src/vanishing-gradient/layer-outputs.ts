import type { PlotDataInput } from "@basin/contracts";
import { sum } from "@basin/numerics";

/**
 * Share of units, of all given layers together, that are 0 for every sample: with ReLU such a unit has no gradient and never comes back.
 * outputs: [samples, width] of each layer, row-major.
 */
export function deadShare(outputs: readonly Float32Array[], samples: number): number {
  const counts = outputs.map((layer) => deadUnits(layer, samples));
  return sum(counts.map(({ dead }) => dead)) / sum(counts.map(({ units }) => units));
}

function deadUnits(layer: Float32Array, samples: number): { dead: number; units: number } {
  const units = layer.length / samples;
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let silent = true;
    for (let sample = 0; silent && sample < samples; sample++) silent = layer[sample * units + unit] === 0;
    if (silent) dead += 1;
  }
  return { dead, units };
}

/** Variance of a layer's outputs over its units and all samples together. */
export function outputVariance(layer: Float32Array): number {
  const mean = sum(layer) / layer.length;
  return sum(Float64Array.from(layer, (value) => (value - mean) ** 2)) / layer.length;
}

/** Variance and share of dead units of each hidden layer, before and after training. */
export function layerPlots(
  before: readonly Float32Array[],
  after: readonly Float32Array[],
  samples: number,
): { "layer-variance": PlotDataInput; "dead-units": PlotDataInput } {
  const layers = before.map((_, i) => i + 1);
  const share = (layer: Float32Array): number => deadShare([layer], samples);
  return {
    "layer-variance": {
      kind: "curve",
      title: "Variance of each layer's outputs",
      caption:
        "Level where the initial weights suit the activation; it falls or grows by the same factor from layer to layer where they do not.",
      x: { label: "Hidden layer" },
      y: { label: "variance", scale: "log" },
      series: [
        { name: "before training", x: layers, y: before.map(outputVariance) },
        { name: "after training", x: layers, y: after.map(outputVariance) },
      ],
    },
    "dead-units": {
      kind: "bars",
      title: "Share of dead units",
      caption: "Units that are 0 for every sample shown; only ReLU has them.",
      categories: layers.map(String),
      categoryTitle: "Hidden layer",
      y: { label: "share of units" },
      series: [
        { name: "before training", values: before.map(share) },
        { name: "after training", values: after.map(share) },
      ],
    },
  };
}
