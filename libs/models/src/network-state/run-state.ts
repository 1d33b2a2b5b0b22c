import type { SampleTrainingParameters } from "@basin/contracts";
import { hyperWidth, writeHyper, type PackRun } from "@basin/engine";
import { freshWatch, type EpochLosses, type Watch } from "../mlp/early-stopping";
import type { Split } from "../mlp/sample-order";
import { scheduleFactor } from "../mlp/schedule";

/** Everything of one run that is not a tensor. Its place in the program's list is its row in every tensor. */
export interface RunState {
  readonly run: PackRun;
  readonly parameters: SampleTrainingParameters;
  readonly split: Split;
  /** Epochs trained. */
  epoch: number;
  /** Optimizer steps taken. */
  steps: number;
  /** β₁ᵗ and β₂ᵗ after t optimizer steps, by repeated multiplication in double precision. */
  powers: [number, number];
  watch: Watch;
  losses: EpochLosses;
  /** Dropped: to be removed before the next epoch. */
  left: boolean;
}

export function freshRunState(run: PackRun, parameters: SampleTrainingParameters, split: Split): RunState {
  const losses = { training: Number.NaN, validation: Number.NaN };
  return { run, parameters, split, epoch: 0, steps: 0, powers: [1, 1], watch: freshWatch, losses, left: false };
}

/** Counts one optimizer step in every run and returns its table [runs, 8] for `optimizerStep`. */
export function nextHyper(states: readonly RunState[]): Float32Array {
  const table = new Float32Array(states.length * hyperWidth);
  states.forEach((state, row) => {
    const { optimizer, momentum, rmspropAlpha, beta1, beta2, epsilon } = state.parameters;
    const learningRate = state.parameters.learningRate * scheduleFactor(state.parameters, state.epoch);
    state.steps += 1;
    if (optimizer !== "adam") {
      const decay1 = optimizer === "rmsprop" ? rmspropAlpha : momentum;
      writeHyper(table, row, { rate: learningRate, epsilon, decay1, decay2: 0, correction2: 1 });
      return;
    }
    const [power1, power2] = (state.powers = [state.powers[0] * beta1, state.powers[1] * beta2]);
    const rate = learningRate / (1 - power1);
    writeHyper(table, row, { rate, epsilon, decay1: beta1, decay2: beta2, correction2: 1 / (1 - power2) });
  });
  return table;
}
