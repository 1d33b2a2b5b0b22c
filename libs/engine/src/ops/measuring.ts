import * as tf from "@tensorflow/tfjs-core";
import { outputAt, runKernel } from "./native-kernel";

/** Floating-point operations per loop of `runAtPeak`. */
const operationsPerLoop = 96;

/**
 * Spends at least `operations` floating-point operations on the wasm backend at the peak rate of its instruction set (independent
 * four-wide products and sums, nothing else) and returns how many it did, so that a measurement can divide by the time. Blocks.
 */
export function runAtPeak(operations: number): number {
  const loops = Math.ceil(operations / operationsPerLoop);
  tf.tidy(() => runKernel("BasinPeakRate", { x: tf.tensor1d([0.999, 0.001, 0, 0]) }, { loops }));
  return loops * operationsPerLoop;
}

/** A copy of x by the plainest kernel of the wasm backend: the limit that elementwise kernels are held against. The caller owns it. */
export function copyPlainly<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  return outputAt<R>(runKernel("BasinCopyFloats", { x }, {}), 0);
}
