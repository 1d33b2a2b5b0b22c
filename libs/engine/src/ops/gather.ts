import * as tf from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
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

/** Inputs data [samples, width] and order int32 [runs, length]; attributes start and count; output [runs, count, width]. */
export const gatherRowsKernel: RegisteredKernel = {
  name: "BasinGatherRows",
  run(kernels, inputs, attributes) {
    const data = input(inputs, "data");
    const order = input(inputs, "order");
    const [runs = 0, length = 0] = order.shape;
    const width = data.shape[1] ?? 1;
    const start = numberAttribute(attributes, "start");
    const count = numberAttribute(attributes, "count");
    const out = kernels.output([runs, count, width]);
    kernels.call.gatherRows(kernels.at(data), kernels.at(order), kernels.at(out), runs, length, start, count, width);
    return out;
  },
};
