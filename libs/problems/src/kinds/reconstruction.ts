import type { Configuration, ImageShape } from "@basin/contracts";
import type { ProblemResources } from "./resources";
import type { PlotsById } from "./plots-by-id";
import type { TableRows } from "./table-rows";

/** What a trained autoencoder makes of the evaluation inputs. */
export interface Reconstructions {
  /** The evaluation inputs, [points, size of an image]. */
  inputs: Float32Array;
  /** [points, latentWidth]; empty with latent width 0. */
  codes: Float32Array;
  latentWidth: number;
  /** [points, size of an image]. */
  images: Float32Array;
}

/**
 * For the family `autoencoder`: samples that a network reconstructs through a narrow layer. Samples are images, row by row, channels last
 * (vectors: one row, one column). Pure functions of the configuration that read no per-run parameter.
 */
export interface ReconstructionProblem<P = Configuration> {
  kind: "reconstruction";
  shape(parameters: P, resources: ProblemResources): ImageShape;
  /** The training samples, [samples, size]. */
  training(parameters: P, resources: ProblemResources): Float32Array;
  /** Of a problem on a table; every run then stores which rows it held out. */
  rows?: TableRows;
  /** What the trained network is shown: clean samples, noisy ones, whatever `evaluate` judges; [points, size]. */
  evaluationInputs(parameters: P, resources: ProblemResources): Float32Array;
  /** Final figures from codes and reconstructions of the evaluation inputs. */
  evaluate(parameters: P, outcome: Reconstructions, resources: ProblemResources): Record<string, number>;
  /** Plots by the ids that the descriptor declares, unless the parameter `plots` is false; one that makes no sense is left out. */
  plots?(parameters: P, outcome: Reconstructions, resources: ProblemResources): PlotsById;
}
