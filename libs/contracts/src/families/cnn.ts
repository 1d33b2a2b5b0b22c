import { z } from "zod";
import { ActivationName } from "./activations";
import { imageBlocksText } from "./image-blocks";
import { initializationAndOptimizer, MlpParameters, optimizationPerRunParameters } from "./mlp";

const mlp = MlpParameters.shape;

/**
 * Parameters that every family has that trains a network on samples, epoch by epoch, as `mlp` does; they mean what they mean
 * there.
 */
export const SampleTrainingParameters = z.strictObject({
  ...initializationAndOptimizer,
  startFrom: mlp.startFrom,
  epochs: mlp.epochs,
  batchSize: mlp.batchSize,
  earlyStoppingPatience: mlp.earlyStoppingPatience,
  earlyStoppingMinDelta: mlp.earlyStoppingMinDelta,
  plateauPatience: mlp.plateauPatience,
  plateauTolerance: mlp.plateauTolerance,
  restoreBestWeights: mlp.restoreBestWeights,
  validationFraction: mlp.validationFraction,
  plots: mlp.plots,
});
export type SampleTrainingParameters = z.infer<typeof SampleTrainingParameters>;

/** Of those, the ones that may differ between the runs of a pack. */
export const sampleTrainingPerRunParameters = [
  ...optimizationPerRunParameters,
  "schedule",
  "scheduleDecay",
  "schedulePeriod",
  "startFrom",
  "plots",
] as const satisfies readonly (keyof SampleTrainingParameters)[];

/** Parameters of the `cnn` family. */
export const CnnParameters = SampleTrainingParameters.extend({
  blocks: imageBlocksText(["conv", "max-pool", "average-pool"])
    .default("conv 8 k3 p1, max-pool 2, conv 16 k3 p1, max-pool 2")
    .meta({
      title: "Blocks",
      description:
        "Convolutions (channels, kernel k, stride s, padding p) and pools (window, s, p), separated by commas: conv 8 k3 s1 p1, max-pool 2, average-pool 2.",
    }),
  denseLayers: z
    .array(z.int().min(1).max(4096))
    .max(16)
    .default([32])
    .meta({ title: "Dense layers", description: "Width of each hidden layer between the last block and the outputs." }),
  activation: ActivationName.default("relu").meta({
    title: "Activation",
    description: "Of every convolution and hidden layer.",
    "x-suggest": { type: "choice", values: ["relu", "tanh", "gelu"] },
  }),
  initialization: mlp.initialization
    .unwrap()
    .default("he-normal")
    .meta({
      title: "Initialization",
      description: "Distribution of the initial weights; a filter's fan-in is window × channels.",
      "x-suggest": { type: "choice", values: ["near-zero", "glorot-uniform", "he-normal"] },
    }),
});
export type CnnParameters = z.infer<typeof CnnParameters>;
