import type { OptimizerName } from "@basin/contracts";
import { gatherRows, hasKernels, hyperWidth, lossAndGradient, optimizerStep, trainDenseEpoch } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "./architecture";
import { dropoutMasks } from "./dropout";
import { adjustGradients } from "./gradient-adjustment";
import { backward, evaluationMode, forward, type Parameters } from "./network";
import { nextHyper, type RunState } from "./run-state";
import type { TensorState } from "./tensor-state";

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 1024;

/** What all runs of a pack have in common while they train. */
export interface Setting {
  net: Architecture;
  optimizer: OptimizerName;
  /** Training samples of a step; the last step of an epoch takes what is left, if that is as many as `leastBatch`. */
  batchSize: number;
  /** 2 with batch normalization: one sample has no variance. */
  leastBatch: 1 | 2;
}

/** The data set that the runs share, on the device. */
export interface DeviceData {
  /** [samples, inputWidth] */
  inputs: tf.Tensor2D;
  /** [samples, outputWidth] */
  targets: tf.Tensor2D;
}

/**
 * One pass over `order` (int32 [runs, samples], each run's own): a step per batch with the gradient of that batch's mean loss. Row r
 * belongs to states[r], whose step counters move on. Returns the new state (the old one's tensors are disposed or reused) and for
 * each run the mean over the trained samples of the loss that each batch had before its step, without penalties.
 */
export async function trainEpoch(
  setting: Setting,
  states: readonly RunState[],
  state: TensorState,
  data: DeviceData,
  order: tf.Tensor2D,
): Promise<{ state: TensorState; losses: Float64Array }> {
  const train = hasKernels() && isPlain(setting.net, states) ? trainPlainEpoch : trainStepByStep;
  const batches = startsOf(order.shape[1], setting.batchSize).filter(({ count }) => count >= setting.leastBatch);
  const { losses, parameters, slots } = train(setting, states, state, data, order, batches);
  return { state: { parameters, slots, best: state.best }, losses: await weightedMean(losses, batches, states.length) };
}

/** Arrays after an epoch, and the losses of its batches, one batch's runs after the other's. */
interface Epoch {
  parameters: Parameters;
  slots: readonly Parameters[];
  losses: tf.Tensor;
}

/** Whether a step is a forward pass, a backward pass and the optimizer, and nothing else. */
function isPlain(net: Architecture, states: readonly RunState[]): boolean {
  return (
    !net.normalized &&
    states.every(({ parameters: { dropout, l1, l2, clipNorm, clipValue } }) =>
      [dropout, l1, l2, clipNorm, clipValue].every((strength) => strength === 0),
    )
  );
}

/** An epoch as one kernel, with the same bits as step by step. */
function trainPlainEpoch(
  { net: { activations, loss }, optimizer, batchSize }: Setting,
  states: readonly RunState[],
  { parameters, slots }: TensorState,
  data: DeviceData,
  order: tf.Tensor2D,
  batches: readonly Batch[],
): Epoch {
  const rows = batches.flatMap(() => [...nextHyper(states)]);
  const hyper = tf.tensor2d(rows, [rows.length / hyperWidth, hyperWidth]);
  const epoch = trainDenseEpoch({ activations, loss, optimizer, batchSize }, { parameters, slots }, data, order, hyper);
  tf.dispose([hyper, ...parameters, ...slots.flat()]);
  return epoch;
}

function trainStepByStep(
  setting: Setting,
  states: readonly RunState[],
  state: TensorState,
  data: DeviceData,
  order: tf.Tensor2D,
  batches: readonly Batch[],
): Epoch {
  const batchLosses: tf.Tensor1D[] = [];
  let { parameters, slots } = state;
  for (const [batch, { start, count }] of batches.entries()) {
    const next = tf.tidy(() => {
      const masks = dropoutMasks(setting.net, states, batch, count);
      const x = gatherRows(data.inputs, order, start, count);
      const targets = gatherRows(data.targets, order, start, count);
      return step(setting, states, parameters, slots, x, targets, masks);
    });
    tf.dispose([...parameters, ...slots.flat()]);
    ({ parameters, slots } = next);
    batchLosses.push(next.losses);
  }
  return { parameters, slots, losses: joined(batchLosses) };
}

