import * as tf from "@tensorflow/tfjs-core";
import { traceBackendName } from "../gpu/trace-backend";

/** Backends that have our kernels: wasm, and the one that writes down what a GPU is to do. */
const backends: readonly string[] = ["wasm", traceBackendName];

/** Whether our kernels serve the current backend; ops compose TensorFlow.js' own operations where they do not. */
export function hasKernels(): boolean {
  return backends.includes(tf.getBackend());
}

/** Runs a kernel and returns its outputs in order. Inputs that are null are left out. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor | null>>,
  attributes: Readonly<Record<string, number | boolean | number[]>>,
): tf.Tensor[] {
  const given: tf.NamedTensorMap = {};
  for (const [key, tensor] of Object.entries(inputs)) if (tensor) given[key] = tensor;
  const result = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, given, { ...attributes });
  return Array.isArray(result) ? result : [result];
}

/** The i-th output, which the kernel is known to have. */
export function outputAt<R extends tf.Rank>(outputs: readonly tf.Tensor[], i: number): tf.Tensor<R> {
  const tensor = outputs[i];
  if (!tensor) throw new Error(`A kernel returned ${outputs.length} tensors; number ${i + 1} is missing.`);
  return tensor as tf.Tensor<R>;
}
