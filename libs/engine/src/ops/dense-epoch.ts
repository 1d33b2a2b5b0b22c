import { optimizerNames, type ActivationName, type OptimizerName } from "@basin/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import { activationNumber } from "./activation";
import { fusedLosses, type FusedLoss } from "./loss";
import { outputAt, runKernel } from "./native-kernel";
import { optimizerSlots } from "./optimizer";

/** A chain of dense layers and how it is trained, alike for all runs. */
export interface DenseTraining {
  activations: readonly ActivationName[];
  loss: FusedLoss;
  optimizer: OptimizerName;
  batchSize: number;
}

/** Weights [runs, in, out] and biases [runs, 1, out] in turn, layer by layer; slots[s] likewise. */
export interface DenseArrays {
  parameters: readonly tf.Tensor[];
  slots: readonly (readonly tf.Tensor[])[];
}

/**
 * One epoch of dense layers as one kernel: over each run's rows of `order` (int32 [runs, samples]) in batches, each with one optimizer
 * step down the gradient of its mean loss. data [rows, in], targets [rows, out]; hyper [steps·runs, 8], a row for each step and run as
 * `writeHyper` fills it. Returns the new arrays and the loss [steps, runs] of each batch before its step, with the same bits as
 * `gatherRows`, `denseForward`, `lossAndGradient`, `denseBackward` and `optimizerStep` one after the other, whose way through memory
 * is longer. Only where `hasKernels()`. Leaves the old arrays alone; the caller owns the outputs.
 */
export function trainDenseEpoch(
  { activations, loss, optimizer, batchSize }: DenseTraining,
  { parameters, slots }: DenseArrays,
  { inputs: data, targets }: { inputs: tf.Tensor2D; targets: tf.Tensor2D },
  order: tf.Tensor2D,
  hyper: tf.Tensor2D,
): { parameters: tf.Tensor3D[]; slots: tf.Tensor3D[][]; losses: tf.Tensor2D } {
  const arrays = [parameters, ...slots.slice(0, optimizerSlots[optimizer])];
  const named = arrays.flatMap((all, s) =>
    all.map((array, i) => [`${i % 2 === 0 ? "weight" : "bias"}${["", "A", "B"][s] ?? ""}${Math.floor(i / 2)}`, array] as const),
  );
  const outputs = runKernel(
    "BasinDenseEpoch",
    { data, targets, order, hyper, ...Object.fromEntries(named) },
    {
      optimizer: optimizerNames.indexOf(optimizer),
      loss: fusedLosses.indexOf(loss),
      activations: activations.map(activationNumber),
      batchSize,
    },
  );
  const group = (s: number): tf.Tensor3D[] =>
    parameters.map((_, i) => outputAt<tf.Rank.R3>(outputs, 1 + s * parameters.length + i));
  return {
    losses: outputAt<tf.Rank.R2>(outputs, 0),
    parameters: group(0),
    slots: arrays.slice(1).map((_, s) => group(s + 1)),
  };
}
