import { RolloutParameters } from "@basin/contracts";
import type { PackRun, StepHyper } from "@basin/engine";
import { nextStep, type OptimizerCount } from "../training/optimizer-table";
import { ownParameters } from "../training/own-parameters";
import { rateOf } from "../training/schedule";
import { freshRun, type TrainingRun } from "../training/training-run";

/** A step is an epoch, and an epoch one step of the optimizer. */
export type RolloutRun = TrainingRun<RolloutParameters> &
  OptimizerCount & {
    /** The greatest norm of its gradient so far, before it was limited. */
    largestNorm: number;
  };

/** Throws ZodError for parameters that are not the family's, and RangeError for those that do not fit each other. */
export function freshRolloutRun(run: PackRun): RolloutRun {
  const parameters = ownParameters(RolloutParameters, run);
  const { epochs, reportEvery, horizon, firstHorizon } = parameters;
  if (epochs % reportEvery !== 0) throw new RangeError(`reportEvery (${reportEvery}) does not divide the ${epochs} epochs.`);
  if (firstHorizon > horizon)
    throw new RangeError(`firstHorizon (${firstHorizon}) is more than the horizon of ${horizon} steps.`);
  return { ...freshRun(run, parameters), powers: [1, 1], largestNorm: 0 };
}

type Growth = Pick<RolloutParameters, "horizon" | "firstHorizon" | "horizonGrowth" | "epochs">;

/** Steps of the loop in an epoch, from 0: evenly from the first horizon to the last during a share of the epochs. */
export function horizonAt({ horizon, firstHorizon, horizonGrowth, epochs }: Growth, epoch: number): number {
  const growing = horizonGrowth * epochs;
  if (epoch >= growing) return horizon;
  return firstHorizon + Math.floor(((horizon - firstHorizon) * epoch) / growing);
}

/** The rows whose next epoch has the same horizon, by that. */
export function rowsByHorizon(runs: readonly RolloutRun[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  runs.forEach(({ parameters, step }, row) => {
    const horizon = horizonAt(parameters, step);
    rows.set(horizon, [...(rows.get(horizon) ?? []), row]);
  });
  return rows;
}

/** Counts one epoch in every run and returns its row of the optimizer's table. */
export function nextRows(runs: readonly RolloutRun[]): StepHyper[] {
  return runs.map((one) => {
    const row = nextStep(one, rateOf(one.parameters, one.step), one.parameters);
    one.step += 1;
    return row;
  });
}
