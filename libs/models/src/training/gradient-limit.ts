import * as tf from "@tensorflow/tfjs-core";

/** Keeps a clipped norm below its limit in spite of rounding in single precision. */
const roundingMargin = 1 - 2 ** -18;

/**
 * Euclidean norm of all of a run's gradients [runs, 1, 1], scaled by the greatest component so that squares do not overflow; the sums
 * are products whose order is the run's own. Call within tf.tidy.
 */
export function globalNorm(gradients: readonly tf.Tensor3D[]): tf.Tensor3D {
  const rows = gradients.map((gradient) => tf.reshape<tf.Rank.R3>(gradient, [gradient.shape[0], 1, -1]));
  const peaks = rows.map((row) => tf.max<tf.Tensor3D>(tf.abs(row), 2, true));
  const peak = peaks.reduce((a, b) => tf.maximum<tf.Tensor3D>(a, b));
  const divisor: tf.Tensor3D = tf.where(tf.greater(peak, 0), peak, tf.onesLike(peak));
  const squares = rows.map((row) => {
    const scaled = tf.div<tf.Tensor3D>(row, divisor);
    return tf.matMul(scaled, scaled, false, true);
  });
  const total = squares.reduce((a, b) => tf.add(a, b));
  return tf.mul(divisor, tf.sqrt(total));
}

/**
 * All of a run's gradients scaled down to the norm `most` [runs, 1, 1] where their norm [runs, 1, 1] is above it (Pascanu et al. 2013). Call within
 * tf.tidy.
 */
export function limitNorm(gradients: readonly tf.Tensor3D[], norm: tf.Tensor3D, most: tf.Tensor3D): tf.Tensor3D[] {
  const factor = tf.where(tf.greater(norm, most), tf.mul(tf.div(most, norm), roundingMargin), tf.onesLike(norm));
  return gradients.map((gradient) => tf.mul<tf.Tensor3D>(gradient, factor));
}
