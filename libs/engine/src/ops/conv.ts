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
import { type Sliding, slidOutput } from "./sliding";

/**
 * y = f(x ∗ filter + bias) for every run, where ∗ is the cross-correlation that networks call convolution:
 * y[r,b,p,q,o] = f(bias[r,0,o] + Σ_ijc x[r,b,p·s+i−top,q·s+j−left,c]·filter[r,i,j,c,o]), zero outside the image.
 * x [runs, batch, rows, columns, in], filter [runs, height, width, in, out], bias [runs, 1, out] → [runs, batch, p, q, out] with
 * p and q from `slidOutput`. `slope` is f′ at the same places when wanted, and null for a linear layer. The caller owns the
 * outputs. Filters flatten to weights of a dense layer, [runs, height·width·in, out], without a copy (`tf.reshape`).
 */
export function convForward(
  activation: ActivationName,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor3D,
  sliding: Sliding,
  wantSlope: boolean,
): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  const [runs, , rows, columns, channels] = x.shape;
  const [, height, width, , features] = filter.shape;
  requireChannels("filter", filter.shape[3], channels);
  const out = slidOutput([rows, columns], [height, width], sliding);
  return layerForward("BasinConvForward", { x, filter, bias }, { activation, wantSlope, sliding }, out, () => {
    const patches = patchesOf(x, [height, width], sliding);
    return tf.add(tf.matMul(patches, tf.reshape<tf.Rank.R3>(filter, [runs, height * width * channels, features])), bias);
  });
}

/** Gradients of `convForward` from dOutput = ∂loss/∂y, the slope that the forward pass gave (null: linear) and its inputs. */
export function convBackward(
  dOutput: tf.Tensor5D,
  slope: tf.Tensor5D | null,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  sliding: Sliding,
  wantInput: boolean,
): ConvGradients {
  const [runs, batch, rows, columns, channels] = x.shape;
  const [, height, width, , out] = filter.shape;
  requireChannels("filter", filter.shape[3], channels);
  return layerBackward("BasinConvBackward", { dOutput, slope, x, filter }, sliding, wantInput, () => {
    const g = flatImages(slope ? tf.mul(dOutput, slope) : dOutput);
    const patches = patchesOf(x, [height, width], sliding);
    const parameters = [
      tf.reshape(tf.matMul(patches, g, true, false), filter.shape),
      tf.reshape(tf.sum(g, 1, true), [runs, 1, out]),
    ];
    if (!wantInput) return parameters;
    const dPatches = tf.matMul<tf.Tensor3D>(
      g,
      tf.reshape<tf.Rank.R3>(filter, [runs, height * width * channels, out]),
      false,
      true,
    );
    const [, , outRows, outColumns] = dOutput.shape;
    const sum = addPatches(dPatches, [runs * batch, outRows, outColumns, channels], [rows, columns], [height, width], sliding);
    return [...parameters, tf.reshape(sum, x.shape)];
  });
}

export const convForwardKernel: RegisteredKernel = forwardKernel({
  name: "BasinConvForward",
  call: "convForward",
  isTransposed: false,
  scratch: ({ places, k }) => places * k,
});

export const convBackwardKernel: RegisteredKernel = backwardKernel({
  name: "BasinConvBackward",
  call: "convBackward",
  isTransposed: false,
  scratch: ({ places, k, features }) => places * k + places * features + k * features,
});
