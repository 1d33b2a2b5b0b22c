import * as tf from "@tensorflow/tfjs-core";
import { axes3, flagAttribute, input } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/**
 * Σ over the rows of each run: [runs, rows, columns] → [runs, 1, columns], each column summed in float32 from the first row to the last,
 * whatever the number of runs. The caller owns the output.
 */
export function sumRows(x: tf.Tensor3D): tf.Tensor3D {
  if (hasKernels()) return outputAt<tf.Rank.R3>(runKernel("BasinSumRuns", { x }, { whole: false }), 0);
  return tf.sum<tf.Tensor3D>(x, 1, true);
}

/**
 * Σ over everything that belongs to a run: [runs, …] → [runs], summed in float64 on the wasm backend, from first to last, and rounded once,
 * whatever the number of runs. The caller owns the output.
 */
export function sumPerRun(x: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const flat = tf.reshape<tf.Rank.R3>(x, [x.shape[0], 1, -1]);
    if (hasKernels()) return outputAt<tf.Rank.R1>(runKernel("BasinSumRuns", { x: flat }, { whole: true }), 0);
    return tf.sum<tf.Tensor1D>(flat, [1, 2]);
  });
}

/** Mean over everything that belongs to a run: [runs, …] → [runs]; as `sumPerRun`. The caller owns the output. */
export function meanPerRun(x: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.mul(sumPerRun(x), x.shape[0] / x.size));
}

/** Input x [runs, rows, columns]; attribute `whole`; output [runs], or [runs, 1, columns] when not whole. */
export const sumRunsKernel: RegisteredKernel = {
  name: "BasinSumRuns",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const [runs, rows, columns] = axes3(x);
    const whole = flagAttribute(attributes, "whole");
    const out = kernels.output(whole ? [runs] : [runs, 1, columns]);
    kernels.call.sumRuns(kernels.at(x), kernels.at(out), runs, rows, columns, Number(whole));
    return out;
  },
};
