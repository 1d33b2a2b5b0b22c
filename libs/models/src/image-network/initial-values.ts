import type { InitializationName } from "@basin/contracts";
import { initialDraws, type LayerSizes } from "../training/initialization";
import { isTrainable, sizeOf, type Layer } from "./layer";

/**
 * Initial weights (or filter) and bias of every trainable layer, in the order of `specsOf`, from the streams (seed, "init/weights" and
 * "init/bias", first + place among the layers). The distributions are those of the `mlp` family with fan-in = window × input
 * channels and fan-out = window × output channels. As in torch, the fan-in of a transposed convolution counts its output channels.
 */
export function initialValues(
  initialization: InitializationName,
  gain: number,
  seed: number,
  layers: readonly Layer[],
  first: number,
): Float32Array[] {
  return layers.flatMap((layer, i) => {
    if (!isTrainable(layer)) return [];
    const { weight, bias } = initialDraws(initialization, gain, seed, first + i, sizesOf(layer));
    return [weight, bias];
  });
}

function sizesOf(layer: Layer): LayerSizes {
  if (layer.kind === "dense") {
    const [fanIn, fanOut] = [sizeOf(layer.input), sizeOf(layer.output)];
    return { fanIn, fanOut, weights: fanIn * fanOut, biases: fanOut };
  }
  const window = layer.block.kernel ** 2;
  const [wide, out] = [layer.input.channels, layer.output.channels];
  const fans = layer.block.kind === "transposed" ? [out, wide] : [wide, out];
  return { fanIn: window * (fans[0] ?? 0), fanOut: window * (fans[1] ?? 0), weights: window * wide * out, biases: out };
}
