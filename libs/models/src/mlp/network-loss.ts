import { lossAndGradient, type FusedLoss } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";

/** A loss with a kernel of its own, or Huber's, which has none: its runs train step by step. */
export type NetworkLoss = FusedLoss | { huberDelta: number };

/**
 * The loss of every run [runs] and, when wanted, its gradient by z; z and targets [runs, samples, width]. Huber's: with r = z − target and
 * c = r cut off at ±δ it is the mean of c(r − ½c) over samples and components, and its gradient is c over their number (P. J. Huber, 1964).
 */
export function networkLoss(
  loss: NetworkLoss,
  z: tf.Tensor3D,
  targets: tf.Tensor3D,
  wantGradient: boolean,
): { losses: tf.Tensor1D; gradient?: tf.Tensor3D | null } {
  if (typeof loss === "string") return lossAndGradient(loss, z, targets, wantGradient);
  const { huberDelta: delta } = loss;
  const [, samples, width] = z.shape;
  return tf.tidy<{ losses: tf.Tensor1D; gradient: tf.Tensor3D } | { losses: tf.Tensor1D }>(() => {
    const residual = tf.sub<tf.Tensor3D>(z, targets);
    const cut = tf.maximum<tf.Tensor3D>(tf.minimum(residual, delta), -delta);
    const losses = tf.mean<tf.Tensor1D>(tf.mul(cut, tf.sub(residual, tf.mul(cut, 0.5))), [1, 2]);
    // A tidied object holds no null.
    return wantGradient ? { losses, gradient: tf.mul<tf.Tensor3D>(cut, 1 / (samples * width)) } : { losses };
  });
}
