import { z } from "zod";
import { choiceOf } from "./choice";
import { initializationAndOptimizer, MlpParameters, optimizationPerRunParameters } from "./mlp";

const cellNames = ["none", "elman"] as const;
const CellName = choiceOf(cellNames, {
  none: "the network sees the moment alone",
  elman:
    "the network also sees what its last hidden layer gave out one step before, zeros at first: h ← f(Wx + Uh + b) (J. L. Elman, 1990), as torch.nn.RNN where that is the only hidden layer and f is tanh",
});

const mlp = MlpParameters.shape;
const advanced = { "x-advanced": true };

/**
 * Parameters of the `rollout` family: a network in closed loop through explicit steps. Each epoch is one step of the optimizer down the gradient through
 * all steps of all trajectories (back-propagation through time); those with mlp's names mean what they mean there.
 */
export const RolloutParameters = z.strictObject({
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .default([32, 32])
    .meta({ title: "Hidden layers", description: "Width of each hidden layer; empty for a single layer." }),
  activation: mlp.activation,
  cell: CellName.default("none").meta({ title: "Memory of the network", ...advanced }),
  ...initializationAndOptimizer,
  startFrom: mlp.startFrom,
  clipNorm: mlp.clipNorm
    .unwrap()
    .default(1)
    .meta({
      title: "Gradient norm limit c",
      description:
        "All gradients of a step together are multiplied by c/‖g‖ where ‖g‖ > c, as by torch.nn.utils.clip_grad_norm_; 0: none.",
      "x-suggest": { type: "choice", values: [0, 1] },
    }),
  horizon: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({ title: "Horizon", unit: "step", description: "Steps of the loop that the gradient goes through." }),
  firstHorizon: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({
      title: "Horizon at first",
      unit: "step",
      description: "From it the horizon grows; at most the horizon.",
      ...advanced,
    }),
  horizonGrowth: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({
      title: "Growth of the horizon",
      description: "Share of the epochs in which it grows, evenly; 0: it has its full length from the start.",
      ...advanced,
    }),
  epochs: mlp.epochs
    .unwrap()
    .default(500)
    .meta({ title: "Epochs", unit: "epoch", description: "Steps on all trajectories at once." }),
  reportEvery: z
    .int()
    .min(1)
    .max(100_000)
    .default(1)
    .meta({
      title: "Report every",
      unit: "epoch",
      description: "Losses and the gradient's norm are reported once in so many epochs; divides their number.",
      ...advanced,
    }),
  plots: mlp.plots,
});
export type RolloutParameters = z.infer<typeof RolloutParameters>;

/** Parameters of the family that may differ between the runs of one pack. An experiment adds the weights of its loss terms. */
export const rolloutPerRunParameters = [
  ...optimizationPerRunParameters,
  "schedule",
  "scheduleDecay",
  "schedulePeriod",
  "clipNorm",
  "startFrom",
  "plots",
] as const satisfies readonly (keyof RolloutParameters)[];
