import type { SampleTrainingParameters } from "@basin/contracts";
import type { PackRun } from "@basin/engine";
import type { LbfgsState } from "@basin/numerics";
import { freshWatch, noRest, type EpochLosses, type Rest, type Watch } from "./early-stopping";
import type { OptimizerCount } from "./optimizer-table";
import type { Split } from "./sample-order";
import { freshRun, type TrainingRun } from "./training-run";

/** A run that is trained on samples, epoch by epoch. */
export interface SampleRun<P extends SampleTrainingParameters = SampleTrainingParameters> extends TrainingRun<P>, OptimizerCount {
  readonly split: Split;
  /** So many of its epochs, the first, are steps of the optimizer; the others are evaluations of L-BFGS. */
  readonly optimizerEpochs: number;
  /** Where the minimization by L-BFGS stands; null before it starts. */
  lbfgs: LbfgsState | null;
  /** Optimizer steps taken. */
  optimizerSteps: number;
  watch: Watch;
  rest: Rest;
  losses: EpochLosses;
  /** Values after the epochs that the network's problem wants to look at, in the specs' order. */
  snapshots: { epoch: number; values: readonly Float32Array[] }[];
  /** The training loss of every epoch, where the problem wants it. */
  lossHistory: number[];
}

export function freshSampleRun<P extends SampleTrainingParameters>(
  run: PackRun,
  parameters: P,
  split: Split,
  optimizerEpochs: number,
): SampleRun<P> {
  const losses = { training: Number.NaN, validation: Number.NaN };
  return {
    ...freshRun(run, parameters),
    split,
    optimizerEpochs,
    lbfgs: null,
    optimizerSteps: 0,
    powers: [1, 1],
    watch: freshWatch,
    rest: noRest,
    losses,
    snapshots: [],
    lossHistory: [],
  };
}
