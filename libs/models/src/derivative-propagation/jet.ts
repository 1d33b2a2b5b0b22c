import type * as tf from "@tensorflow/tfjs-core";

/**
 * A quantity and its derivatives, each [runs, samples, width]: the values, their first derivatives by one direction after the other, then
 * second derivatives, then third ones.
 */
export type JetTensors = readonly tf.Tensor3D[];
/** Gradients by the entries of a jet; null: none flows there. */
export type JetGradients = readonly (tf.Tensor3D | null)[];
/** The two directions, counted from 0, of each second derivative of a jet; a mixed one stands once. The jet has the first derivatives by both. */
export type JetPairs = readonly (readonly [number, number])[];

/** The three directions of each third derivative likewise. The jet has the second derivatives by each two of them. */
export type JetTriples = readonly (readonly [number, number, number])[];

/** Of a jet along one direction alone, such as time: (A, Ȧ, Ä), or as many of them as there are. */
export function pairsAlongOne(entries: number): JetPairs {
  return entries > 2 ? [[0, 0]] : [];
}

export function tensor3(tensors: readonly tf.Tensor[], i: number): tf.Tensor3D {
  const tensor = tensors[i];
  if (tensor?.rank !== 3) throw new RangeError(`Tensor ${i} of the network is missing or has not three axes.`);
  return tensor as tf.Tensor3D;
}
