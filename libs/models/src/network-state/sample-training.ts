import type { OptimizerName } from "@basin/contracts";
import { gatherRows, hyperWidth, optimizerStep } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { nextHyper, type RunState } from "./run-state";
import type { SampleNetwork } from "./sample-network";
import type { TensorState } from "./tensor-state";

/** Samples that go through a network at once where no gradient is needed. */
export const forwardSamples = 256;

/** The data set that the runs share, on the device. */
export interface DeviceData {
  inputs: tf.Tensor2D;
  targets: tf.Tensor2D;
}

/**
 * One pass over `order` (int32 [runs, samples], each run's own): a step per batch with the gradient of that batch's mean loss.
 * Returns the new state (the old one's tensors are disposed or reused) and for each run the mean over samples of the loss that
 * each batch had before its step.
 */
export async function trainEpoch(
  network: SampleNetwork,
  optimizer: OptimizerName,
  batchSize: number,
  states: readonly RunState[],
  state: TensorState,
  data: DeviceData,
  order: tf.Tensor2D,
): Promise<{ state: TensorState; losses: Float64Array }> {
  const batches = startsOf(order.shape[1], batchSize);
  const batchLosses: tf.Tensor1D[] = [];
  let { parameters, slots } = state;
  for (const { start, count } of batches) {
    const next = tf.tidy(() => {
      const x = gatherRows(data.inputs, order, start, count);
      const targets = data.targets === data.inputs ? x : gatherRows(data.targets, order, start, count);
      const training = states.map((one) => ({ seed: one.run.seed, step: one.steps + 1 }));
      const { losses, gradients } = network.lossAndGradients(parameters, x, targets, training);
      if (!gradients) throw new Error("a loss without gradients");
      const hyper = nextHyper(states);
      const table = tf.tensor2d(hyper, [hyper.length / hyperWidth, hyperWidth]);
      return { losses, ...optimizerStep(optimizer, parameters, gradients, slots, table) };
    });
    tf.dispose([...parameters, ...slots.flat()]);
    ({ weights: parameters, slots } = next);
    batchLosses.push(next.losses);
  }
  const losses = await weightedMean(batchLosses, batches, states.length);
  return { state: { parameters, slots, best: state.best }, losses };
}

/** For each run the mean loss over its rows of `order`, without training. */
export async function meanLoss(
  network: SampleNetwork,
  parameters: readonly tf.Tensor[],
  data: DeviceData,
  order: tf.Tensor2D,
): Promise<Float64Array> {
  const [runs, samples] = order.shape;
  const parts = startsOf(samples, forwardSamples);
  const partLosses = parts.map(({ start, count }) =>
    tf.tidy(() => {
      const x = gatherRows(data.inputs, order, start, count);
      const targets = data.targets === data.inputs ? x : gatherRows(data.targets, order, start, count);
      return network.lossAndGradients(parameters, x, targets, null).losses;
    }),
  );
  return weightedMean(partLosses, parts, runs);
}

/** Cuts 0 … samples−1 into pieces of `size`; the last takes what is left. */
export function startsOf(samples: number, size: number): { start: number; count: number }[] {
  return Array.from({ length: Math.ceil(samples / size) }, (_, i) => {
    const start = i * size;
    return { start, count: Math.min(size, samples - start) };
  });
}

/** Σ losses·count / Σ count for each run, in double precision; one read from the device. Disposes the losses. */
async function weightedMean(
  losses: readonly tf.Tensor1D[],
  parts: readonly { count: number }[],
  runs: number,
): Promise<Float64Array> {
  const all = tf.concat1d([...losses]);
  tf.dispose([...losses]);
  const values = await all.data<"float32">();
  all.dispose();
  const means = new Float64Array(runs);
  let total = 0;
  parts.forEach(({ count }, part) => {
    total += count;
    for (let r = 0; r < runs; r++) means[r] = (means[r] ?? 0) + (values[part * runs + r] ?? Number.NaN) * count;
  });
  return means.map((sum) => sum / total);
}
