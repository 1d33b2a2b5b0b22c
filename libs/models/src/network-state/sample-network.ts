import type { ProgramArtifact } from "@basin/engine";
import type { PackRun } from "@basin/engine";
import type { TableRows } from "@basin/problems";
import type { Tensor, Tensor1D, Tensor3D } from "@tensorflow/tfjs-core";
import type { TensorSpec } from "./tensor-state";

/** The samples that the runs of a pack share, row-major. */
export interface SampleData {
  samples: number;
  inputWidth: number;
  inputs: Float32Array;
  targetWidth: number;
  /** Null: the inputs are the targets. */
  targets: Float32Array | null;
}

/** What a run's network is worth, at the end. */
export type Judgement =
  | { metrics: Record<string, number>; artifacts: ProgramArtifact[] }
  /** A value of its outputs that is no finite number. */
  | { broken: number };

/** A network that `SampleProgram` trains on samples. Implementations hold no tensors. */
export interface SampleNetwork {
  readonly family: string;
  /** Trainable tensors, in the order of every list of parameters and gradients. */
  readonly specs: readonly TensorSpec[];
  /** What distinguishes its architecture from another with the same tensors; goes into checkpoints and weights files. */
  readonly description: string;
  readonly data: SampleData;
  /** Where the samples are rows of a table. */
  readonly rows: TableRows | null;
  /** A run's initial values, in the order of the specs. */
  initial(run: PackRun): Float32Array[];
  /**
   * Each run's mean loss over a batch x [runs, batch, inputWidth] and the gradients of its parameters [runs, …]. Called within
   * tf.tidy. `training` is null when the loss is only measured; else it says which optimizer step (from 1) of which run this is.
   */
  lossAndGradients(
    parameters: readonly Tensor[],
    x: Tensor3D,
    targets: Tensor3D,
    training: readonly { seed: number; step: number }[] | null,
  ): { losses: Tensor1D; gradients: Tensor[] | null };
  /** Judges one run, whose parameters are given as [1, …]. */
  judge(run: PackRun, parameters: readonly Tensor[]): Promise<Judgement>;
}
