import type { MlpParameters } from "@basin/contracts";
import { hyperWidth, writeHyper, type StepHyper, type StepInput } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";

/** What the optimizers are told, by their names in `MlpParameters`. */
type OptimizerRule = Pick<MlpParameters, "optimizer" | "momentum" | "rmspropAlpha" | "beta1" | "beta2" | "epsilon">;
type AdamRule = Pick<OptimizerRule, "beta1" | "beta2" | "epsilon">;

/** What an optimizer counts of one run. */
export interface OptimizerCount {
  /** β₁ᵗ and β₂ᵗ after t steps of Adam, by repeated multiplication in double precision. */
  powers: [number, number];
}

/** Counts one step of Adam with the learning rate and returns its row of the table (D. P. Kingma and J. Ba, 2015). */
export function adamStep(count: OptimizerCount, rate: number, { beta1, beta2, epsilon }: AdamRule): StepHyper {
  const [power1, power2] = (count.powers = [count.powers[0] * beta1, count.powers[1] * beta2]);
  return { rate: rate / (1 - power1), epsilon, decay1: beta1, decay2: beta2, correction2: 1 / (1 - power2) };
}

/** The same of whichever optimizer the rule names. */
export function nextStep(count: OptimizerCount, rate: number, rule: OptimizerRule): StepHyper {
  const { optimizer, momentum, rmspropAlpha, epsilon } = rule;
  if (optimizer === "adam") return adamStep(count, rate, rule);
  const decay1 = optimizer === "rmsprop" ? rmspropAlpha : momentum;
  return { rate, epsilon, decay1, decay2: 0, correction2: 1 };
}

/** The table [rows, 8] that the engine takes, for a step. */
export function optimizerRows(rows: readonly StepHyper[]): StepInput {
  const table = new Float32Array(rows.length * hyperWidth);
  rows.forEach((row, i) => {
    writeHyper(table, i, row);
  });
  return { shape: [rows.length, hyperWidth], values: table };
}

/** The same as a tensor. The caller owns it. */
export function optimizerTable(rows: readonly StepHyper[]): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(optimizerRows(rows).values), [rows.length, hyperWidth]);
}
