import type { ImageShape } from "@basin/contracts";
import {
  averagePoolBackward,
  averagePoolForward,
  convBackward,
  convForward,
  denseBackward,
  denseForward,
  maxPoolBackward,
  maxPoolForward,
  slidingBy,
  transposedConvBackward,
  transposedConvForward,
  type PoolWindow,
} from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { isTrainable, sizeOf, type Layer } from "./layer";

/** What a layer keeps of its forward pass for the backward pass. */
export interface LayerTrace {
  input: tf.Tensor5D;
  slope: tf.Tensor | null;
  /** Of a maximum pool: where each maximum lay. */
  place: tf.Tensor5D | null;
}

/** Splits a layer's parameters off the list: weight (or filter) and bias, or nothing. */
function parametersOf(layers: readonly Layer[], parameters: readonly tf.Tensor[]): (readonly [tf.Tensor, tf.Tensor] | null)[] {
  let at = 0;
  return layers.map((layer) => {
    if (!isTrainable(layer)) return null;
    const weight = parameters[at];
    const bias = parameters[at + 1];
    if (!weight || !bias) throw new RangeError(`The network needs more than ${parameters.length} parameters.`);
    at += 2;
    return [weight, bias];
  });
}

function asImages(x: tf.Tensor, { rows, columns, channels }: ImageShape): tf.Tensor5D {
  const [runs = 0, samples = 0] = x.shape;
  return tf.reshape<tf.Rank.R5>(x, [runs, samples, rows, columns, channels]);
}

function asVectors(x: tf.Tensor, width: number): tf.Tensor3D {
  const [runs = 0, samples = 0] = x.shape;
  return tf.reshape<tf.Rank.R3>(x, [runs, samples, width]);
}

function windowOf(layer: Layer & { kind: "block" }): PoolWindow {
  const { kernel, stride, padding } = layer.block;
  return { size: [kernel, kernel], ...slidingBy(stride, padding) };
}

/**
 * Sends x [runs, samples, …] (any shape of the first layer's size) through the layers → [runs, samples, size]. Traces are empty
 * unless wanted. Call within tf.tidy: it leaves every intermediate tensor to the scope.
 */
export function forward(
  layers: readonly Layer[],
  parameters: readonly tf.Tensor[],
  x: tf.Tensor,
  wantTraces: boolean,
): { output: tf.Tensor3D; traces: LayerTrace[] } {
  const own = parametersOf(layers, parameters);
  const traces: LayerTrace[] = [];
  let value = x;
  layers.forEach((layer, i) => {
    const input = asImages(value, layer.input);
    const { output, slope, place } = layerForward(layer, own[i] ?? null, input, wantTraces);
    if (wantTraces) traces.push({ input, slope, place });
    value = output;
  });
  const last = layers.at(-1);
  if (!last) throw new RangeError("A network without layers.");
  return { output: asVectors(value, sizeOf(last.output)), traces };
}

function layerForward(
  layer: Layer,
  own: readonly [tf.Tensor, tf.Tensor] | null,
  input: tf.Tensor5D,
  wantSlope: boolean,
): { output: tf.Tensor; slope: tf.Tensor | null; place: tf.Tensor5D | null } {
  if (layer.kind === "dense") {
    const [weight, bias] = weights(own);
    return {
      ...denseForward(layer.activation, asVectors(input, sizeOf(layer.input)), rank3(weight), rank3(bias), wantSlope),
      place: null,
    };
  }
  const { stride, padding } = layer.block;
  const sliding = slidingBy(stride, padding);
  switch (layer.block.kind) {
    case "conv": {
      const [filter, bias] = weights(own);
      return { ...convForward(layer.activation, input, rank5(filter), rank3(bias), sliding, wantSlope), place: null };
    }
    case "transposed": {
      const [filter, bias] = weights(own);
      return { ...transposedConvForward(layer.activation, input, rank5(filter), rank3(bias), sliding, wantSlope), place: null };
    }
    case "max-pool":
      return { ...maxPoolForward(input, windowOf(layer)), slope: null };
    case "average-pool":
      return { output: averagePoolForward(input, windowOf(layer)), slope: null, place: null };
  }
}

/**
 * ∂loss/∂parameters, in the parameters' order, from the gradient [runs, samples, size] by the output; also the gradient by the
 * input when wanted. Call within tf.tidy.
 */
export function backward(
  layers: readonly Layer[],
  parameters: readonly tf.Tensor[],
  traces: readonly LayerTrace[],
  gradient: tf.Tensor,
  wantInput: boolean,
): { gradients: tf.Tensor[]; input: tf.Tensor | null } {
  const own = parametersOf(layers, parameters);
  const gradients: tf.Tensor[] = [];
  let dOutput: tf.Tensor | null = gradient;
  for (let i = layers.length - 1; i >= 0; i--) {
    const [layer, trace] = [layers[i], traces[i]];
    if (!layer || !trace || !dOutput) throw new RangeError("The backward pass needs the trace of every layer.");
    const shaped: tf.Tensor5D = asImages(dOutput, layer.output);
    const back = layerBackward(layer, own[i] ?? null, trace, shaped, wantInput || i > 0);
    gradients.unshift(...back.gradients);
    dOutput = back.input;
  }
  return { gradients, input: dOutput };
}

function layerBackward(
  layer: Layer,
  own: readonly [tf.Tensor, tf.Tensor] | null,
  { input, slope, place }: LayerTrace,
  dOutput: tf.Tensor5D,
  wantInput: boolean,
): { gradients: tf.Tensor[]; input: tf.Tensor | null } {
  if (layer.kind === "dense") {
    const [weight] = weights(own);
    const x = asVectors(input, sizeOf(layer.input));
    const flat = asVectors(dOutput, sizeOf(layer.output));
    const back = denseBackward(flat, slope ? rank3(slope) : null, x, rank3(weight), wantInput);
    return { gradients: [back.weight, back.bias], input: back.input };
  }
  const { stride, padding } = layer.block;
  switch (layer.block.kind) {
    case "conv":
    case "transposed": {
      const [filter] = weights(own);
      const run = layer.block.kind === "conv" ? convBackward : transposedConvBackward;
      const back = run(dOutput, slope ? rank5(slope) : null, input, rank5(filter), slidingBy(stride, padding), wantInput);
      return { gradients: [back.filter, back.bias], input: back.input };
    }
    case "max-pool":
      if (!place) throw new RangeError("A maximum pool needs its places.");
      return { gradients: [], input: maxPoolBackward(dOutput, place, input.shape, windowOf(layer)) };
    case "average-pool":
      return { gradients: [], input: averagePoolBackward(dOutput, input.shape, windowOf(layer)) };
  }
}

function weights(own: readonly [tf.Tensor, tf.Tensor] | null): readonly [tf.Tensor, tf.Tensor] {
  if (!own) throw new RangeError("A layer has no parameters.");
  return own;
}

function rank3(tensor: tf.Tensor): tf.Tensor3D {
  return tf.reshape(tensor, ofRank(tensor.shape, 3));
}

function rank5(tensor: tf.Tensor): tf.Tensor5D {
  return tf.reshape(tensor, ofRank(tensor.shape, 5));
}

function ofRank<R extends 3 | 5>(
  shape: readonly number[],
  rank: R,
): R extends 3 ? [number, number, number] : [number, number, number, number, number];
function ofRank(shape: readonly number[], rank: 3 | 5): number[] {
  if (shape.length !== rank) throw new RangeError(`A tensor of rank ${rank} is needed, not [${shape.join(", ")}].`);
  return [...shape];
}
