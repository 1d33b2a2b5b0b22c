import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { backwardKernel, forwardKernel } from "./filter-kernels";
import {
  addPatches,
  type ConvGradients,
  flatImages,
  layerBackward,
  layerForward,
  patchesOf,
  requireChannels,
} from "./image-patches";
import { type Sliding, spreadOutput } from "./sliding";

/**
 * y = f(xᵀ∗ filter + bias), the transposed convolution: the linear part is the adjoint of a convolution by the same filter,
 * y[r,b,p·s+i−top,q·s+j−left,o] += x[r,b,p,q,c]·filter[r,i,j,o,c]. x [runs, batch, rows, columns, in],
 * filter [runs, height, width, out, in] (mind the order), bias [runs, 1, out] → [runs, batch, p, q, out] with p and q from
 * `spreadOutput`: size 4, stride 2 and padding 1 double an image. `slope` as in `convForward`. The caller owns the outputs.
 */
export function transposedConvForward(
  activation: ActivationName,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor3D,
  sliding: Sliding,
  wantSlope: boolean,
): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  const [runs, batch, rows, columns, channels] = x.shape;
  const [, height, width, out] = filter.shape;
  requireChannels("filter", filter.shape[4], channels);
  const [outRows, outColumns] = spreadOutput([rows, columns], [height, width], sliding);
  const how = { activation, wantSlope, sliding };
  return layerForward("BasinTransposedConvForward", { x, filter, bias }, how, [outRows, outColumns], () => {
    const weight = tf.reshape<tf.Rank.R3>(filter, [runs, height * width * out, channels]);
    const patches = tf.matMul<tf.Tensor3D>(flatImages(x), weight, false, true);
    const sum = addPatches(patches, [runs * batch, rows, columns, out], [outRows, outColumns], [height, width], sliding);
    return tf.add(tf.reshape(sum, [runs, batch * outRows * outColumns, out]), bias);
  });
}

/** Gradients of `transposedConvForward` from dOutput = ∂loss/∂y, the slope that the forward pass gave (null: linear) and its inputs. */
export function transposedConvBackward(
  dOutput: tf.Tensor5D,
  slope: tf.Tensor5D | null,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  sliding: Sliding,
  wantInput: boolean,
): ConvGradients {
  const [runs, , , , channels] = x.shape;
  const [, height, width, out] = filter.shape;
  requireChannels("filter", filter.shape[4], channels);
  return layerBackward("BasinTransposedConvBackward", { dOutput, slope, x, filter }, sliding, wantInput, () => {
    const g = slope ? tf.mul<tf.Tensor5D>(dOutput, slope) : dOutput;
    const patches = patchesOf(g, [height, width], sliding);
    const parameters = [
      tf.reshape(tf.matMul(patches, flatImages(x), true, false), filter.shape),
      tf.reshape(tf.sum(flatImages(g), 1, true), [runs, 1, out]),
    ];
    if (!wantInput) return parameters;
    const dInput = tf.matMul(patches, tf.reshape<tf.Rank.R3>(filter, [runs, height * width * out, channels]));
    return [...parameters, tf.reshape(dInput, x.shape)];
  });
}

export const transposedConvForwardKernel: RegisteredKernel = forwardKernel({
  name: "BasinTransposedConvForward",
  call: "transposedConvForward",
  isTransposed: true,
  scratch: ({ places, k, features }) => places * k + k * features,
});

export const transposedConvBackwardKernel: RegisteredKernel = backwardKernel({
  name: "BasinTransposedConvBackward",
  call: "transposedConvBackward",
  isTransposed: true,
  scratch: ({ places, pixels, k, channels }) => places * k + pixels * channels,
});
