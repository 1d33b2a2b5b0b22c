import { MlpParameters, SampleTrainingParameters, type Configuration } from "@basin/contracts";
import type { z } from "zod";
import type { PlotsById } from "./plots-by-id";
import type { SupervisedData } from "./supervised";

const mlp = MlpParameters.shape;

/** Parameters of the family `custom-loss`: the network, and what every family has that trains on samples. */
export const CustomLossParameters = SampleTrainingParameters.extend({
  hiddenLayers: mlp.hiddenLayers,
  activation: mlp.activation,
});
export type CustomLossParameters = z.infer<typeof CustomLossParameters>;

/** What a loss that is drawn at random draws with: a run's seed and the step it is at, from 0. */
export interface LossDraw {
  seed: number;
  step: number;
}

/** A batch of one run, row-major [samples, outputWidth]; targets as in the data. */
export interface OutputBatch {
  samples: number;
  outputs: Float32Array;
  targets: Float32Array;
}

/** What a network says at the evaluation inputs, row-major [points, outputWidth], before any activation. */
export interface CustomLossOutcome {
  seed: number;
  outputs: Float32Array;
  /** Before the first step. */
  initialOutputs: Float32Array;
}

/**
 * For the family `custom-loss`: a dense network with linear outputs, trained on a loss that no kernel has: a function of a batch's outputs, in double
 * precision. Pure functions of the configuration that read no per-run parameter, so the runs of a pack share them.
 */
export interface CustomLossProblem<P = Configuration> {
  kind: "custom-loss";
  inputWidth: number;
  outputWidth: number;
  /** The training samples. */
  data(parameters: P): SupervisedData;
  /**
   * The mean loss over a batch; its gradient by the outputs is written to `gradient` [samples, outputWidth], or what a method takes for it, unless
   * that is null: then the loss is only measured, and draws are the same for every network.
   */
  lossOf(parameters: P, batch: OutputBatch, gradient: Float64Array | null, draw: LossDraw): number;
  evaluationInputs(parameters: P): Float32Array;
  evaluate(parameters: P, outcome: CustomLossOutcome): Record<string, number>;
  plots?(parameters: P, outcome: CustomLossOutcome): PlotsById;
}
