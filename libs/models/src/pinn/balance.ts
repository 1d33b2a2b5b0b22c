import { sumPerRun } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { termsAndGradients, type EquationLoss, type StepInputs } from "./equation-loss";
import { partWeights } from "./part-weights";

/** How much of its factor a term keeps when they are balanced. */
const kept = 0.9;

/**
 * Norms of the gradients of every part of the loss, without its weight, by the network's parameters: [part][run]; NaN for one that counts in no run.
 * Waits for the device. `network`: how many of the parameters are the network's. `counts`: of every part.
 */
export function gradientNorms(
  equationLoss: EquationLoss,
  parameters: readonly tf.Tensor[],
  network: number,
  inputs: Pick<StepInputs, "jets" | "progress">,
  counts: readonly boolean[],
): Float32Array[] {
  const runs = inputs.progress.shape[0];
  return counts.map((own, part) => {
    if (!own) return new Float32Array(runs).fill(Number.NaN);
    return tf.tidy(() => {
      const one = counts.map((_, other) => Number(other === part));
      const weights = partWeights(
        Array.from({ length: runs }, () => one),
        counts.length,
      );
      const { gradients } = termsAndGradients(equationLoss, parameters, { ...inputs, weights, values: false });
      const squares = gradients.slice(0, network).map((gradient) => sumPerRun(tf.square(gradient)));
      return tf
        .sqrt(squares.reduce((sum, square) => tf.add<tf.Tensor1D>(sum, square)))
        .dataSync<"float32">()
        .slice();
    });
  });
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
