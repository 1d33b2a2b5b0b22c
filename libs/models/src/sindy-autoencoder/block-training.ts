import { gatherRows, optimizerStep, type StepHyper } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { optimizerTable } from "../training/optimizer-table";
import { joined, startsOf, weightedMean } from "../training/sample-epoch";
import type { TensorState } from "../training/tensor-state";
import { nextLawStep, type LawRun, type LawStep, type Losses } from "./law-run";
import { lossesAndGradients, type BatchLosses, type LossWeights, type Setting } from "./batch-losses";

/** x, ẋ (, ẍ) of all samples on the device, [samples, width] each; the runs share them. */
export type DeviceJet = readonly tf.Tensor2D[];

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 512;

/**
 * As many steps as `order` (int32 [runs, steps·batchSize]) has batches; the runs' counters move on. Returns the new state (the old one's
 * tensors are disposed or reused) and every run's losses, means over the steps of what each had before its update.
 */
export async function trainBlock(
  setting: Setting,
  runs: readonly LawRun[],
  state: TensorState,
  mask: tf.Tensor3D,
  data: DeviceJet,
  order: tf.Tensor2D,
  batchSize: number,
): Promise<{ state: TensorState; losses: Losses[] }> {
  const batches = startsOf(order.shape[1], batchSize);
  const losses: BatchLosses[] = [];
  let { parameters, slots } = state;
  for (const { start, count } of batches) {
    const next = tf.tidy(() => {
      const jet = data.map((values) => gatherRows(values, order, start, count));
      return step(setting, parameters, slots, mask, jet, runs.map(nextLawStep));
    });
    tf.dispose([...parameters, ...slots.flat()]);
    ({ parameters, slots } = next);
    losses.push(next.losses);
  }
  const equal = batches.map(() => ({ count: 1 }));
  return { state: { parameters, slots, best: null }, losses: await meansOf(losses, equal, runs.length) };
}

function step(
  setting: Setting,
  parameters: readonly tf.Tensor[],
  slots: TensorState["slots"],
  mask: tf.Tensor3D,
  jet: readonly tf.Tensor3D[],
  steps: readonly LawStep[],
): { parameters: tf.Tensor[]; slots: tf.Tensor[][]; losses: BatchLosses } {
  const { losses, gradients } = lossesAndGradients(setting, parameters, mask, jet, lossWeights(steps));
  const update = (rows: readonly StepHyper[], from: number, to?: number) =>
    optimizerStep(
      "adam",
      parameters.slice(from, to),
      gradients.slice(from, to),
      slots.map((slot) => slot.slice(from, to)),
      optimizerTable(rows),
    );
  const own = update(
    steps.map(({ network }) => network),
    0,
    -1,
  );
  const law = update(
    steps.map(({ coefficients }) => coefficients),
    -1,
  );
  return {
    parameters: [...own.weights, ...law.weights],
    slots: own.slots.map((slot, s) => [...slot, ...(law.slots[s] ?? [])]),
    losses,
  };
}

function lossWeights(steps: readonly LawStep[]): LossWeights {
  const column = (pick: (step: LawStep) => number): tf.Tensor3D => tf.tensor3d(steps.map(pick), [steps.length, 1, 1]);
  return {
    derivative: column(({ derivative }) => derivative),
    law: column(({ law }) => law),
    sparsity: column(({ sparsity }) => sparsity),
  };
}

/** Every run's losses over all samples of `data`, without training. */
export async function meanLosses(
  setting: Setting,
  parameters: readonly tf.Tensor[],
  mask: tf.Tensor3D,
  data: DeviceJet,
): Promise<Losses[]> {
  const runs = mask.shape[0];
  const [samples = 0] = data[0]?.shape ?? [];
  const parts = startsOf(samples, forwardSamples);
  const inTurn = Int32Array.from({ length: runs * samples }, (_, i) => i % samples);
  const order = tf.tensor2d(inTurn, [runs, samples], "int32");
  const losses = parts.map(({ start, count }) =>
    tf.tidy(() => {
      const jet = data.map((values) => gatherRows(values, order, start, count));
      return lossesAndGradients(setting, parameters, mask, jet, null).losses;
    }),
  );
  order.dispose();
  return meansOf(losses, parts, runs);
}

/** Every run's means over the parts, weighted by their counts. Disposes the losses. */
async function meansOf(losses: readonly BatchLosses[], parts: readonly { count: number }[], runs: number): Promise<Losses[]> {
  const all = joined(losses.flatMap(({ reconstruction, derivative, law }) => [reconstruction, derivative, law]));
  const means = await weightedMean(all, parts, 3 * runs);
  const mean = (row: number, kind: number): number => means[kind * runs + row] ?? Number.NaN;
  return Array.from({ length: runs }, (_, row) => ({
    reconstruction: mean(row, 0),
    derivative: mean(row, 1),
    law: mean(row, 2),
  }));
}
