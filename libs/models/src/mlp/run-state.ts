import type { MlpParameters } from "@basin/contracts";
import { hyperWidth, writeHyper, type PackRun } from "@basin/engine";
import { freshWatch, type EpochLosses, type Watch } from "./early-stopping";
import type { Split } from "./sample-order";
import { scheduleFactor } from "./schedule";

/** Everything of one run that is not a tensor. Its place in the program's list is its row in every tensor. */
export interface RunState {
  readonly run: PackRun;
  readonly parameters: MlpParameters;
  readonly split: Split;
  /** Epochs trained. */
  epoch: number;
  /** β₁ᵗ and β₂ᵗ after t optimizer steps, by repeated multiplication in double precision. */
  powers: [number, number];
  watch: Watch;
  losses: EpochLosses;
  /** Arrays after the epochs that the problem wants to look at, in the specs' order. */
  snapshots: { epoch: number; values: readonly Float32Array[] }[];
  /** The training loss of every epoch, where the problem wants it. */
  lossHistory: number[];
  /** Dropped: to be removed before the next epoch. */
  left: boolean;
}

export function freshRunState(run: PackRun, parameters: MlpParameters, split: Split): RunState {
  const losses = { training: Number.NaN, validation: Number.NaN };
  return {
    run,
    parameters,
    split,
    epoch: 0,
    powers: [1, 1],
    watch: freshWatch,
    losses,
    snapshots: [],
    lossHistory: [],
    left: false,
  };
}

/** Counts one optimizer step in every run and returns its table [runs, 8] for `optimizerStep`. */
export function nextHyper(states: readonly RunState[]): Float32Array {
  const table = new Float32Array(states.length * hyperWidth);
  states.forEach((state, row) => {
    const { optimizer, momentum, rmspropAlpha, beta1, beta2, epsilon } = state.parameters;
    const learningRate = state.parameters.learningRate * scheduleFactor(state.parameters, state.epoch);
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
