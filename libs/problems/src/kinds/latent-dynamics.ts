import type { Configuration, PlotDataInput } from "@basin/contracts";
import type { LawSnapshot } from "../dynamics/equation";
import type { Library } from "../dynamics/library";
import type { ProblemResources } from "./resources";

/** x, ẋ and, for a law of second order, ẍ: one array each, row-major [samples, width]. */
export type Jet = readonly Float32Array[];

export interface LatentDynamicsData {
  width: number;
  trainingSamples: number;
  training: Jet;
  validationSamples: number;
  validation: Jet;
}

/** The six losses of one block, in the order of `latentMetrics`. */
export interface LossSnapshot {
  block: number;
  values: readonly number[];
}

/** What a run learned. Latent arrays are row-major [samples, latentWidth]. */
export interface LatentModel {
  order: 1 | 2;
  latentWidth: number;
  library: Library;
  /** [terms, latentWidth], row-major; 0 where a term is not part of the law. */
  coefficients: Float64Array;
  /** The coefficients block by block, the last entry being those of the end. */
  history: readonly LawSnapshot[];
  /** MSE of x, of its highest derivative, of the law, Σ|Ξ|, total and validation loss, kept as often as `history`. */
  losses: readonly LossSnapshot[];
  /** Blocks after which terms were pruned or chosen. */
  pruned: readonly number[];
  /** z, ż (, z̈) of measurements, derivatives by the chain rule. */
  encode(jet: Jet, samples: number): Float32Array[];
  /** x̃ and its derivatives from latents and theirs. */
  decode(jet: Jet, samples: number): Float32Array[];
}

export interface LatentJudgement {
  metrics: Record<string, number>;
  labels: Record<string, string>;
  /** By plot id. */
  plots: Record<string, PlotDataInput>;
}

/** For the family `sindy-autoencoder`: measurements whose law of motion is sought in latent variables. */
export interface LatentDynamicsProblem<P = Configuration> {
  kind: "latent-dynamics";
  /** Reads no per-run parameter, so the runs of a pack share it. */
  data(parameters: P, resources: ProblemResources): LatentDynamicsData;
  /** Final figures, words and plots. Here alone the truth may be looked at. */
  judge(parameters: P, model: LatentModel, resources: ProblemResources): LatentJudgement;
  /** Figures of a run whose loss became infinite. */
  diverged(): Record<string, number>;
}
