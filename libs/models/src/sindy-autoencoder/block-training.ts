import { compileStep, gatherRows, optimizerStep, type CompiledStep, type PlannedStep, type StepInput } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { optimizerRows } from "../training/optimizer-table";
import { batchRows, joined, meanOfParts, startsOf, weightedMean } from "../training/sample-epoch";
import { fromStepState, stepState, type TensorState } from "../training/tensor-state";
import { nextLawStep, type LawRun, type LawStep, type Losses } from "./law-run";
import { lossesAndGradients, type BatchLosses, type LossWeights, type Setting } from "./batch-losses";

/** x, ẋ (, ẍ) of all samples on the device, [samples, width] each; the runs share them. */
export type DeviceJet = readonly tf.Tensor2D[];

/** Samples that go through the network at once where no gradient is needed. */
const forwardSamples = 512;

/** A step needs nothing but its tensors. */
export type CompiledLawStep = CompiledStep<null>;

/** An optimizer step of networks and laws, where the backend takes it; the runs share `data`. The caller disposes of it. */
export function compileLawStep(setting: Setting, data: DeviceJet): CompiledLawStep {
  const count = setting.architecture.specs.length;
  return compileStep((state, inputs) => {
    const { parameters, slots } = fromStepState(state, count);
    const [rows, mask, networks, laws, derivative, law, sparsity] = inputs;
    if (!rows || !sparsity) throw new Error("a step without its inputs");
    const jet = data.map((values) => gatherRows(values, rows as tf.Tensor2D, 0, rows.shape[1] ?? 0));
    const weights: LossWeights = {
      derivative: derivative as tf.Tensor3D,
      law: law as tf.Tensor3D,
      sparsity: sparsity as tf.Tensor3D,
    };
    const { losses, gradients } = lossesAndGradients(setting, parameters, mask as tf.Tensor3D, jet, weights);
    const update = (table: tf.Tensor | undefined, from: number, to?: number) =>
      optimizerStep(
        "adam",
        parameters.slice(from, to),
        gradients.slice(from, to),
        slots.map((slot) => slot.slice(from, to)),
        table as tf.Tensor2D,
      );
    const own = update(networks, 0, -1);
    const ofLaw = update(laws, -1);
    return {
      state: [...own.weights, ...ofLaw.weights, ...own.slots.flatMap((slot, s) => [...slot, ...(ofLaw.slots[s] ?? [])])],
      outputs: [losses.reconstruction, losses.derivative, losses.law],
    };
  });
}

/**
 * As many steps as `order` (int32 [runs, steps·batchSize]) has batches; the runs' counters move on. Returns the new state (the old one's
 * tensors are disposed or reused) and every run's losses, means over the steps of what each had before its update.
 */
export async function trainBlock(
  compiled: CompiledLawStep,
  runs: readonly LawRun[],
  state: TensorState,
  mask: StepInput,
  order: StepInput,
  batchSize: number,
): Promise<{ state: TensorState; losses: Losses[] }> {
  const taken = await compiled.run(stepState(state), plannedSteps(runs, mask, order, batchSize));
  const parts = taken.outputs.map(([reconstruction = none, derivative = none, law = none]) =>
    Float32Array.of(...reconstruction, ...derivative, ...law),
  );
  const equal = parts.map(() => ({ count: 1 }));
  const losses = byRun(meanOfParts(parts, equal, 3 * runs.length), runs.length);
  return { state: fromStepState(taken.state, state.parameters.length), losses };
}

const none = new Float32Array(0);

/** Each step is counted when it is asked for. */
function* plannedSteps(
  runs: readonly LawRun[],
  mask: StepInput,
  order: StepInput,
  batchSize: number,
): Generator<PlannedStep<null>> {
  const key = runs.map(({ run }) => run.index).join();
  for (const { start, count } of startsOf(order.shape[1] ?? 0, batchSize)) {
    const steps = runs.map(nextLawStep);
    const column = (pick: (step: LawStep) => number): StepInput => ({
      shape: [steps.length, 1, 1],
      values: Float32Array.from(steps, pick),
    });
    yield {
      kind: null,
      key: `${count} of ${key}`,
      inputs: [
        batchRows(order, start, count),
        mask,
        optimizerRows(steps.map(({ network }) => network)),
        optimizerRows(steps.map(({ coefficients }) => coefficients)),
        column(({ derivative }) => derivative),
        column(({ law }) => law),
        column(({ sparsity }) => sparsity),
      ],
    };
  }
}

/** Every run's losses over all samples of `data`, without training. */
export async function meanLosses(
  setting: Setting,
  parameters: readonly tf.Tensor[],
  { shape: [runs = 0, terms = 0, latent = 0], values }: StepInput,
  data: DeviceJet,
): Promise<Losses[]> {
  const mask = tf.tensor3d(values, [runs, terms, latent]);
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
  tf.dispose([order, mask]);
  return meansOf(losses, parts, runs);
}

/** Every run's means over the parts, weighted by their counts. Disposes the losses. */
async function meansOf(losses: readonly BatchLosses[], parts: readonly { count: number }[], runs: number): Promise<Losses[]> {
  const all = joined(losses.flatMap(({ reconstruction, derivative, law }) => [reconstruction, derivative, law]));
  return byRun(await weightedMean(all, parts, 3 * runs), runs);
}

/** From the means of one kind of loss behind the other, each with every run's. */
function byRun(means: Float64Array, runs: number): Losses[] {
  const mean = (row: number, kind: number): number => means[kind * runs + row] ?? Number.NaN;
  return Array.from({ length: runs }, (_, row) => ({
    reconstruction: mean(row, 0),
    derivative: mean(row, 1),
    law: mean(row, 2),
  }));
}
