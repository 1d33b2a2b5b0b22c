import { z } from "zod";
import { activationTexts } from "./activations";
import { choiceOf } from "./choice";
import { MlpParameters } from "./mlp";

/** Activations with a second derivative to speak of: with relu f″ = 0, so no acceleration can be learned. */
export const smoothActivationNames = ["tanh", "sigmoid", "elu"] as const;
export const SmoothActivationName = choiceOf(smoothActivationNames, activationTexts);
export type SmoothActivationName = z.infer<typeof SmoothActivationName>;

const sindyProcedureNames = ["source-threshold", "gauge-scan", "gauge-scan-polished", "gauge-search", "two-stage"] as const;
const SindyProcedureName = choiceOf(sindyProcedureNames, {
  "source-threshold": "coefficients below the threshold are pruned on a schedule",
  "gauge-scan": "one-term laws are fitted over all affine latents, and the best is absorbed",
  "gauge-scan-polished": "the same with refined gauges, and once more at the end",
  "gauge-search": "for several latent variables the affine map with the sparsest quadratic law is sought",
  "two-stage":
    "the networks are trained on the images alone, with no weight on derivatives or law; at the end the law is fitted to what the encoder makes of them, by sequentially thresholded least squares",
});
type SindyProcedureName = z.infer<typeof SindyProcedureName>;

const advanced = { "x-advanced": true };
const weight = z.number().min(0).max(1e6);
const share = z.number().min(0).max(1);

/** Functions that the law may be made of. The sparse regressions share them. */
export const LibraryParameters = z.strictObject({
  polynomialDegree: z
    .int()
    .min(0)
    .max(5)
    .default(4)
    .meta({ title: "Polynomial degree", description: "Powers up to this degree; 0 for none." }),
  crossTerms: z
    .boolean()
    .default(true)
    .meta({ title: "Cross terms", description: "Products of different variables, too.", ...advanced }),
  constantTerm: z
    .boolean()
    .default(false)
    .meta({ title: "Constant term", ...advanced }),
  sine: z
    .boolean()
    .default(true)
    .meta({ title: "Sine", description: "The sine of each variable.", ...advanced }),
  cosine: z
    .boolean()
    .default(false)
    .meta({ title: "Cosine", description: "The cosine of each variable.", ...advanced }),
  reciprocal: z
    .boolean()
    .default(false)
    .meta({
      title: "Reciprocal",
      description: "1/z of each variable, softened to z/(z² + 10⁻⁴) so that it stays finite at 0.",
      ...advanced,
    }),
  squareRoot: z
    .boolean()
    .default(false)
    .meta({
      title: "Square root",
      description: "√|z| of each variable, softened to (z² + 10⁻⁴)^¼ so that its slope stays finite at 0.",
      ...advanced,
    }),
});
export type LibraryParameters = z.infer<typeof LibraryParameters>;

/**
 * Parameters of the `sindy-autoencoder` family. The defaults are those of the gauge scan on the pendulum; an experiment overrides
 * them. One block is what one `advance` trains.
 */
