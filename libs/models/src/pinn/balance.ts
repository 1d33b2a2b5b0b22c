import { sumPerRun } from "@basin/engine";
import { lossParts } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { termsAndGradients, type EquationLoss, type StepInputs } from "./equation-loss";

/** How much of its factor a term keeps when they are balanced. */
const kept = 0.9;

/**
 * Norms of the gradients of every part of the loss, without its weight, by the network's parameters: [part][run]. Waits for the device. `network`:
 * how many of the parameters are the network's.
 */
export function gradientNorms(
  equationLoss: EquationLoss,
  parameters: readonly tf.Tensor[],
  network: number,
  inputs: Omit<StepInputs, "weights">,
): Float32Array[] {
  const runs = inputs.progress.shape[0];
  const parts = lossParts(equationLoss.system);
  return parts.map((_, part) =>
    tf.tidy(() => {
      const weights = parts.map((__, other) => tf.fill<tf.Rank.R3>([runs, 1, 1], Number(other === part)));
      const { gradients } = termsAndGradients(equationLoss, parameters, { ...inputs, weights });
      const squares = gradients.slice(0, network).map((gradient) => sumPerRun(tf.square(gradient)));
      return tf
        .sqrt(squares.reduce((sum, one) => tf.add<tf.Tensor1D>(sum, one)))
        .dataSync<"float32">()
        .slice();
    }),
  );
}

/**
 * The factors of a run's terms after they were balanced: each moves a tenth of the way to (the sum of all norms)/(its own), so that in the end
 * all gradients have the same size before their weights. Terms that do not count now (`weights` 0), or have no gradient, keep their factor. (S. Wang,
 * S. Sankaran, H. Wang, P. Perdikaris, "An expert's guide to training physics-informed neural networks", 2023, algorithm 1.)
 */
export function balanced(factors: readonly number[], norms: readonly number[], weights: readonly number[]): number[] {
  const counts = (i: number): boolean => weights[i] !== 0 && Number.isFinite(norms[i]) && (norms[i] ?? 0) > 0;
  const sum = norms.reduce((all, norm, i) => (counts(i) ? all + norm : all), 0);
  return factors.map((factor, i) => (counts(i) ? kept * factor + ((1 - kept) * sum) / (norms[i] ?? 1) : factor));
}
