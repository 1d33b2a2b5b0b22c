import type { SampleTrainingParameters } from "@basin/contracts";
import { gatherRows, optimizerStep, type StepHyper } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { nextStep, optimizerTable } from "./optimizer-table";
import type { Batch, SampleEpoch, SampleNetwork, TrainedEpoch } from "./sample-network";
import type { SampleRun } from "./sample-run";
import { rateOf } from "./schedule";
import type { TensorState } from "./tensor-state";

/**
 * One pass over the epoch's order: a step per batch with the gradient of that batch's mean loss; the runs' step counters move on. Returns
 * the new state (the old one's tensors are disposed or reused) and for each run the mean over the trained samples of the loss that each
 * batch had before its step.
 */
export async function trainEpoch<P extends SampleTrainingParameters>(
  network: SampleNetwork<P>,
  epoch: SampleEpoch<P>,
): Promise<{ state: TensorState; losses: Float64Array }> {
  const { runs, batches, tensors } = epoch;
  const table = (): tf.Tensor2D => optimizerTable(batches.flatMap(() => runs.map(countStep)));
  const atOnce = network.epochAtOnce?.(epoch, table);
  if (atOnce) tf.dispose([...tensors.parameters, ...tensors.slots.flat()]);
  const { parameters, slots, losses } = atOnce ?? stepByStep(network, epoch);
  return { state: { parameters, slots, best: tensors.best }, losses: await weightedMean(losses, batches, runs.length) };
}

/** Counts an optimizer step of the run's epoch. */
function countStep(run: SampleRun): StepHyper {
  run.optimizerSteps += 1;
  return nextStep(run, rateOf(run.parameters, run.step), run.parameters);
}

function stepByStep<P extends SampleTrainingParameters>(network: SampleNetwork<P>, epoch: SampleEpoch<P>): TrainedEpoch {
  const { runs, optimizer, batches, data, order } = epoch;
  const batchLosses: tf.Tensor1D[] = [];
  let { parameters, slots } = epoch.tensors;
  for (const [batch, { start, count }] of batches.entries()) {
    const next = tf.tidy(() => {
      const { x, targets } = samplesOf(data, order, start, count);
      const { losses, gradients, computed = [] } = network.lossAndGradients(parameters, x, targets, { runs, batch });
      if (!gradients) throw new Error("a loss without gradients");
      const table = optimizerTable(runs.map(countStep));
      const updated = optimizerStep(optimizer, parameters.slice(0, gradients.length), gradients, slots, table);
      const weights = network.afterStep?.(updated.weights, runs) ?? updated.weights;
      return { parameters: [...weights, ...computed], slots: updated.slots, losses };
    });
    tf.dispose([...parameters, ...slots.flat()]);
    ({ parameters, slots } = next);
    batchLosses.push(next.losses);
  }
  return { parameters, slots, losses: joined(batchLosses) };
}

/** For each run the mean loss over its rows of `order`, without training. */
export async function meanLoss<P extends SampleTrainingParameters>(
  network: SampleNetwork<P>,
  parameters: readonly tf.Tensor[],
  data: SampleEpoch<P>["data"],
  order: tf.Tensor2D,
): Promise<Float64Array> {
  const [runs, samples] = order.shape;
  const parts = startsOf(samples, network.forwardSamples);
  const losses = parts.map(({ start, count }) =>
    tf.tidy(() => {
      const { x, targets } = samplesOf(data, order, start, count);
      return network.lossAndGradients(parameters, x, targets, null).losses;
    }),
  );
  return weightedMean(joined(losses), parts, runs);
}

function samplesOf<P extends SampleTrainingParameters>(
  { inputs, targets }: SampleEpoch<P>["data"],
  order: tf.Tensor2D,
  start: number,
  count: number,
): { x: tf.Tensor3D; targets: tf.Tensor3D } {
  const x = gatherRows(inputs, order, start, count);
  return { x, targets: targets === inputs ? x : gatherRows(targets, order, start, count) };
}

/** Cuts 0 … samples−1 into pieces of `size`; the last takes what is left. */
export function startsOf(samples: number, size: number): Batch[] {
  return Array.from({ length: Math.ceil(samples / size) }, (_, i) => {
    const start = i * size;
    return { start, count: Math.min(size, samples - start) };
  });
}

/** One after the other; disposes them. */
export function joined(losses: readonly tf.Tensor1D[]): tf.Tensor1D {
  const all = tf.concat1d([...losses]);
  tf.dispose([...losses]);
  return all;
}

/**
 * Σ loss·count / Σ count for each of `figures` values (those of every run) that each part has in `losses`, in double precision; one read
 * from the device. Disposes the losses.
 */
export async function weightedMean(
  losses: tf.Tensor,
  parts: readonly { count: number }[],
  figures: number,
): Promise<Float64Array> {
  const values = await losses.data<"float32">();
  losses.dispose();
  const means = new Float64Array(figures);
  let total = 0;
  parts.forEach(({ count }, part) => {
    total += count;
    for (let f = 0; f < figures; f++) means[f] = (means[f] ?? 0) + (values[part * figures + f] ?? Number.NaN) * count;
  });
  return means.map((sum) => sum / total);
}
