import { lossAndGradient, type FusedLoss } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";

/** A loss with a kernel of its own, or one of those that have none, whose runs train step by step: Huber's, and one of probabilities. */
export type NetworkLoss = FusedLoss | { huberDelta: number } | { ofSoftmax: "mse" | "mae" };

/**
 * The loss of every run [runs] and, when wanted, its gradient by z; z and targets [runs, samples, width]. Huber's: with r = z − target and
 * c = r cut off at ±δ it is the mean of c(r − ½c) over samples and components, and its gradient is c over their number (P. J. Huber, 1964). Of
 * probabilities p = softmax(z) with the gradient g by p, that by z is p(g − Σ gp), the sum over the classes.
 */
export function networkLoss(
  loss: NetworkLoss,
  z: tf.Tensor3D,
  targets: tf.Tensor3D,
  wantGradient: boolean,
): { losses: tf.Tensor1D; gradient?: tf.Tensor3D | null } {
  if (typeof loss === "string") return lossAndGradient(loss, z, targets, wantGradient);
  if ("ofSoftmax" in loss) return lossOfSoftmax(loss.ofSoftmax, z, targets, wantGradient);
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

function lossOfSoftmax(
  loss: "mse" | "mae",
  z: tf.Tensor3D,
  targets: tf.Tensor3D,
  wantGradient: boolean,
): { losses: tf.Tensor1D; gradient?: tf.Tensor3D } {
  return tf.tidy<{ losses: tf.Tensor1D; gradient: tf.Tensor3D } | { losses: tf.Tensor1D }>(() => {
    const p = tf.softmax(z);
    const { losses, gradient } = lossAndGradient(loss, p, targets, wantGradient);
    if (!gradient) return { losses };
    const mean = tf.sum(tf.mul(gradient, p), 2, true);
    return { losses, gradient: tf.mul<tf.Tensor3D>(p, tf.sub(gradient, mean)) };
  });
}
