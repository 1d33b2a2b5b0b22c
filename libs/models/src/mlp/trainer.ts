import type { ActivationName, OptimizerName } from "@basin/contracts";
import { gatherRows, hyperWidth, lossAndGradient, optimizerStep, type FusedLoss } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { backward, forward, type Parameters } from "./network";
import type { TensorState } from "./tensor-state";

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 1024;

/** What all runs of a pack have in common while they train. */
export interface Setting {
  hidden: ActivationName;
  /** Activation of the last layer within the loss. */
  last: ActivationName;
  loss: FusedLoss;
  optimizer: OptimizerName;
  /** Training samples of a step; the last step of an epoch takes what is left. */
  batchSize: number;
}

/** The data set that the runs share, on the device. */
export interface DeviceData {
  /** [samples, inputWidth] */
  inputs: tf.Tensor2D;
  /** [samples, outputWidth] */
  targets: tf.Tensor2D;
}

/**
 * One pass over `order` (int32 [runs, samples], each run's own): a step per batch with the gradient of that batch's mean loss.
 * `hyper` gives the optimizer's table for each step. Returns the new state (the old one's tensors are disposed or reused) and
 * for each run the mean over samples of the loss that each batch had before its step.
 */
export async function trainEpoch(
  setting: Setting,
  state: TensorState,
  data: DeviceData,
  order: tf.Tensor2D,
  hyper: () => Float32Array,
): Promise<{ state: TensorState; losses: Float64Array }> {
  const [runs, samples] = order.shape;
  const batches = startsOf(samples, setting.batchSize);
  const batchLosses: tf.Tensor1D[] = [];
  let { parameters, slots } = state;
  for (const { start, count } of batches) {
    const next = tf.tidy(() => step(setting, parameters, slots, data, order, start, count, hyper()));
    tf.dispose([...parameters, ...slots.flat()]);
    ({ parameters, slots } = next);
    batchLosses.push(next.losses);
  }
  const losses = await weightedMean(batchLosses, batches, runs);
  return { state: { parameters, slots, best: state.best }, losses };
}

function step(
  setting: Setting,
  parameters: Parameters,
  slots: readonly Parameters[],
  data: DeviceData,
  order: tf.Tensor2D,
  start: number,
  count: number,
  hyper: Float32Array,
): { parameters: tf.Tensor3D[]; slots: tf.Tensor3D[][]; losses: tf.Tensor1D } {
  const x = gatherRows(data.inputs, order, start, count);
  const targets = gatherRows(data.targets, order, start, count);
  const { output, traces } = forward(parameters, setting.hidden, setting.last, x, true);
  const { losses, gradient } = lossAndGradient(setting.loss, output, targets, true);
  if (!gradient) throw new Error("a loss without gradient");
  const table = tf.tensor2d(hyper, [hyper.length / hyperWidth, hyperWidth]);
  const updated = backward(parameters, traces, gradient).map((slope, i) => {
    const weight = parameters[i];
    if (!weight) throw new RangeError(`There are more gradients than parameters (${parameters.length}).`);
    return optimizerStep(
      setting.optimizer,
      weight,
      slope,
      slots.flatMap((slot) => slot[i] ?? []),
      table,
    );
  });
  return {
    parameters: updated.map(({ weight }) => weight),
    slots: slots.map((_, s) => updated.flatMap((one) => one.slots[s] ?? [])),
    losses,
  };
}

/** For each run the mean loss over its rows of `order`, without training. */
export async function meanLoss(
  setting: Setting,
  parameters: Parameters,
  data: DeviceData,
  order: tf.Tensor2D,
): Promise<Float64Array> {
  const [runs, samples] = order.shape;
  const parts = startsOf(samples, forwardSamples);
  const partLosses = parts.map(({ start, count }) =>
    tf.tidy(() => {
      const x = gatherRows(data.inputs, order, start, count);
      const targets = gatherRows(data.targets, order, start, count);
      const { output } = forward(parameters, setting.hidden, setting.last, x, false);
      return lossAndGradient(setting.loss, output, targets, false).losses;
    }),
  );
  return weightedMean(partLosses, parts, runs);
}

/** Outputs [points, outputWidth] of one run's network at `inputs` [points, inputWidth], row-major. */
export function predict(
  parameters: Parameters,
  row: number,
  hidden: ActivationName,
  last: ActivationName,
  softmax: boolean,
  inputs: Float32Array,
): Float32Array {
  const inputWidth = parameters[0]?.shape[1] ?? 1;
  const outputWidth = parameters.at(-1)?.shape[2] ?? 1;
  const points = inputs.length / inputWidth;
  const out = new Float32Array(points * outputWidth);
  tf.tidy(() => {
    const own = parameters.map((tensor) => tf.slice(tensor, [row, 0, 0], [1, -1, -1]));
    for (const { start, count } of startsOf(points, forwardSamples)) {
      const values = tf.tidy(() => {
        const x = tf.tensor3d(inputs.slice(start * inputWidth, (start + count) * inputWidth), [1, count, inputWidth]);
        const { output } = forward(own, hidden, last, x, false);
        return (softmax ? tf.softmax(output) : output).dataSync<"float32">();
      });
      out.set(values, start * outputWidth);
    }
  });
  return out;
}

/** Cuts 0 … samples−1 into pieces of `size`; the last takes what is left. */
function startsOf(samples: number, size: number): { start: number; count: number }[] {
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
