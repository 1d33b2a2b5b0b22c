import { PinnParameters } from "@basin/contracts";
import type { PackRun, StepHyper } from "@basin/engine";
import { scheduleFactor } from "../mlp/schedule";

/** Everything of one run that is not a device tensor. Its place in the program's list is its row in every tensor. */
export interface RunState {
  readonly run: PackRun;
  readonly parameters: PinnParameters;
  /** Epochs trained; each is one optimizer step. */
  epoch: number;
  /** β₁ᵗ and β₂ᵗ after t optimizer steps, by repeated multiplication in double precision. */
  powers: [number, number];
  /** Dropped: to be removed before the next block. */
  left: boolean;
}

/** Throws ZodError for parameters that are not the family's, and RangeError when a block does not divide the epochs. */
export function freshRunState(run: PackRun): RunState {
  const own = Object.entries(run.parameters).filter(([name]) => name in PinnParameters.shape);
  const parameters = PinnParameters.parse(Object.fromEntries(own));
  const { epochs, reportEvery } = parameters;
  if (epochs % reportEvery !== 0) throw new RangeError(`reportEvery (${reportEvery}) does not divide the ${epochs} epochs.`);
  return { run, parameters, epoch: 0, powers: [1, 1], left: false };
}

/** The share of the run's steps that are done. */
export function progressOf({ epoch, parameters }: RunState): number {
  return epoch / parameters.epochs;
}

/** Counts one epoch in every run and returns its row of Adam's table (D. P. Kingma and J. Ba, 2015). */
export function nextRows(states: readonly RunState[]): StepHyper[] {
  return states.map((state) => {
    const { beta1, beta2, epsilon, learningRate } = state.parameters;
    const [power1, power2] = (state.powers = [state.powers[0] * beta1, state.powers[1] * beta2]);
    const rate = (learningRate * scheduleFactor(state.parameters, state.epoch)) / (1 - power1);
    state.epoch += 1;
    return { rate, epsilon, decay1: beta1, decay2: beta2, correction2: 1 / (1 - power2) };
  });
}
