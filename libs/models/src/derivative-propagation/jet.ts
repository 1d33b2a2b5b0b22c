import type * as tf from "@tensorflow/tfjs-core";

/** A quantity and its first one or two time derivatives, each [runs, samples, width]. */
export type JetTensors = readonly tf.Tensor3D[];
/** Gradients by the entries of a jet; null: none flows there. */
export type JetGradients = readonly (tf.Tensor3D | null)[];

export function tensor3(tensors: readonly tf.Tensor[], i: number): tf.Tensor3D {
  const tensor = tensors[i];
  if (tensor?.rank !== 3) throw new RangeError(`Tensor ${i} of the network is missing or has not three axes.`);
  return tensor as tf.Tensor3D;
}
