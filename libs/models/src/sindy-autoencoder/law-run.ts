import type { SindyAutoencoderParameters } from "@basin/contracts";
import type { PackRun, StepHyper } from "@basin/engine";
import type { LawSnapshot, LossSnapshot } from "@basin/problems";
import { adamStep, type OptimizerCount } from "../training/optimizer-table";
import { freshRun, type TrainingRun } from "../training/training-run";
import { scheduleAt, warmUp } from "./schedule";

/** Means over a block or a validation set. */
export interface Losses {
  reconstruction: number;
  derivative: number;
  law: number;
}

/** A run whose networks and law are trained block by block. Its own count is that of the networks' Adam. */
export interface LawRun extends TrainingRun<SindyAutoencoderParameters>, OptimizerCount {
  /** Optimizer steps taken. */
  optimizerSteps: number;
  /** Of Ξ, whose Adam starts anew with every chosen law. */
  readonly coefficients: OptimizerCount;
  /** 1 where a term is active, [terms · latent]. */
  mask: Float32Array;
  history: LawSnapshot[];
  losses: LossSnapshot[];
  /** Blocks after which terms were pruned or chosen. */
  pruned: number[];
}

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** A snapshot of the law is kept every so many blocks, so that a long run's history stays small. */
const keptSnapshots = 400;

export function freshLawRun(
  run: PackRun,
  parameters: SindyAutoencoderParameters,
  { coefficients, mask }: Pick<LawRun, "mask"> & { coefficients: Float32Array },
): LawRun {
  return {
    ...freshRun(run, parameters),
    optimizerSteps: 0,
    powers: [1, 1],
    coefficients: { powers: [1, 1] },
    mask,
    history: [{ block: 0, coefficients: Float64Array.from(coefficients) }],
    losses: [],
    pruned: [],
  };
}

/** Adds the law after the current block, and its losses, unless the run is so long that this block is left out. */
export function remember(one: LawRun, coefficients: Float64Array, losses: readonly number[], always: boolean): void {
  const { blocks } = one.parameters;
  const every = Math.ceil(blocks / keptSnapshots);
  if (!always && one.step % every !== 0 && one.step !== blocks) return;
  one.history.push({ block: one.step, coefficients });
  one.losses.push({ block: one.step, values: losses });
}

/** What one optimizer step of a run needs from the host. */
export interface LawStep {
  /** Rows of the optimizer's tables, for the networks and for Ξ. */
  network: StepHyper;
  coefficients: StepHyper;
  /** λ₁, λ₂, λ₃. */
  derivative: number;
  law: number;
  sparsity: number;
}

/** Counts one optimizer step of the run. */
export function nextLawStep(one: LawRun): LawStep {
  const { parameters, optimizerSteps } = one;
  const { derivative, law, sparsity, decay } = scheduleAt(parameters, optimizerSteps);
  const factor = decay * warmUp(parameters, optimizerSteps, one.pruned.at(-1) ?? null);
  one.optimizerSteps += 1;
  return {
    network: adamStep(one, parameters.learningRate * factor, adam),
    coefficients: adamStep(one.coefficients, parameters.coefficientLearningRate * factor, adam),
    derivative,
    law,
    sparsity,
  };
}
