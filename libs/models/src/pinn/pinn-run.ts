import { PinnParameters } from "@basin/contracts";
import type { PackRun, StepHyper } from "@basin/engine";
import { adamStep, type OptimizerCount } from "../training/optimizer-table";
import { ownParameters } from "../training/own-parameters";
import { rateOf } from "../training/schedule";
import { freshRun, type TrainingRun } from "../training/training-run";

/** A step is an epoch, and an epoch one step of the optimizer. */
export type PinnRun = TrainingRun<PinnParameters> &
  OptimizerCount & {
    /** What the weight of each part of the loss is multiplied with. */
    balance: number[];
    /** By grid, what it trains on in place of the grid's points. */
    drawn: Map<number, Float32Array>;
  };

/** Throws ZodError for parameters that are not the family's, and RangeError when a block does not divide the epochs. */
export function freshPinnRun(run: PackRun): PinnRun {
  const parameters = ownParameters(PinnParameters, run);
  const { epochs, reportEvery } = parameters;
  if (epochs % reportEvery !== 0) throw new RangeError(`reportEvery (${reportEvery}) does not divide the ${epochs} epochs.`);
  return { ...freshRun(run, parameters), powers: [1, 1], balance: [], drawn: new Map() };
}

/** Whether something that is done every so many epochs (0: never) is done before the run's next step; `first`: also before the very first. */
export function isDue({ step }: PinnRun, every: number, first: boolean): boolean {
  return every > 0 && step % every === 0 && (first || step > 0);
}

/** The share of the run's steps that are done. */
export function progressOf({ step, parameters }: PinnRun): number {
  return step / parameters.epochs;
}

/** Counts one epoch in every run and returns its row of Adam's table. */
export function nextRows(runs: readonly PinnRun[]): StepHyper[] {
  return runs.map((one) => {
    const { parameters } = one;
    const row = adamStep(one, rateOf(parameters, one.step), parameters);
    one.step += 1;
    return row;
  });
}
