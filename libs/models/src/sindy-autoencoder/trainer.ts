import { gatherRows, hyperWidth, optimizerStep } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import type { TensorState } from "../network-state/tensor-state";
import { lossesAndGradients, type BatchLosses, type LossWeights, type Setting } from "./objective";
import type { Losses, StepTables } from "./run-state";

/** x, ẋ (, ẍ) of all samples on the device, [samples, width] each; the runs share them. */
export type DeviceJet = readonly tf.Tensor2D[];

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 512;

/**
 * As many steps as `order` (int32 [runs, steps·batchSize]) has batches. Returns the new state (the old one's tensors are disposed or reused)
 * and every run's losses, means over the steps of what each had before its update.
 */
export async function trainBlock(
  setting: Setting,
  state: TensorState,
  mask: tf.Tensor3D,
  data: DeviceJet,
  order: tf.Tensor2D,
  batchSize: number,
  tables: () => StepTables,
): Promise<{ state: TensorState; losses: Losses[] }> {
  const [runs, length] = order.shape;
  const steps = length / batchSize;
  const losses: BatchLosses[] = [];
  let { parameters, slots } = state;
  for (let s = 0; s < steps; s++) {
    const next = tf.tidy(() => step(setting, parameters, slots, mask, data, order, s * batchSize, batchSize, tables()));
    tf.dispose([...parameters, ...slots.flat()]);
    ({ parameters, slots } = next);
    losses.push(next.losses);
  }
  const counts = losses.map(() => 1);
  return { state: { parameters, slots, best: null }, losses: await weightedMeans(losses, counts, runs) };
}

function step(
  setting: Setting,
  parameters: readonly tf.Tensor[],
  slots: TensorState["slots"],
  mask: tf.Tensor3D,
  data: DeviceJet,
  order: tf.Tensor2D,
  start: number,
  count: number,
  tables: StepTables,
): { parameters: tf.Tensor[]; slots: tf.Tensor[][]; losses: BatchLosses } {
  const jet = data.map((values) => gatherRows(values, order, start, count));
  const { losses, gradients } = lossesAndGradients(setting, parameters, mask, jet, lossWeights(tables));
  const network = tf.tensor2d(tables.network, [tables.network.length / hyperWidth, hyperWidth]);
  const coefficients = tf.tensor2d(tables.coefficients, [tables.coefficients.length / hyperWidth, hyperWidth]);
  const own = optimizerStep(
    "adam",
    parameters.slice(0, -1),
    gradients.slice(0, -1),
    slots.map((slot) => slot.slice(0, -1)),
    network,
  );
  const law = optimizerStep(
    "adam",
    parameters.slice(-1),
    gradients.slice(-1),
    slots.map((slot) => slot.slice(-1)),
    coefficients,
  );
  return {
    parameters: [...own.weights, ...law.weights],
    slots: own.slots.map((slot, s) => [...slot, ...(law.slots[s] ?? [])]),
    losses,
  };
}

function lossWeights({ derivative, law, sparsity }: StepTables): LossWeights {
  const column = (values: Float32Array): tf.Tensor3D => tf.tensor3d(values, [values.length, 1, 1]);
  return { derivative: column(derivative), law: column(law), sparsity: column(sparsity) };
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
  const counts: number[] = [];
  const losses: BatchLosses[] = [];
  const inTurn = Int32Array.from({ length: runs * samples }, (_, i) => i % samples);
  const order = tf.tensor2d(inTurn, [runs, samples], "int32");
  for (let start = 0; start < samples; start += forwardSamples) {
    const count = Math.min(forwardSamples, samples - start);
    counts.push(count);
    losses.push(
      tf.tidy(() => {
        const jet = data.map((values) => gatherRows(values, order, start, count));
        return lossesAndGradients(setting, parameters, mask, jet, null).losses;
      }),
    );
  }
  order.dispose();
  return weightedMeans(losses, counts, runs);
}

/** Σ loss·count / Σ count for each run, in double precision; one read from the device. Disposes the losses. */
async function weightedMeans(parts: readonly BatchLosses[], counts: readonly number[], runs: number): Promise<Losses[]> {
  const tensors = parts.flatMap(({ reconstruction, derivative, law }) => [reconstruction, derivative, law]);
  const all = tf.concat1d(tensors);
  tf.dispose(tensors);
  const values = await all.data<"float32">();
  all.dispose();
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = (row: number, kind: number): number =>
    counts.reduce((sum, count, part) => sum + (values[(3 * part + kind) * runs + row] ?? Number.NaN) * count, 0) / total;
  return Array.from({ length: runs }, (_, row) => ({
    reconstruction: mean(row, 0),
    derivative: mean(row, 1),
    law: mean(row, 2),
  }));
}
