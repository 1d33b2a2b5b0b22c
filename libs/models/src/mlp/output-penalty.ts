import type { PackRun } from "@basin/engine";
import { penaltyWeightName, type OutputPenalty } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "./architecture";
import { chainEnergyGradient } from "./chain-energy";
import { expectedCostGradient, neighbourDivergenceGradient } from "./class-penalties";

/** A batch as the last layer left it: outputs (logits before a softmax), what went in, and the targets, [runs, samples, width] each. */
export interface PenalizedBatch {
  output: tf.Tensor3D;
  x: tf.Tensor3D;
  targets: tf.Tensor3D;
}

/** ∂(penalty)/∂output [runs, samples, width], the penalty being a mean over the batch, without its weight. Call within tf.tidy. */
type PenaltyGradient = (batch: PenalizedBatch) => tf.Tensor3D;

/** The penalty of a problem for its network. Throws RangeError when it does not go with the outputs or the inputs. */
export function penaltyGradient(penalty: OutputPenalty, net: Architecture): PenaltyGradient {
  const [inputs, outputs] = [net.widths[0] ?? 0, net.widths.at(-1) ?? 0];
  const refuse = (what: string): never => {
    throw new RangeError(`The output penalty "${penalty.id}" ${what}.`);
  };
  switch (penalty.id) {
    case "jsd-neighbours":
      if (!net.softmax) refuse("is told of class probabilities, and the outputs are no softmax");
      return ({ output }) => neighbourDivergenceGradient(output);
    case "cost-matrix": {
      const { costs } = penalty;
      if (!net.softmax) refuse("is told of class probabilities, and the outputs are no softmax");
      if (costs.length !== outputs || costs.some((row) => row.length !== outputs))
        refuse(`needs ${outputs} rows of ${outputs} costs, one for each class`);
      return ({ output, targets }) => expectedCostGradient(output, targets, costs);
    }
    case "lennard-jones-coulomb": {
      const { chain } = penalty;
      if (net.softmax || net.predicting !== "linear") refuse("is told of coordinates, which are linear outputs");
      if (inputs !== chain.atoms + 2 || outputs !== 2 * chain.atoms)
        refuse(
          `of ${chain.atoms} atoms needs ${chain.atoms + 2} inputs and ${2 * chain.atoms} outputs, not ${inputs} and ${outputs}`,
        );
      return ({ output, x }) => chainEnergyGradient(output, x, chain);
    }
  }
}

/** A run's weight of the output penalty. Throws RangeError when its experiment has none. */
export function penaltyWeightOf({ parameters }: Pick<PackRun, "parameters">): number {
  const weight = parameters[penaltyWeightName];
  if (typeof weight === "number" && weight >= 0) return weight;
  throw new RangeError(
    `The problem has an output penalty, so that the experiment needs a parameter ${penaltyWeightName}: a number of at least 0.`,
  );
}

/** The loss's gradient with each run's weight times the penalty's; a run of weight 0 keeps its own to the bit. Call within tf.tidy. */
export function withPenalty(
  gradient: tf.Tensor3D,
  batch: PenalizedBatch,
  ofPenalty: PenaltyGradient,
  weights: readonly number[],
): tf.Tensor3D {
  if (weights.every((weight) => weight === 0)) return gradient;
  const weight = tf.tensor3d([...weights], [weights.length, 1, 1]);
  const penalized = tf.add<tf.Tensor3D>(gradient, tf.mul(weight, ofPenalty(batch)));
  if (weights.every((one) => one > 0)) return penalized;
  return tf.where(tf.greater(tf.broadcastTo(weight, gradient.shape), 0), penalized, gradient);
}
