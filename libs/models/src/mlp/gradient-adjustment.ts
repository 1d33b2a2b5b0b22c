import type { MlpParameters } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "./architecture";
import type { NetworkArrays } from "./network";

/** Penalties and limits of one run; 0 is none. */
export type Strengths = Pick<MlpParameters, "l1" | "l2" | "clipNorm" | "clipValue">;

/** Keeps a clipped norm below its limit in spite of rounding in single precision. */
const roundingMargin = 1 - 2 ** -18;

/**
 * What penalties and limits make of the gradients of one step, in this order: weights, not biases or normalization, get λ₂w + λ₁ sign w
 * (the gradient of ½λ₂Σw² + λ₁Σ|w|); every component is cut to ±clipValue; all of a run's gradients together are scaled down to the
 * norm clipNorm (Pascanu et al. 2013). Limits of 0 are none. Row r of every tensor belongs to rows[r]. Call within tf.tidy.
 */
export function adjustGradients(
  net: Architecture,
  parameters: NetworkArrays,
  gradients: readonly tf.Tensor3D[],
  rows: readonly Strengths[],
): readonly tf.Tensor3D[] {
  const column = (pick: (row: Strengths) => number): tf.Tensor3D => tf.tensor3d(rows.map(pick), [rows.length, 1, 1]);
  const used = (name: keyof Strengths): boolean => rows.some((row) => row[name] > 0);
  let adjusted = gradients;
  if (used("l1") || used("l2")) {
    const [l1, l2] = [column((row) => row.l1), column((row) => row.l2)];
    adjusted = adjusted.map((gradient, i) => {
      const weight = parameters[i];
      if (!weight || !net.specs[i]?.name.endsWith(".weight")) return gradient;
      return tf.add<tf.Tensor3D>(tf.add(gradient, tf.mul(weight, l2)), tf.mul(tf.sign(weight), l1));
    });
  }
  const limit = (value: number): number => (value > 0 ? value : Number.POSITIVE_INFINITY);
  if (used("clipValue")) {
    const most = column((row) => limit(row.clipValue));
    adjusted = adjusted.map((gradient) => tf.maximum<tf.Tensor3D>(tf.minimum(gradient, most), tf.neg(most)));
  }
  if (used("clipNorm")) {
    const most = column((row) => limit(row.clipNorm));
    const norm = globalNorm(adjusted);
    const factor = tf.where(tf.greater(norm, most), tf.mul(tf.div(most, norm), roundingMargin), tf.onesLike(norm));
    adjusted = adjusted.map((gradient) => tf.mul<tf.Tensor3D>(gradient, factor));
  }
  return adjusted;
}

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
