import type { OptimizerName, SampleTrainingParameters } from "@basin/contracts";
import type { PackRun, ProgramArtifact, StepInput } from "@basin/engine";
import type { TableRows } from "@basin/problems";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { CheckpointIdentity } from "./checkpoint";
import type { SampleRun } from "./sample-run";
import type { TensorSpec, TensorState } from "./tensor-state";

/** The samples that the runs of a pack share, row-major. */
export interface SampleData {
  samples: number;
  inputWidth: number;
  inputs: Float32Array;
  targetWidth: number;
  /** Null: the inputs are the targets. */
  targets: Float32Array | null;
}

/** Some samples in a row of an order. */
export interface Batch {
  start: number;
  count: number;
}

/** An optimizer step: of which runs, row by row, how many each had taken before, and what `stepInputs` gave for it. */
export interface SampleStep<P extends SampleTrainingParameters> {
  runs: readonly SampleRun<P>[];
  taken: readonly number[];
  given: Readonly<Record<string, Tensor>>;
}

/** An epoch to be trained. */
export interface SampleEpoch<P extends SampleTrainingParameters> {
  runs: readonly SampleRun<P>[];
  optimizer: OptimizerName;
  /** Samples of a batch but perhaps the last. */
  batchSize: number;
  batches: readonly Batch[];
  tensors: TensorState;
  /** The data set on the device, [samples, width]; one tensor where the inputs are the targets. */
  data: { inputs: Tensor2D; targets: Tensor2D };
  /** Each run's own order of its training samples, int32 [runs, samples]. */
  order: StepInput;
}

/** Tensors after an epoch, and the losses of its batches, one batch's runs after the other's. */
export interface TrainedEpoch {
  parameters: readonly Tensor[];
  slots: readonly (readonly Tensor[])[];
  losses: Tensor;
}

/** A run at its end with the network that it saves. */
export interface KeptNetwork<P extends SampleTrainingParameters> {
  run: SampleRun<P>;
  /** [1, …], in the order of the specs. */
  tensors: readonly Tensor[];
  /** The same on the host. */
  weights: readonly Float32Array[];
  /** Its mean loss on the given samples of the data set. */
  readonly lossOn: (samples: Int32Array) => Promise<number>;
}

/** What a run's network is worth, at the end. */
export type Judgement =
  | { metrics: Record<string, number>; artifacts: ProgramArtifact[] }
  /** What of it is no finite number, e.g. "outputs", and that value. */
  | { broken: string; value: number };

/** What is kept of a run, or reported, after each of its epochs. */
export interface Following<P extends SampleTrainingParameters> {
  /** Epochs (0: before the first) after which the values are kept in `snapshots`. */
  snapshotEpochs: ReadonlySet<number>;
  /** Whether every epoch's training loss is kept in `lossHistory`. */
  lossHistory: boolean;
  /** A series for each name, from a run's tensors [1, …]. */
  monitor: ((run: SampleRun<P>, tensors: readonly Tensor[]) => Promise<Record<string, number>>) | null;
}

/** The fewest samples that a step can have; what is left of an epoch is left out where it is fewer. */
export interface LeastBatch {
  samples: number;
  /** E.g. "Batch normalization needs batches of at least 2 samples", and the parameter that asks for it. */
  reason: string;
  parameter: string;
}

/** A network that `SampleProgram` trains on samples. Implementations hold no tensors. */
export interface SampleNetwork<P extends SampleTrainingParameters = SampleTrainingParameters> {
  readonly family: string;
  /** The network's tensors, in the order of every list of parameters. */
  readonly specs: readonly TensorSpec[];
  /** So many of them, the first, are trained; a step computes the others. All when left out. */
  readonly trained?: number;
  /** What distinguishes its architecture from another with the same tensors; goes into checkpoints. */
  readonly identity: CheckpointIdentity;
  /** Texts of the weights files, which seed and epoch are added to; those of the checkpoints when left out. */
  readonly weightsMetadata?: Record<string, string>;
  readonly data: SampleData;
  /** Where the samples are rows of a table. */
  readonly rows: TableRows | null;
  /** Samples that go through at once where no gradient is needed. A mean loss is summed in these parts, so its last bits depend on it. */
  readonly forwardSamples: number;
  /** Every epoch has the data's order. */
  readonly keepsOrder?: boolean;
  /** One sample when left out. */
  readonly leastBatch?: LeastBatch | null;
  readonly following?: Following<P> | null;
  /** A run ends with the first epoch whose training loss, the mean over its batches, is at or below this; not while L-BFGS minimizes it. None when left out, or 0. */
  readonly stopAtLoss?: number;

  parametersOf(run: PackRun): P;
  /** A run's initial values, in the order of the specs. */
  initial(run: PackRun, parameters: P): Float32Array[];
  /** What a run trains on, in place of all but `validationFraction` of the samples; the rest then has no validation loss. */
  trainingSamples?(seed: number): Int32Array | null;
  /**
   * By name what a step needs of the host beside its samples, such as masks that are drawn anew: `batch` is the how-manieth of the epoch, from 0,
   * `count` its samples. The step is not counted yet. Whether there is a name may depend on the runs alone.
   */
  stepInputs?(runs: readonly SampleRun<P>[], batch: number, count: number): Readonly<Record<string, StepInput>>;
  /**
   * Each run's mean loss over a batch x [runs, batch, inputWidth], and for a step the gradients of what is trained [runs, …] and the new
   * values of what is not. Called within tf.tidy. `step` is null when the loss is only measured.
   */
  lossAndGradients(
    parameters: readonly Tensor[],
    x: Tensor3D,
    targets: Tensor3D,
    step: SampleStep<P> | null,
  ): { losses: Tensor1D; gradients: Tensor[] | null; computed?: readonly Tensor[] };
  /** How many of a run's epochs, the last, are evaluations of L-BFGS. None when left out. Throws UntrainableError where it cannot be used. */
  lbfgsSteps?(run: PackRun, parameters: P): number;
  /** What L-BFGS minimizes beside the mean loss, [runs]; nothing when left out. Called within tf.tidy. */
  penaltyValues?(parameters: readonly Tensor[], runs: readonly SampleRun<P>[]): Tensor1D;
  /** What becomes of the trained tensors after each optimizer step, e.g. a proximal step. Called within tf.tidy. */
  afterStep?(trained: readonly Tensor[], step: SampleStep<P>): readonly Tensor[];
  /**
   * An epoch in one piece, with the same bits as step by step; null where these runs have to go step by step. `table` counts the epoch's
   * optimizer steps and is theirs, batch by batch, each with a row for every run. Leaves the tensors that it is given alone.
   */
  epochAtOnce?(epoch: SampleEpoch<P>, table: () => Tensor2D): TrainedEpoch | null;
  /** Judges the network that a run saves. */
  judge(kept: KeptNetwork<P>): Promise<Judgement>;
}
