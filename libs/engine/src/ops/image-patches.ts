import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { activationNumber, composedActivation } from "./activation";
import { outputAt } from "./native-kernel";
import { addViews, windowViews, type Sliding } from "./sliding";

/** Gradients of a convolution's parameters, shaped as they are, and of its input when wanted. The caller owns them. */
export interface ConvGradients {
  filter: tf.Tensor5D;
  bias: tf.Tensor3D;
  input: tf.Tensor5D | null;
}

/** [runs, batch·p·q, height·width·channels]: what each window sees, places rows first, channels last. */
export function patchesOf(x: tf.Tensor5D, size: readonly [number, number], sliding: Sliding): tf.Tensor3D {
  const [runs, batch, rows, columns, channels] = x.shape;
  const images = tf.reshape<tf.Rank.R4>(x, [runs * batch, rows, columns, channels]);
  const views = tf.concat(windowViews(images, size, sliding, 0), 3);
  const [, outRows, outColumns] = views.shape;
  return tf.reshape(views, [runs, batch * outRows * outColumns, size[0] * size[1] * channels]);
}

/** The adjoint of `patchesOf`; `views` is the shape [images, rows, columns, channels] of one window place's view. */
export function addPatches(
  patches: tf.Tensor3D,
  views: [number, number, number, number],
  image: readonly [number, number],
  size: readonly [number, number],
  sliding: Sliding,
): tf.Tensor4D {
  const [count, rows, columns, channels] = views;
  const places = size[0] * size[1];
  const all = tf.reshape<tf.Rank.R4>(patches, [count, rows, columns, places * channels]);
  const each = Array.from({ length: places }, (_, place) => tf.slice(all, [0, 0, 0, place * channels], [-1, -1, -1, channels]));
  return addViews(each, image, size, sliding);
}

export function flatImages(x: tf.Tensor5D): tf.Tensor3D {
  const [runs, batch, rows, columns, channels] = x.shape;
  return tf.reshape(x, [runs, batch * rows * columns, channels]);
}

export function activated(
  activation: ActivationName,
  z: tf.Tensor3D,
  wantSlope: boolean,
  shape: [number, number, number, number, number],
): tf.Tensor5D[] {
  const { output, slope } = composedActivation(activation, z);
  const whole = tf.reshape<tf.Rank.R5>(output, shape);
  return wantSlope && slope ? [whole, tf.reshape(slope, shape)] : [whole];
}

export function forwardAttributes(activation: ActivationName, wantSlope: boolean): { activation: number; slope: boolean } {
  return { activation: activationNumber(activation), slope: wantSlope && activation !== "linear" };
}

export function withSlope(outputs: readonly tf.Tensor[]): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  return { output: outputAt<tf.Rank.R5>(outputs, 0), slope: outputs.length > 1 ? outputAt<tf.Rank.R5>(outputs, 1) : null };
}

export function gradientsOf(outputs: readonly tf.Tensor[], wantInput: boolean): ConvGradients {
  return {
    filter: outputAt<tf.Rank.R5>(outputs, 0),
    bias: outputAt<tf.Rank.R3>(outputs, 1),
    input: wantInput ? outputAt<tf.Rank.R5>(outputs, 2) : null,
  };
}

export function requireChannels(what: string, has: number, wanted: number): void {
  if (has !== wanted) throw new RangeError(`The ${what} takes images of ${has} channels, not of ${wanted}.`);
}
