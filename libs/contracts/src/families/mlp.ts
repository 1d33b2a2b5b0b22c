import { z } from "zod";

/**
 * Parameters of the `mlp` family that experiments share. They live here because the form, the API and the trainer all
 * read them. `meta` feeds the form: `unit`, `x-advanced` (folded away) and `x-suggest` (a dimension to sweep over).
 */
export const activationNames = [
  "linear",
  "sigmoid",
  "tanh",
  "relu",
  "leaky-relu",
  "elu",
  "gelu",
  "swish",
  "softplus",
  "sine",
] as const;
export const ActivationName = z.enum(activationNames);
export type ActivationName = z.infer<typeof ActivationName>;

export const initializationNames = [
  "normal",
  "uniform",
  "near-zero",
  "glorot-uniform",
  "glorot-normal",
  "he-uniform",
  "he-normal",
  "lecun-uniform",
  "lecun-normal",
  "torch-default",
] as const;
export const InitializationName = z.enum(initializationNames);
export type InitializationName = z.infer<typeof InitializationName>;

export const lossNames = ["mse", "mae", "bce", "cce"] as const;
export const LossName = z.enum(lossNames);
export type LossName = z.infer<typeof LossName>;

export const optimizerNames = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"] as const;
export const OptimizerName = z.enum(optimizerNames);
export type OptimizerName = z.infer<typeof OptimizerName>;

const advanced = { "x-advanced": true };

export const MlpParameters = z.strictObject({
  hiddenLayers: z
    .array(z.int().min(1).max(4096))
    .max(32)
    .default([64, 64, 32])
    .meta({ title: "Hidden layers", description: "Width of each hidden layer; empty for a single layer." }),
  activation: ActivationName.default("tanh").meta({
    title: "Activation",
    description: "Of every hidden layer.",
    "x-suggest": { type: "choice", values: ["tanh", "relu", "gelu"] },
  }),
  initialization: InitializationName.default("torch-default").meta({
    title: "Initialization",
    description: "Distribution of the initial weights.",
    "x-suggest": { type: "choice", values: ["near-zero", "glorot-uniform", "he-normal"] },
  }),
  initializationGain: z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .meta({ title: "Initialization gain", description: "Factor on the initial weights.", ...advanced }),
  optimizer: OptimizerName.default("adam").meta({ title: "Optimizer" }),
  learningRate: z
    .number()
    .positive()
    .max(1e6)
    .default(1e-3)
    .meta({ title: "Learning rate", "x-suggest": { type: "log-float", min: 1e-4, max: 1e-2, points: 5 } }),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({ title: "Momentum", description: "ρ of momentum and Nesterov; decay of RMSprop's mean square.", ...advanced }),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({ title: "Adam β₁", ...advanced }),
  beta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .meta({ title: "Adam β₂", ...advanced }),
  epsilon: z
    .number()
    .positive()
    .max(1)
    .default(1e-8)
    .meta({ title: "ε", description: "Added to the optimizer's denominator.", ...advanced }),
  epochs: z.int().min(1).max(10_000_000).default(1000).meta({ title: "Epochs", unit: "epoch" }),
  batchSize: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(128)
    .meta({ title: "Batch size", unit: "sample", description: "0 trains on the full data set at once." }),
  earlyStoppingPatience: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({
      title: "Early-stopping patience",
      unit: "epoch",
      description: "Stop after this many epochs without a lower validation loss; 0 never stops.",
      ...advanced,
    }),
  earlyStoppingMinDelta: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({
      title: "Early-stopping threshold",
      description: "A lower validation loss counts only if it is lower by more than this.",
      ...advanced,
    }),
  restoreBestWeights: z
    .boolean()
    .default(false)
    .meta({
      title: "Restore best weights",
      description: "Evaluate and save the weights of the epoch with the lowest validation loss.",
      ...advanced,
    }),
  validationFraction: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .meta({
      title: "Validation fraction",
      description: "Share of the training samples held out for the validation loss.",
      ...advanced,
    }),
});
export type MlpParameters = z.infer<typeof MlpParameters>;

/** Parameters that may differ between the runs of one mlp pack: values, not shapes. */
export const mlpPerRunParameters = [
  "learningRate",
  "momentum",
  "beta1",
  "beta2",
  "epsilon",
  "initialization",
  "initializationGain",
] as const satisfies readonly (keyof MlpParameters)[];