function step(
  { net, optimizer }: Setting,
  states: readonly RunState[],
  parameters: Parameters,
  slots: readonly Parameters[],
  x: tf.Tensor3D,
  targets: tf.Tensor3D,
  masks: readonly tf.Tensor3D[] | null,
): { parameters: tf.Tensor3D[]; slots: tf.Tensor3D[][]; losses: tf.Tensor1D } {
  const { output, traces, running } = forward(net, parameters, x, { traces: true, batchStatistics: true, masks });
  const { losses, gradient } = lossAndGradient(net.loss, output, targets, true);
  if (!gradient) throw new Error("a loss without gradient");
  const hyper = nextHyper(states);
  const table = tf.tensor2d(hyper, [hyper.length / hyperWidth, hyperWidth]);
  const gradients = backward(net, parameters, traces, gradient);
  const rows = states.map((one) => one.parameters);
  const adjusted = adjustGradients(net, parameters, gradients, rows);
  const updated = optimizerStep(optimizer, parameters.slice(0, adjusted.length), adjusted, slots, table);
  return { parameters: [...updated.weights, ...running], slots: updated.slots, losses };
}

/** For each run the mean loss over its rows of `order`, without training. */
export async function meanLoss(
  net: Architecture,
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
      const { output } = forward(net, parameters, x, evaluationMode);
      return lossAndGradient(net.loss, output, targets, false).losses;
    }),
  );
  return weightedMean(joined(partLosses), parts, runs);
}

/** Outputs [points, outputWidth] of one network, whose arrays are [1, rows, columns], at `inputs` [points, inputWidth], row-major. */
export async function predict(net: Architecture, own: Parameters, inputs: Float32Array): Promise<Float32Array> {
  const inputWidth = net.widths[0] ?? 1;
  const outputWidth = net.widths.at(-1) ?? 1;
  const points = inputs.length / inputWidth;
  const out = new Float32Array(points * outputWidth);
  const predicting = { ...net, activations: [...net.activations.slice(0, -1), net.predicting] };
  for (const { start, count } of startsOf(points, forwardSamples)) {
    const part = tf.tidy(() => {
      const x = tf.tensor3d(inputs.slice(start * inputWidth, (start + count) * inputWidth), [1, count, inputWidth]);
      const { output } = forward(predicting, own, x, evaluationMode);
      return net.softmax ? tf.softmax(output) : output;
    });
    out.set(await part.data<"float32">(), start * outputWidth);
    part.dispose();
  }
  return out;
}

/** Some samples in a row of an order. */
interface Batch {
  start: number;
  count: number;
}

/** Cuts 0 … samples−1 into pieces of `size`; the last takes what is left. */
export function startsOf(samples: number, size: number): Batch[] {
  return Array.from({ length: Math.ceil(samples / size) }, (_, i) => {
    const start = i * size;
    return { start, count: Math.min(size, samples - start) };
  });
}

/** One after the other; disposes them. */
function joined(losses: tf.Tensor1D[]): tf.Tensor1D {
  const all = tf.concat1d(losses);
  tf.dispose(losses);
  return all;
}

/** Σ losses·count / Σ count for each run, in double precision, from the losses of all parts; one read from the device. Disposes the losses. */
async function weightedMean(losses: tf.Tensor, parts: readonly Batch[], runs: number): Promise<Float64Array> {
  const values = await losses.data<"float32">();
  losses.dispose();
  const means = new Float64Array(runs);
  let total = 0;
  parts.forEach(({ count }, part) => {
    total += count;
    for (let r = 0; r < runs; r++) means[r] = (means[r] ?? 0) + (values[part * runs + r] ?? Number.NaN) * count;
  });
  return means.map((sum) => sum / total);
}
