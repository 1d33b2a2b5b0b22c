import { blockOutput, type ActivationName, type ImageBlock, type ImageShape } from "@basin/contracts";
import type { TensorSpec } from "../training/tensor-state";

/** One layer of an image network with the shapes of what goes in and comes out. A dense layer takes its image as a vector. */
export type Layer =
  | { kind: "dense"; input: ImageShape; output: ImageShape; activation: ActivationName }
  | { kind: "block"; input: ImageShape; output: ImageShape; block: ImageBlock; activation: ActivationName };

/** Number of values of an image. */
export function sizeOf({ rows, columns, channels }: ImageShape): number {
  return rows * columns * channels;
}

/** An image of one row and one column. */
export function vectorOf(width: number): ImageShape {
  return { rows: 1, columns: 1, channels: width };
}

/** Layers for the blocks, the last of which has `last` as its activation. */
export function blockLayers(
  input: ImageShape,
  blocks: readonly ImageBlock[],
  activation: ActivationName,
  last: ActivationName,
): Layer[] {
  let shape = input;
  return blocks.map((block, i) => {
    const output = blockOutput(shape, block);
    const layer: Layer = { kind: "block", input: shape, output, block, activation: i + 1 < blocks.length ? activation : last };
    shape = output;
    return layer;
  });
}

/** Dense layers of the given output shapes, the last of which has `last` as its activation. */
export function denseLayers(
  input: ImageShape,
  outputs: readonly ImageShape[],
  activation: ActivationName,
  last: ActivationName,
): Layer[] {
  return outputs.map((output, i) => ({
    kind: "dense",
    input: outputs[i - 1] ?? input,
    output,
    activation: i + 1 < outputs.length ? activation : last,
  }));
}

/** Whether a layer has a filter or weight and a bias to train. */
export function isTrainable(layer: Layer): boolean {
  return layer.kind === "dense" || layer.block.kind === "conv" || layer.block.kind === "transposed";
}

/**
 * Weight (or filter) and bias of every trainable layer, first to last, as the engine's operations take them without the runs'
 * axis: weight [in, out]; filter [k, k, in, out], of a transposed convolution [k, k, out, in]; bias [1, out].
 */
export function specsOf(prefix: string, layers: readonly Layer[]): TensorSpec[] {
  return layers.flatMap((layer, i) => {
    if (!isTrainable(layer)) return [];
    const bias = {
      name: `${prefix}.${i}.bias`,
      shape: [1, layer.kind === "dense" ? sizeOf(layer.output) : layer.output.channels],
    };
    if (layer.kind === "dense")
      return [{ name: `${prefix}.${i}.weight`, shape: [sizeOf(layer.input), sizeOf(layer.output)] }, bias];
    const { kernel, kind } = layer.block;
    const [wide, out] = [layer.input.channels, layer.output.channels];
    const shape = kind === "transposed" ? [kernel, kernel, out, wide] : [kernel, kernel, wide, out];
    return [{ name: `${prefix}.${i}.filter`, shape }, bias];
  });
}

/** The layers in words, e.g. "32x32x1 conv4k4s1p1:relu 31x31x4 …": two networks of equal text compute the same. */
export function describeLayers(layers: readonly Layer[]): string {
  const shape = ({ rows, columns, channels }: ImageShape): string => `${rows}x${columns}x${channels}`;
  const one = (layer: Layer): string => {
    if (layer.kind === "dense") return `dense:${layer.activation}`;
    const { kind, kernel, stride, padding } = layer.block;
    return `${kind}k${kernel}s${stride}p${padding}${isTrainable(layer) ? `:${layer.activation}` : ""}`;
  };
  return [
    ...layers.map((layer) => `${shape(layer.input)} ${one(layer)}`),
    ...layers.slice(-1).map(({ output }) => shape(output)),
  ].join(" ");
}
