import { compileStep, type CompiledStep, type PlannedStep, type StepHyper, type StepInput } from "@basin/engine";
import type * as tf from "@tensorflow/tfjs-core";
import type { JetTensors } from "../derivative-propagation/jet";
import { flatRow, lbfgsMoved, readAll, withRows } from "../training/lbfgs-phase";
import { optimizerRows } from "../training/optimizer-table";
import { fromStepState } from "../training/tensor-state";
import { adamSteps } from "./adam-step";
import { termsAndGradients, type EquationLoss } from "./equation-loss";
import { weightedSum, type PartColumns, type PartWeights } from "./part-weights";
import { isMinimizing, nextRows, progressOf, type PinnRun } from "./pinn-run";
import { markedGradients, type ParameterLayout } from "./pruning";

/** What a step reads of its pack. */
export interface PinnPack {
  runs: readonly PinnRun[];
  equationLoss: EquationLoss;
  layout: ParameterLayout;
  /** How many tensors a run's parameters are. */
  parameters: number;
  /** Of every pass of the loss. */
  jets: readonly JetTensors[];
}

/** What a step is told. */
export interface PinnKind {
  pack: PinnPack;
  /** Whether the values of the loss' parts are wanted. */
  values: boolean;
  counts: PartWeights["counts"];
  /** Places of the parameters that have a learning rate of their own. */
  own: readonly number[];
  /** Of runs that minimize by L-BFGS, the weights of the parts, and whether it is their last epoch; null for the others. */
  minimizing: readonly ({ weights: readonly number[]; last: boolean } | null)[];
}

export type CompiledPinnStep = CompiledStep<PinnKind>;

/** An epoch of every run, where the backend takes it. The caller disposes of it. */
export function compilePinnStep(): CompiledPinnStep {
  return compileStep((state, inputs, { pack, values, counts, own, minimizing }) => {
    const { equationLoss, layout, jets } = pack;
    const [table, progress, ...others] = inputs;
    const { parameters, slots } = fromStepState(state, pack.parameters);
    const asked = values || minimizing.some((one) => one !== null);
    const { terms, gradients } = termsAndGradients(equationLoss, parameters.slice(0, layout.marks), {
      jets,
      progress: progress as tf.Tensor3D,
      weights: { tensors: others.slice(0, counts.length) as tf.Tensor3D[], counts },
      values: asked,
    });
    const all = markedGradients(layout, parameters, gradients);
    const minimized = minimize(pack, minimizing, parameters, terms, all);
    const rates = new Map(own.map((place, i) => [place, others[counts.length + i] as tf.Tensor2D]));
    const stepped = adamSteps({ parameters, gradients: all, slots }, table as tf.Tensor2D, rates);
    return { state: [...minimized(stepped.parameters), ...stepped.slots.flat()], outputs: values ? terms : [] };
  });
}

/**
 * The next epoch of every run, which it counts. `rates`: learning rates of their own, as multiples of the run's, by the parameter's place. `balanced`: the
 * weights of the parts, of every run. `version`: of the jets.
 */
export function plannedEpoch(
  pack: PinnPack,
  { columns, counts }: PartColumns,
  balanced: readonly (readonly number[])[],
  rates: ReadonlyMap<number, readonly number[]>,
  { values, version }: { values: boolean; version: number },
): PlannedStep<PinnKind> {
  const { runs } = pack;
  const minimizing = runs.map((one, row) => {
    const last = one.step === one.parameters.epochs - 1;
    return isMinimizing(one) ? { weights: balanced[row] ?? [], last } : null;
  });
  const progress = { shape: [runs.length, 1, 1], values: Float32Array.from(runs, progressOf) };
  const rows = nextRows(runs);
  const scaled = (multiples: readonly number[]): StepInput =>
    optimizerRows(rows.map((row, r): StepHyper => ({ ...row, rate: row.rate * (multiples[r] ?? 1) })));
  return {
    kind: { pack, values, counts, own: [...rates.keys()], minimizing },
    key: `${runs.map(({ run }) => run.index).join()}; ${counts.join()}; ${values}; ${version}`,
    called: minimizing.some((one) => one !== null),
    inputs: [optimizerRows(rows), progress, ...columns, ...Array.from(rates.values(), scaled)],
  };
}

/**
 * Moves the rows that minimize by L-BFGS on; the answer puts them where they go. Adam's steps of them are not used. Call within tf.tidy.
 */
function minimize(
  { runs, layout: { marks } }: PinnPack,
  minimizing: PinnKind["minimizing"],
  parameters: readonly tf.Tensor[],
  terms: readonly tf.Tensor1D[],
  gradients: readonly tf.Tensor[],
): (stepped: tf.Tensor[]) => tf.Tensor[] {
  if (minimizing.every((one) => one === null)) return (stepped) => stepped;
  const values = terms.map((term) => term.dataSync<"float32">());
  const [at, slopes] = [readAll(parameters.slice(0, marks)), readAll(gradients.slice(0, marks))];
  const moved = new Map<number, Float32Array>();
  runs.forEach((one, row) => {
    const now = minimizing[row];
    if (!now) return;
    const byPart = values.map((byRun) => byRun[row] ?? Number.NaN);
    const evaluated = {
      parameters: flatRow(at, row, runs.length),
      value: weightedSum(now.weights, byPart),
      gradient: flatRow(slopes, row, runs.length),
    };
    const { state, parameters: next } = lbfgsMoved(one.lbfgs, evaluated, { memory: one.parameters.lbfgsMemory, last: now.last });
    one.lbfgs = state;
    moved.set(row, next);
  });
  return (stepped) => {
    const own = stepped.slice(0, marks);
    return [...withRows(own, readAll(own), moved), ...stepped.slice(marks)];
  };
}
