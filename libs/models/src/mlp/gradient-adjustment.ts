import type { MlpParameters } from "@basin/contracts";
import { sumPerRun } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { globalNorm, limitNorm } from "../training/gradient-limit";
import type { Architecture } from "./architecture";
import type { NetworkArrays } from "./network";

/** Penalties and limits of one run; 0 is none. */
export type Strengths = Pick<MlpParameters, "l1" | "l2" | "clipNorm" | "clipValue">;

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
    adjusted = limitNorm(
      adjusted,
      globalNorm(adjusted),
      column((row) => limit(row.clipNorm)),
    );
  }
  return adjusted;
}

/** ½λ₂Σw² over the weights of every run, [runs]: what the L2 penalty adds to the loss. Call within tf.tidy. */
export function penaltyValues(net: Architecture, parameters: NetworkArrays, rows: readonly Strengths[]): tf.Tensor1D {
  const squares = parameters.flatMap((weight, i) =>
    net.specs[i]?.name.endsWith(".weight") ? [sumPerRun(tf.square(weight))] : [],
  );
  const none: tf.Tensor1D = tf.zeros([rows.length]);
  const sum = squares.reduce((all, one) => tf.add<tf.Tensor1D>(all, one), none);
  return tf.mul(sum, tf.tensor1d(rows.map(({ l2 }) => l2 / 2)));
}
