import type { SampleTrainingParameters } from "@basin/contracts";
import {
  compileStep,
  gatherRows,
  optimizerStep,
  type CompiledStep,
  type PlannedStep,
  type StepHyper,
  type StepInput,
} from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { flatRow, lbfgsMoved, readAll, withRows } from "./lbfgs-phase";
import { nextStep, optimizerRows, optimizerTable } from "./optimizer-table";
import type { Batch, SampleEpoch, SampleNetwork, SampleStep } from "./sample-network";
import type { SampleRun } from "./sample-run";
import { rateOf } from "./schedule";
import { fromStepState, stepState, type TensorState } from "./tensor-state";

/** Pairs of steps and gradient changes that L-BFGS keeps of a run. */
const lbfgsMemory = 20;

/** What a step of an epoch is told. */
interface SampleKind<P extends SampleTrainingParameters> extends Pick<SampleStep<P>, "runs" | "taken"> {
  optimizer: SampleEpoch<P>["optimizer"];
  data: SampleEpoch<P>["data"];
  /** Tensors of the state that are parameters; the slots come behind them. */
  parameters: number;
  /** Of every run whether this is an evaluation of L-BFGS, and its last; null for those that the optimizer steps. */
  minimizing: readonly ({ last: boolean } | null)[];
  /** Of the inputs that the network has asked for, which come behind the rows of the batch and the optimizer's table. */
  names: readonly string[];
}

export type CompiledSampleStep<P extends SampleTrainingParameters> = CompiledStep<SampleKind<P>>;

/** An optimizer step of the network, where the backend takes it. The caller disposes of it. */
export function compileSampleStep<P extends SampleTrainingParameters>(network: SampleNetwork<P>): CompiledSampleStep<P> {
  return compileStep((state, [rows, table, ...others], kind) => {
    const { runs, taken, optimizer, data, parameters: count, names } = kind;
    if (!rows || !table) throw new Error("a step without its rows and its table");
    const { parameters, slots } = fromStepState(state, count, network.trained);
    const step = { runs, taken, given: Object.fromEntries(others.map((tensor, i) => [names[i] ?? "", tensor])) };
    const { x, targets } = samplesOf(data, rows as tf.Tensor2D, 0, rows.shape[1] ?? 0);
    const { losses, gradients, computed = [] } = network.lossAndGradients(parameters, x, targets, step);
    if (!gradients) throw new Error("a loss without gradients");
    const updated = optimizerStep(optimizer, parameters.slice(0, gradients.length), gradients, slots, table as tf.Tensor2D);
    const stepped = network.afterStep?.(updated.weights, step) ?? updated.weights;
    const weights = minimized(network, kind, { at: parameters.slice(0, gradients.length), losses, gradients, stepped });
    return { state: [...weights, ...computed, ...updated.slots.flat()], outputs: [losses] };
  });
}

/**
 * One pass over the epoch's order: a step per batch with the gradient of that batch's mean loss; the runs' step counters move on. Returns
 * the new state (the old one's tensors are disposed or reused) and for each run the mean over the trained samples of the loss that each
 * batch had before its step.
 */
export async function trainEpoch<P extends SampleTrainingParameters>(
  network: SampleNetwork<P>,
  compiled: CompiledSampleStep<P>,
  epoch: SampleEpoch<P>,
): Promise<{ state: TensorState; losses: Float64Array }> {
  const { runs, batches, tensors } = epoch;
  const { parameters, slots, best } = tensors;
  const table = (): tf.Tensor2D => optimizerTable(batches.flatMap(() => runs.map(countStep)));
  const atOnce = runs.some(isMinimizing) ? null : network.epochAtOnce?.(epoch, table);
  if (atOnce) {
    tf.dispose([...parameters, ...slots.flat()]);
    const losses = await weightedMean(atOnce.losses, batches, runs.length);
    return { state: { parameters: atOnce.parameters, slots: atOnce.slots, best }, losses };
  }
  const { state, outputs } = await compiled.run(stepState(tensors), plannedSteps(network, epoch));
  const losses = batches.map((_, batch) => outputs[batch]?.[0] ?? new Float32Array(0));
  return {
    state: { ...fromStepState(state, parameters.length, network.trained), best },
    losses: meanOfParts(losses, batches, runs.length),
  };
}

