import {
  AutoencoderParameters,
  blockOutput,
  CnnParameters,
  parseImageBlocks,
  type ActivationName,
  type Configuration,
  type ImageBlock,
  type ImageShape,
} from "@basin/contracts";
import { valuesOf, type DataSizes } from "./data-sizes";
import { ownParameters } from "./own-parameters";
import { trainingSizes, valuesPerWeight } from "./training-sizes";

/** Samples that go through a network at once where no gradient is needed. */
const forwardSamples = 256;

/** One layer: values of an image that goes in and comes out, and what else it takes. */
interface Layer {
  input: number;
  output: number;
  weights: number;
  /** Tensors of the output's size that the forward pass keeps for the backward one, beside the output. */
  kept: number;
  /** Values that the kernels need beside their tensors, for a batch of so many. */
  scratch: (batch: number) => number;
}

function blockLayer(input: ImageShape, block: ImageBlock, activation: ActivationName): { layer: Layer; shape: ImageShape } {
  const shape = blockOutput(input, block);
  const window = block.kernel ** 2;
  const places = shape.rows * shape.columns;
  const sizes = { input: valuesOf(input), output: valuesOf(shape) };
  const slope = activation === "linear" ? 0 : 1;
  switch (block.kind) {
    case "conv": {
      const k = window * input.channels;
      const scratch = places * k + places * shape.channels + k * shape.channels;
      return { shape, layer: { ...sizes, weights: (k + 1) * shape.channels, kept: slope, scratch: () => scratch } };
    }
    case "transposed": {
      const k = window * shape.channels;
      const scratch = input.rows * input.columns * k + Math.max(k * input.channels, valuesOf(shape));
      return { shape, layer: { ...sizes, weights: k * input.channels + shape.channels, kept: slope, scratch: () => scratch } };
    }
    case "max-pool":
      return { shape, layer: { ...sizes, weights: 0, kept: 1, scratch: () => 0 } };
    case "average-pool":
      return { shape, layer: { ...sizes, weights: 0, kept: 0, scratch: () => places * window * shape.channels } };
  }
}

function blockLayers(
  input: ImageShape,
  text: string,
  activation: ActivationName,
  last: ActivationName,
): { layers: Layer[]; shape: ImageShape } {
  let shape = input;
  const blocks = parseImageBlocks(text);
  const layers = blocks.map((block, i) => {
    const made = blockLayer(shape, block, i + 1 < blocks.length ? activation : last);
    shape = made.shape;
    return made.layer;
  });
  return { layers, shape };
}

function denseLayers(widths: readonly number[], activation: ActivationName, last: ActivationName): Layer[] {
  return widths.slice(1).map((output, i) => {
    const input = widths[i] ?? 0;
    const linear = (i + 2 < widths.length ? activation : last) === "linear";
    const weights = (input + 1) * output;
    return { input, output, weights, kept: linear ? 0 : 1, scratch: (batch) => batch * output + input * output };
  });
}

/** Of the family `cnn`, in values of 4 bytes. */
export function cnnMemory(parameters: Configuration, sizes: DataSizes): { shared: number; run: number } {
  const own = ownParameters(CnnParameters, parameters);
  const { layers, shape } = blockLayers(sizes.input, own.blocks, own.activation, own.activation);
  const dense = denseLayers([valuesOf(shape), ...own.denseLayers, sizes.outputs], own.activation, "linear");
  return sampleMemory([...layers, ...dense], own, sizes, 0);
}

/** Of the family `autoencoder`, in values of 4 bytes. */
export function autoencoderMemory(parameters: Configuration, sizes: DataSizes): { shared: number; run: number } {
  const own = ownParameters(AutoencoderParameters, parameters);
  const { activation, denseActivation, latentActivation, outputActivation } = own;
  const blocks = blockLayers(sizes.input, own.encoderBlocks, activation, activation);
  const features = valuesOf(blocks.shape);
  const latent = Math.max(1, own.latentWidth);
  const decoding = blockLayers(blocks.shape, own.decoderBlocks, activation, outputActivation);
  const toFeatures = decoding.layers.length > 0 ? denseActivation : outputActivation;
  const encoder = [...blocks.layers, ...denseLayers([features, ...own.denseLayers, latent], denseActivation, latentActivation)];
  const decoder = denseLayers([latent, ...own.denseLayers.toReversed(), features], denseActivation, toFeatures);
  const noise = own.trainingNoise > 0 ? 4 : 0;
  return sampleMemory([...(own.latentWidth === 0 ? [] : encoder), ...decoder, ...decoding.layers], own, sizes, noise);
}

/** `extra`: further tensors of the inputs' size in a step. */
function sampleMemory(
  layers: readonly Layer[],
  own: Pick<CnnParameters, "optimizer" | "restoreBestWeights" | "validationFraction" | "batchSize">,
  { samples, input, outputs }: DataSizes,
  extra: number,
): { shared: number; run: number } {
  const inputs = valuesOf(input);
  const { training, validation, batch } = trainingSizes(samples, own);
  const { held, changing } = valuesPerWeight(own.optimizer, own.restoreBestWeights);
  const over = (value: (layer: Layer) => number): number => layers.reduce((sum, layer) => sum + value(layer), 0);
  const targets = outputs === 0 ? inputs : outputs;
  const forward = over(({ output }) => output);
  const step = inputs * (1 + extra) + 3 * targets + over((layer) => layer.output * (1 + layer.kept) + layer.input);
  const judged = Math.min(validation, forwardSamples) * (inputs + 2 * targets + forward);
  return {
    shared: samples * (inputs + outputs) + Math.max(...layers.map(({ scratch }) => scratch(batch))),
    run: over(({ weights }) => weights) * (held + changing + 1) + Math.max(batch * step, judged) + training + validation,
  };
}