export const SindyAutoencoderParameters = LibraryParameters.extend({
  procedure: SindyProcedureName.default("gauge-scan").meta({
    title: "Procedure",
    description: "How the law is found while the networks are trained.",
    "x-suggest": { type: "choice", values: ["source-threshold", "gauge-scan"] },
  }),
  order: z
    .int()
    .min(1)
    .max(2)
    .default(2)
    .meta({ title: "Order", description: "2: z̈ = Θ(z)Ξ; 1: ż = Θ(z)Ξ.", ...advanced }),
  latentWidth: z
    .int()
    .min(1)
    .max(8)
    .default(1)
    .meta({ title: "Latent width", ...advanced }),
  velocityTerms: z
    .boolean()
    .default(false)
    .meta({
      title: "Velocities in the library",
      description: "Powers, sines and cosines of ż, too (second order only).",
      ...advanced,
    }),
  hiddenLayers: z
    .array(z.int().min(1).max(4096))
    .max(8)
    .default([64, 32])
    .meta({ title: "Hidden layers", description: "Widths of the encoder; the decoder mirrors them." }),
  activation: SmoothActivationName.default("tanh").meta({
    title: "Activation",
    description: "Of hidden layers. relu is not offered: its second derivative is 0, so it cannot represent an acceleration.",
  }),
  initializationGain: z.number().positive().max(100).default(3).meta({
    title: "Gain of the outer layers",
    description: "Factor on the Glorot-uniform weights of the encoder's first and last layer and the decoder's first.",
  }),
  initialCoefficient: z
    .number()
    .min(-100)
    .max(100)
    .default(0)
    .meta({ title: "Initial coefficient", description: "Of every term but the sines.", ...advanced }),
  initialSineCoefficient: z
    .number()
    .min(-100)
    .max(100)
    .default(0)
    .meta({ title: "Initial coefficient of sines", ...advanced }),
  startFrom: MlpParameters.shape.startFrom,
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(2e-3)
    .meta({
      title: "Learning rate",
      description: "Adam, weights.",
      "x-suggest": { type: "log-float", min: 1e-4, max: 1e-2, points: 5 },
    }),
  coefficientLearningRate: z.number().positive().max(10).default(1e-2).meta({ title: "Learning rate of coefficients" }),
  finalDecay: z
    .number()
    .positive()
    .max(1)
    .default(0.02)
    .meta({
      title: "Final decay",
      description: "Both rates fall geometrically to this share over the last part of the run; 1 keeps them.",
      ...advanced,
    }),
  decayFrom: share
    .default(0.7)
    .meta({ title: "Decay from", description: "Share of the run after which the rates fall.", ...advanced }),
  batchSize: z.int().min(1).max(100_000).default(128).meta({ title: "Batch size", unit: "sample" }),
  blocks: z.int().min(1).max(1_000_000).default(140).meta({ title: "Blocks", unit: "block", description: "Length of the run." }),
  stepsPerBlock: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .meta({
      title: "Optimizer steps per block",
      unit: "step",
      description: "Losses are reported, and terms pruned, between blocks.",
      ...advanced,
    }),
  derivativeWeight: weight.default(5e-4).meta({ title: "λ₁ (derivatives of x)", description: "Weight of MSE(ẍ, decoded)." }),
  lawWeight: weight.default(1e-3).meta({
    title: "λ₂ (law)",
    description: "Weight of MSE(z̈, ΘΞ).",
    "x-suggest": { type: "log-float", min: 1e-5, max: 1e-1, points: 5 },
  }),
  lateLawWeight: weight
    .default(2e-2)
    .meta({ title: "Late λ₂", description: "Takes the place of λ₂ from the given share of the run on." }),
  lateFrom: share.default(0.35).meta({ title: "Late λ₂ from", description: "Share of the run.", ...advanced }),
  sparsityWeight: weight.default(1e-5).meta({ title: "λ₃ (sparsity)", description: "Weight of Σ|Ξ|." }),
  sparsityFrom: share
    .default(0.3)
    .meta({ title: "λ₃ from", description: "Share of the run before which there is no Σ|Ξ|.", ...advanced }),
  sparsityTo: share
    .default(0.7)
    .meta({ title: "λ₃ to", description: "Share of the run after which there is none: refinement.", ...advanced }),
  threshold: z
    .number()
    .min(0)
    .max(100)
    .default(0.1)
    .meta({ title: "Threshold", description: "Smaller coefficients are pruned, and do not count in the final law." }),
  pruneEvery: z.int().min(0).max(1_000_000).default(20).meta({
    title: "Prune every",
    unit: "block",
    description: "source-threshold only; 0 never. No pruning while λ₃ is off.",
  }),
});
export type SindyAutoencoderParameters = z.infer<typeof SindyAutoencoderParameters>;

/** Parameters that may differ between the runs of one pack: values, not shapes. */
export const sindyAutoencoderPerRunParameters = [
  "initializationGain",
  "initialCoefficient",
  "initialSineCoefficient",
  "startFrom",
  "learningRate",
  "coefficientLearningRate",
  "finalDecay",
  "decayFrom",
  "derivativeWeight",
  "lawWeight",
  "lateLawWeight",
  "lateFrom",
  "sparsityWeight",
  "sparsityFrom",
  "sparsityTo",
  "threshold",
  "pruneEvery",
] as const satisfies readonly (keyof SindyAutoencoderParameters)[];
