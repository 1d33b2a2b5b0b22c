import type { InitializationName } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { distribution } from "../mlp/initialization";
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
    const { fanIn, fanOut, count, biases } = sizesOf(layer);
    const { normal, scale } = distribution(initialization, fanIn, fanOut);
    const draws = new Float64Array(count);
    const stream = randomStream(seed, "init/weights", first + i);
    if (normal) stream.fillNormal(draws);
    else stream.fillUniform(draws);
    const weights = Float32Array.from(draws, (draw) => gain * scale * (normal ? draw : 2 * draw - 1));
    const bias = new Float32Array(biases);
    if (initialization === "torch-default") {
      const biasDraws = new Float64Array(biases);
      randomStream(seed, "init/bias", first + i).fillUniform(biasDraws);
      biasDraws.forEach((draw, j) => (bias[j] = scale * (2 * draw - 1)));
    }
    return [weights, bias];
  });
}

function sizesOf(layer: Layer): { fanIn: number; fanOut: number; count: number; biases: number } {
  if (layer.kind === "dense") {
    const [fanIn, fanOut] = [sizeOf(layer.input), sizeOf(layer.output)];
    return { fanIn, fanOut, count: fanIn * fanOut, biases: fanOut };
  }
  const window = layer.block.kernel ** 2;
  const [wide, out] = [layer.input.channels, layer.output.channels];
  const fans = layer.block.kind === "transposed" ? [out, wide] : [wide, out];
  return { fanIn: window * (fans[0] ?? 0), fanOut: window * (fans[1] ?? 0), count: window * wide * out, biases: out };
}
