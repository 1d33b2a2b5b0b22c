import type { MlpParameters } from "@basin/contracts";
import type { StepInput } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { rateOf, type RateOfRun } from "../training/schedule";
import type { Architecture } from "./architecture";

/** What the proximal step reads of a run: row r of every tensor belongs to the r-th. */
export interface ShrinkingRun {
  parameters: Pick<MlpParameters, "proximalL1"> & RateOfRun;
  step: number;
}

/** How far each run's weights shrink in its next step, ηλ [runs, 1, 1]; null where none does. */
export function shrinkage(runs: readonly ShrinkingRun[]): StepInput | null {
  if (runs.every(({ parameters }) => parameters.proximalL1 === 0)) return null;
  const thresholds = runs.map(({ parameters, step }) => rateOf(parameters, step) * parameters.proximalL1);
  return { shape: [runs.length, 1, 1], values: Float32Array.from(thresholds) };
}

/**
 * The proximal step of λΣ|w| after an optimizer step of rate η: each weight, not the biases or normalization, becomes
 * sign(w)·max(|w| − ηλ, 0) (I. Daubechies, M. Defrise, C. De Mol, 2004). `threshold`: of `shrinkage`. Arrays of runs with λ = 0 keep their
 * bits. Call within tf.tidy.
 */
export function shrinkWeights(net: Architecture, trained: readonly tf.Tensor[], threshold: tf.Tensor): readonly tf.Tensor[] {
  return trained.map((array, i) => {
    if (!net.specs[i]?.name.endsWith(".weight")) return array;
    const shrunk = tf.mul(tf.sign(array), tf.relu(tf.sub(tf.abs(array), threshold)));
    return tf.where(tf.greater(tf.broadcastTo(threshold, array.shape), 0), shrunk, array);
  });
}
