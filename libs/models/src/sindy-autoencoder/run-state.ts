import type { SindyAutoencoderParameters } from "@basin/contracts";
import { hyperWidth, writeHyper, type PackRun, type StepHyper } from "@basin/engine";
import type { LawSnapshot, LossSnapshot } from "@basin/problems";
import { scheduleAt, warmUp } from "./schedule";

/** Means over a block or a validation set. */
export interface Losses {
  reconstruction: number;
  derivative: number;
  law: number;
}

/** Everything of one run that is not a device tensor. Its place in the program's list is its row in every tensor. */
export interface RunState {
  readonly run: PackRun;
  readonly parameters: SindyAutoencoderParameters;
  /** Blocks trained. */
  block: number;
  /** Optimizer steps taken. */
  steps: number;
  /** β₁ᵗ and β₂ᵗ after t optimizer steps, by repeated multiplication in double precision. */
  powers: [number, number];
  /** The same of Ξ, whose Adam starts anew with every chosen law. */
  coefficientPowers: [number, number];
  /** 1 where a term is active, [terms · latent]. */
  mask: Float32Array;
  history: LawSnapshot[];
  losses: LossSnapshot[];
  /** Blocks after which terms were pruned or chosen. */
  pruned: number[];
  /** Dropped: to be removed before the next block. */
  left: boolean;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** A snapshot of the law is kept every so many blocks, so that a long run's history stays small. */
const keptSnapshots = 400;

export function freshRunState(run: PackRun, parameters: SindyAutoencoderParameters, coefficients: Float32Array): RunState {
  const mask = new Float32Array(coefficients.length).fill(1);
  const history = [{ block: 0, coefficients: Float64Array.from(coefficients) }];
  return {
    run,
    parameters,
    block: 0,
    steps: 0,
    powers: [1, 1],
    coefficientPowers: [1, 1],
    mask,
    history,
    losses: [],
    pruned: [],
    left: false,
  };
}

/** Adds the law after the current block, and its losses, unless the run is so long that this block is left out. */
export function remember(state: RunState, coefficients: Float64Array, losses: readonly number[], always: boolean): void {
  const { block } = state;
  const every = Math.ceil(state.parameters.blocks / keptSnapshots);
  if (!always && block % every !== 0 && block !== state.parameters.blocks) return;
  state.history.push({ block, coefficients });
  state.losses.push({ block, values: losses });
}

/** What one optimizer step of the whole pack needs from the host. Rows are runs. */
export interface StepTables {
  /** [runs, 8] as `optimizerStep` takes it, for the networks and for Ξ (Adam: D. P. Kingma and J. Ba, 2015). */
  network: Float32Array;
  coefficients: Float32Array;
  /** λ₁, λ₂, λ₃ of every run. */
  derivative: Float32Array;
  law: Float32Array;
  sparsity: Float32Array;
}

function adam(rate: number, [power1, power2]: readonly [number, number]): StepHyper {
  return { rate: rate / (1 - power1), epsilon, decay1: beta1, decay2: beta2, correction2: 1 / (1 - power2) };
}

/** Counts one optimizer step in every run and returns its tables. */
export function nextStep(states: readonly RunState[]): StepTables {
  const runs = states.length;
  const blank = (): Float32Array => new Float32Array(runs);
  const table = (): Float32Array => new Float32Array(runs * hyperWidth);
  const out = { network: table(), coefficients: table(), derivative: blank(), law: blank(), sparsity: blank() };
  states.forEach((state, row) => {
    const { derivative, law, sparsity, decay } = scheduleAt(state.parameters, state.steps);
    state.powers = [state.powers[0] * beta1, state.powers[1] * beta2];
    state.coefficientPowers = [state.coefficientPowers[0] * beta1, state.coefficientPowers[1] * beta2];
    const factor = decay * warmUp(state.parameters, state.steps, state.pruned.at(-1) ?? null);
    writeHyper(out.network, row, adam(state.parameters.learningRate * factor, state.powers));
    writeHyper(out.coefficients, row, adam(state.parameters.coefficientLearningRate * factor, state.coefficientPowers));
    out.derivative[row] = derivative;
    out.law[row] = law;
    out.sparsity[row] = sparsity;
    state.steps += 1;
  });
  return out;
}
