import * as tf from "@tensorflow/tfjs-core";

/** ln softmax(z) over the last axis. */
function logProbabilities(z: tf.Tensor3D): tf.Tensor3D {
  const shifted = tf.sub<tf.Tensor3D>(z, tf.max(z, 2, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 2, true)));
}

/** From the gradient g by the probabilities p to that by the logits: p_k (g_k − Σ_j p_j g_j). */
function throughSoftmax(p: tf.Tensor3D, g: tf.Tensor3D): tf.Tensor3D {
  return tf.mul(p, tf.sub(g, tf.sum(tf.mul(p, g), 2, true)));
}

/**
 * Gradient by the logits z [runs, samples, classes] of the mean over neighbouring samples of the Jensen–Shannon divergence of their probabilities p and
 * q (J. Lin, IEEE Trans. Inf. Theory 37 (1991)): with m = ½(p + q) it is ∂/∂p = ½ ln(p/m), constants left out, as they do not pass the softmax. ln m
 * comes from ln p and ln q, so that probabilities of 0 are no trouble. One sample has no neighbour. Call within tf.tidy.
 */
export function neighbourDivergenceGradient(z: tf.Tensor3D): tf.Tensor3D {
  const [runs, samples, classes] = z.shape;
  const pairs = samples - 1;
  if (pairs < 1) return tf.zerosLike(z);
  const logs = logProbabilities(z);
  const part = (start: number): tf.Tensor3D => tf.slice3d(logs, [0, start, 0], [runs, pairs, classes]);
  const [left, right] = [part(0), part(1)];
  const apart = tf.neg(tf.abs(tf.sub(left, right)));
  const middle = tf.add<tf.Tensor3D>(tf.maximum(left, right), tf.sub(tf.log(tf.add(tf.exp(apart), 1)), Math.LN2));
  const share = 0.5 / pairs;
  const ofLeft = tf.pad3d(tf.mul<tf.Tensor3D>(tf.sub(left, middle), share), [
    [0, 0],
    [0, 1],
    [0, 0],
  ]);
  const ofRight = tf.pad3d(tf.mul<tf.Tensor3D>(tf.sub(right, middle), share), [
    [0, 0],
    [1, 0],
    [0, 0],
  ]);
  return throughSoftmax(tf.exp(logs), tf.add(ofLeft, ofRight));
}

/**
 * Gradient by the logits z [runs, samples, classes] of the mean over the samples of Σ_k p_k C(y, k); the targets are one-hot rows of y, `costs` the
 * matrix C. Call within tf.tidy.
 */
export function expectedCostGradient(z: tf.Tensor3D, targets: tf.Tensor3D, costs: readonly (readonly number[])[]): tf.Tensor3D {
  const matrix = tf.tensor3d(costs.flat(), [1, costs.length, costs.length]);
  const ofTrue = tf.matMul(targets, matrix);
  return throughSoftmax(tf.exp(logProbabilities(z)), tf.mul(ofTrue, 1 / z.shape[1]));
}
