import * as tf from "@tensorflow/tfjs-core";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/**
 * Rows of one data set that the runs share, in each run's own order: data [samples, width], order int32 [runs, length] →
 * [runs, count, width] with row i of run r being data[order[r, start + i]]. The caller owns the output.
 */
export function gatherRows(data: tf.Tensor2D, order: tf.Tensor2D, start: number, count: number): tf.Tensor3D {
  if (hasKernels()) {
    return outputAt<tf.Rank.R3>(runKernel("BasinGatherRows", { data, order }, { start, count }), 0);
  }
  return tf.tidy(() => {
    const tensor: tf.Tensor = tf.gather(data, tf.slice(order, [0, start], [-1, count]));
    return tensor as tf.Tensor3D;
  });
}

/** The listed runs of a tensor with a leading run axis, in that order. The caller owns the output. */
export function selectRuns<T extends tf.Tensor>(tensor: T, positions: readonly number[]): T {
  return tf.tidy(() => tf.gather(tensor, tf.tensor1d([...positions], "int32"), 0));
}
