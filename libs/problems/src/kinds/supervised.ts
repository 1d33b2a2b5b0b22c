import type { ActivationName, Configuration, LossName, RegressionLoss } from "@basin/contracts";
import type { OutputPenalty } from "./output-penalty";
import type { ProblemResources } from "./resources";
import type { PlotsById } from "./plots-by-id";
import type { TableRows } from "./table-rows";
import type { TrainedNetwork } from "./trained-network";

/** Samples in row-major order: `inputs[i * inputWidth + j]`. */
export interface SupervisedData {
  samples: number;
  inputs: Float32Array;
  targets: Float32Array;
}

/** Data, truth and judgement for families that learn a mapping from labelled samples (`mlp`). Pure functions of the configuration. */
export interface SupervisedProblem<P = Configuration> {
  kind: "supervised";
  inputWidth: number;
  outputWidth: number;
  /** The widths where they depend on the configuration or a dataset; those above then count for nothing. Reads no per-run parameter. */
  widths?(parameters: P, resources: ProblemResources): { inputWidth: number; outputWidth: number };
  outputActivation: ActivationName | "softmax";
  loss: LossName;
  /** The loss where the configuration chooses it (`regressionLossParameters`); the one above then counts for nothing. Reads no per-run parameter. */
  lossOf?(parameters: P): LossName | RegressionLoss;
  /** What the outputs cost beside the loss, weighed by the experiment's parameter `penaltyWeight` (`penalty-weight.ts`), which every run has for itself. */
  outputPenalty?: OutputPenalty;
  /** The training samples. Reads no per-run parameter, so the runs of a pack share it. */
  data(parameters: P, resources: ProblemResources): SupervisedData;
  /** Of a problem on a table; every run then stores which rows it held out. */
  rows?: TableRows;
  /** Where the trained network is evaluated (the test set, a grid), row-major [points, inputWidth]. */
  evaluationInputs(parameters: P, resources: ProblemResources): Float32Array;
  /** Final figures from predictions [points, outputWidth] at the evaluation inputs. */
  evaluate(parameters: P, predictions: Float32Array, resources: ProblemResources): Record<string, number>;
  /** Further final figures, for which the predictions do not suffice. Their names do not overlap with those of `evaluate`. */
  examine?(parameters: P, trained: TrainedNetwork, resources: ProblemResources): Promise<Record<string, number>>;
  /** Plots by the ids that the descriptor declares; made once, when a run succeeded, unless the parameter `plots` is false. */
  plots?(parameters: P, trained: TrainedNetwork, resources: ProblemResources): Promise<PlotsById>;
  /**
   * Initial values by weight name (`layers.0.weight` row-major [in, out], `layers.0.bias`), in place of the initialization's; names
   * left out keep theirs. For worked examples with given weights.
   */
  initialWeights?(parameters: P, seed: number): Readonly<Record<string, ArrayLike<number>>>;
  /** Epochs (0: before the first) after which the weights are kept for `examine` and `plots`; at most 16 are. */
  snapshotEpochs?(parameters: P): readonly number[];
  /** A run ends with the first epoch whose training loss is at or below this; 0: none is. Reads no per-run parameter. */
  stopsAtLoss?(parameters: P): number;
  /** Whether the training loss of every epoch is kept for `examine` and `plots`; of runs with at most a million epochs. */
  followsLoss?: boolean;
  /** Figures that are followed while training, evaluated after every epoch: a series for each name. The last ones are final figures too. */
  monitor?: {
    inputs(parameters: P, resources: ProblemResources): Float32Array;
    evaluate(parameters: P, predictions: Float32Array, resources: ProblemResources): Record<string, number>;
  };
  /** The score of cross-validation from the predictions and targets of one fold, e.g. its accuracy; the loss when left out. */
  score?(parameters: P, predictions: Float32Array, targets: Float32Array): number;
}