/** The epoch's steps; each is counted when it is asked for. */
function* plannedSteps<P extends SampleTrainingParameters>(
  network: SampleNetwork<P>,
  { runs, optimizer, batches, data, order, tensors }: SampleEpoch<P>,
): Generator<PlannedStep<SampleKind<P>>> {
  const own = runs.map(({ run }) => run.index).join();
  for (const [batch, { start, count }] of batches.entries()) {
    const taken = runs.map(({ optimizerSteps }) => optimizerSteps);
    const given = Object.entries(network.stepInputs?.(runs, batch, count) ?? {});
    const names = given.map(([name]) => name);
    const minimizing = runs.map((run) => (isMinimizing(run) ? { last: run.step === run.parameters.epochs - 1 } : null));
    yield {
      kind: { runs, taken, optimizer, data, parameters: tensors.parameters.length, minimizing, names },
      key: `${count} of ${own}`,
      called: minimizing.some((one) => one !== null),
      inputs: [batchRows(order, start, count), optimizerRows(runs.map(countStep)), ...given.map(([, input]) => input)],
    };
  }
}

/** A batch of every run's order. */
export function batchRows({ values, shape: [runs = 0, samples = 0] }: StepInput, start: number, count: number): StepInput {
  const rows = new Int32Array(runs * count);
  for (let r = 0; r < runs; r++) rows.set(values.subarray(r * samples + start, r * samples + start + count), r * count);
  return { shape: [runs, count], values: rows };
}

/** Counts an optimizer step of the run's epoch. */
function countStep(run: SampleRun): StepHyper {
  run.optimizerSteps += 1;
  return nextStep(run, rateOf({ ...run.parameters, epochs: run.optimizerEpochs }, run.step), run.parameters);
}

/** Whether the run's next epoch is an evaluation of L-BFGS. */
function isMinimizing({ step, optimizerEpochs }: SampleRun): boolean {
  return step >= optimizerEpochs;
}

/**
 * The trained tensors after a step: `stepped` by the optimizer, but of the runs that L-BFGS minimizes where it goes from the losses and gradients that
 * were found `at` their weights. Call within tf.tidy.
 */
function minimized<P extends SampleTrainingParameters>(
  network: SampleNetwork<P>,
  { runs, minimizing }: Pick<SampleKind<P>, "runs" | "minimizing">,
  found: { at: readonly tf.Tensor[]; losses: tf.Tensor1D; gradients: readonly tf.Tensor[]; stepped: readonly tf.Tensor[] },
): readonly tf.Tensor[] {
  if (minimizing.every((one) => one === null)) return found.stepped;
  const penalties = network.penaltyValues?.(found.at, runs);
  const values = (penalties ? tf.add<tf.Tensor1D>(found.losses, penalties) : found.losses).dataSync<"float32">();
  const [at, slopes] = [readAll(found.at), readAll(found.gradients)];
  const moved = new Map<number, Float32Array>();
  runs.forEach((run, row) => {
    const now = minimizing[row];
    if (!now) return;
    const gradient = flatRow(slopes, row, runs.length);
    const evaluated = { parameters: flatRow(at, row, runs.length), value: values[row] ?? Number.NaN, gradient };
    const { state, parameters } = lbfgsMoved(run.lbfgs, evaluated, { memory: lbfgsMemory, last: now.last });
    run.lbfgs = state;
    moved.set(row, parameters);
  });
  return withRows(found.stepped, readAll(found.stepped), moved);
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
  const byPart = parts.map((_, part) => values.subarray(part * figures, (part + 1) * figures));
  return meanOfParts(byPart, parts, figures);
}

/** The same of what the host has already, part by part. */
export function meanOfParts(losses: readonly Float32Array[], parts: readonly { count: number }[], figures: number): Float64Array {
  const means = new Float64Array(figures);
  let total = 0;
  parts.forEach(({ count }, part) => {
    total += count;
    for (let f = 0; f < figures; f++) means[f] = (means[f] ?? 0) + (losses[part]?.[f] ?? Number.NaN) * count;
  });
  return means.map((sum) => sum / total);
}
