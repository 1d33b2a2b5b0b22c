import * as tf from "@tensorflow/tfjs-core";

/** A·B for every run, either transposed if told; a leading axis of 1 is shared by all runs. On wasm it is our kernel, whatever the pack's width. */
export function product(a: tf.Tensor3D, b: tf.Tensor3D, transposeA = false, transposeB = false): tf.Tensor3D {
  return tf.matMul<tf.Tensor3D>(a, b, transposeA, transposeB);
}
