import { PinnParameters } from "@basin/contracts";
import type { LbfgsState } from "@basin/numerics";
import type { PackRun, StepHyper } from "@basin/engine";
import { adamStep, type OptimizerCount } from "../training/optimizer-table";
import { optimizerEpochs } from "../training/lbfgs-phase";
import { ownParameters } from "../training/own-parameters";
import { rateOf } from "../training/schedule";
import { freshRun, type TrainingRun } from "../training/training-run";

/** A step is an epoch, and an epoch one step of the optimizer. */
export type PinnRun = TrainingRun<PinnParameters> &
  OptimizerCount & {
    /** What the weight of each part of the loss is multiplied with. */
    balance: number[];
    /** Where the minimization by L-BFGS stands; null before it starts. */
    lbfgs: LbfgsState | null;
    /** The unknowns after each of the steps that are kept, one behind the other in the system's order. */
    history: number[];
    /** By grid, what it trains on in place of the grid's points. */
    drawn: Map<number, Float32Array>;
  };

/** Throws ZodError for parameters that are not the family's, and RangeError for numbers of epochs that do not fit each other. */
export function freshPinnRun(run: PackRun): PinnRun {
  const parameters = ownParameters(PinnParameters, run);
  const { epochs, reportEvery, lbfgsSteps } = parameters;
  if (lbfgsSteps > epochs) throw new RangeError(`lbfgsSteps (${lbfgsSteps}) is more than the ${epochs} epochs.`);
  if (epochs % reportEvery !== 0) throw new RangeError(`reportEvery (${reportEvery}) does not divide the ${epochs} epochs.`);
  return { ...freshRun(run, parameters), powers: [1, 1], balance: [], lbfgs: null, history: [], drawn: new Map() };
}

/** Whether the run's next step, or its last, is one of L-BFGS. */
export function isMinimizing({ step, parameters }: PinnRun): boolean {
  return step >= optimizerEpochs(parameters);
}

/**
 * Whether something that is done every so many epochs (0: never) is done before the run's next step; `first`: also before the very first. Never in the
 * steps of L-BFGS, whose loss must stay the same.
 */
export function isDue(one: PinnRun, every: number, first: boolean): boolean {
  const { step } = one;
  return every > 0 && step % every === 0 && (first || step > 0) && !isMinimizing(one);
}

/** The share of the run's steps of Adam that are done. */
export function progressOf({ step, parameters }: PinnRun): number {
  const all = optimizerEpochs(parameters);
  return step >= all ? 1 : step / all;
}

/** How many moments of a run's history are kept at most. */
const keptMoments = 400;

/** Steps between two moments that are kept: ends of blocks. */
export function historyEvery({ epochs, reportEvery }: PinnParameters): number {
  return reportEvery * Math.ceil(epochs / reportEvery / keptMoments);
}

/** Counts one epoch in every run and returns its row of Adam's table. */
export function nextRows(runs: readonly PinnRun[]): StepHyper[] {
  return runs.map((one) => {
    const { parameters } = one;
    const row = adamStep(one, rateOf({ ...parameters, epochs: optimizerEpochs(parameters) }, one.step), parameters);
    one.step += 1;
    return row;
  });
}
