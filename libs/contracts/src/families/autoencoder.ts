import { z } from "zod";
import { ActivationName } from "./activations";
import { choiceOf } from "./choice";
import { SampleTrainingParameters } from "./cnn";
import { imageBlocksText } from "./image-blocks";
import { lossTexts } from "./optimization";

/**
 * Parameters of the `autoencoder` family: image → blocks → dense layers → latent values → the dense layers mirrored → blocks →
 * image. Without blocks it is a fully connected autoencoder. With latent width 0 the decoder sees a constant and learns one image.
 */
export const AutoencoderParameters = SampleTrainingParameters.extend({
  latentWidth: z
    .int()
    .min(0)
    .max(1024)
    .default(2)
    .meta({
      title: "Latent width",
      description: "Values between encoder and decoder; 0: none, the decoder sees a constant.",
      "x-suggest": { type: "int", min: 0, max: 3 },
    }),
  encoderBlocks: imageBlocksText(["conv", "max-pool", "average-pool"]).default("").meta({
    title: "Encoder blocks",
    description:
      "Convolutions (channels, kernel k, stride s, padding p) and pools (window, s, p), separated by commas; empty: none.",
  }),
  denseLayers: z.array(z.int().min(1).max(4096)).max(16).default([32]).meta({
    title: "Dense layers",
    description: "Widths from the encoder's blocks to the latent values; mirrored in the decoder.",
  }),
  decoderBlocks: imageBlocksText(["conv", "transposed", "average-pool"]).default("").meta({
    title: "Decoder blocks",
    description:
      "From the image that the encoder's blocks leave to the reconstruction: transposed convolutions and convolutions.",
  }),
  activation: ActivationName.default("relu").meta({
    title: "Activation of blocks",
    description: "Of every convolution but the last.",
  }),
  denseActivation: ActivationName.default("sine").meta({
    title: "Activation of dense layers",
    description: "But the latent one.",
  }),
  latentActivation: ActivationName.default("sine").meta({ title: "Activation of the latent values" }),
  outputActivation: ActivationName.default("linear").meta({ title: "Activation of the reconstruction" }),
  loss: choiceOf(["mse", "mae"], lossTexts).default("mse").meta({ title: "Loss" }),
  trainingNoise: z.number().min(0).max(1).default(0).meta({
    title: "Training noise",
    description: "Probability with which a component of a training input is replaced by U(0,1); the target stays clean.",
    "x-advanced": true,
  }),
});
export type AutoencoderParameters = z.infer<typeof AutoencoderParameters>;
