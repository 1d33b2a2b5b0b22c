import { z } from "zod";
import { activationTexts } from "./activations";
import { choiceOf } from "./choice";
import { MlpParameters, optimizationPerRunParameters } from "./mlp";
import { smoothActivationNames } from "./sindy-autoencoder";

/** Activations with derivatives to speak of: a residual of second order needs f″, its gradient f‴. */
export const pinnActivationNames = [...smoothActivationNames, "sine", "swish"] as const;
export const PinnActivationName = choiceOf(pinnActivationNames, activationTexts);
export type PinnActivationName = z.infer<typeof PinnActivationName>;

const mlp = MlpParameters.shape;

/** Parameters of the `pinn` family. Each epoch is one full-batch step of Adam or evaluation of L-BFGS; those with mlp's names mean what they mean there. */
export const PinnParameters = z.strictObject({
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .default([10, 10])
    .meta({ title: "Hidden layers", description: "Width of each hidden layer; empty for a single layer." }),
  activation: PinnActivationName.default("tanh").meta({
    title: "Activation",
    description: "Of every hidden layer. Those without a second derivative, like relu, cannot represent an acceleration.",
    "x-suggest": { type: "choice", values: ["tanh", "sine"] },
  }),
  initialization: mlp.initialization,
  initializationGain: mlp.initializationGain,
  startFrom: mlp.startFrom,
  learningRate: mlp.learningRate,
  beta1: mlp.beta1,
  beta2: mlp.beta2,
  epsilon: mlp.epsilon,
  schedule: mlp.schedule,
  scheduleDecay: mlp.scheduleDecay,
  schedulePeriod: mlp.schedulePeriod,
  epochs: mlp.epochs.unwrap().default(5000).meta({ title: "Epochs", unit: "epoch", description: "Steps on all points at once." }),
  lbfgsSteps: mlp.lbfgsSteps
    .unwrap()
    .default(0)
    .meta({
      ...mlp.lbfgsSteps.meta(),
      description:
        "So many of the epochs, the last, are evaluations of L-BFGS in place of steps of Adam. Redraws and balancing end before, and a constant that rises with the run has risen.",
      "x-suggest": { type: "choice", values: [0, 1000] },
    }),
  lbfgsMemory: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .meta({
      title: "L-BFGS memory",
      description: "Pairs of steps and changes of the gradient that its curvature is made of.",
      "x-advanced": true,
      "x-suggest": { type: "choice", values: [20, 100] },
    }),
  reportEvery: z.int().min(1).max(100_000).default(10).meta({
    title: "Report every",
    unit: "epoch",
    description: "The losses are reported once in so many epochs; divides their number.",
    "x-advanced": true,
  }),
  redrawEvery: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({
      title: "Redraw points every",
      unit: "epoch",
      description:
        "Points are drawn anew where the equation is far from being met (residual-based adaptive distribution); 0: never.",
      "x-advanced": true,
      "x-suggest": { type: "choice", values: [0, 500] },
    }),
  balanceEvery: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({
      title: "Balance terms every",
      unit: "epoch",
      description: "The terms' weights are multiplied so that their gradients get the same size; 0: never.",
      "x-advanced": true,
      "x-suggest": { type: "choice", values: [0, 100] },
    }),
  plots: mlp.plots,
});
export type PinnParameters = z.infer<typeof PinnParameters>;

/** Parameters of the family that may differ between the runs of one pack. An experiment adds the weights of its loss terms. */
export const pinnPerRunParameters = [
  ...optimizationPerRunParameters.filter((name) => name !== "momentum" && name !== "rmspropAlpha"),
  "schedule",
  "scheduleDecay",
  "schedulePeriod",
  "redrawEvery",
  "balanceEvery",
  "lbfgsSteps",
  "lbfgsMemory",
  "startFrom",
  "plots",
] as const satisfies readonly (keyof PinnParameters)[];
