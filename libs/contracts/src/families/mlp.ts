import { z } from "zod";
import { ActivationName, activationNames } from "./activations";
import { adamMoments, InitializationName, OptimizerName, ScheduleName } from "./optimization";

const advanced = { "x-advanced": true };

/** The names in "relu, tanh", as they stand; none for an empty text. */
export function layerActivationsOf(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((name) => name.trim());
}

/**
 * Parameters of the `mlp` family that experiments share. They live here because the form, the API and the trainer all
 * read them. `meta` feeds the form: `unit`, `x-advanced` (folded away), `x-suggest` (a dimension to sweep over) and `x-choices` (what each
 * name of a choice is).
 */
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
  layerActivations: z
    .string()
    .max(400)
    .refine((text) => layerActivationsOf(text).every((name) => ActivationName.safeParse(name).success), {
      error: `must be names of activations separated by commas: ${activationNames.join(", ")}`,
    })
    .default("")
    .meta({
      title: "Activation per layer",
      description: "One for each hidden layer, separated by commas (relu, relu, sine); empty: the one above in all.",
      ...advanced,
    }),
  leakySlope: z
    .number()
    .min(-1)
    .max(1)
    .default(0.01)
    .meta({ title: "Leaky ReLU slope s", description: "leaky-relu is z where z > 0, else sz.", ...advanced }),
  eluAlpha: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({ title: "ELU α", description: "elu is z where z > 0, else α(e^z − 1).", ...advanced }),
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
  startFrom: z
    .string()
    .max(200)
    .default("")
    .meta({
      title: "Start from the weights of",
      description:
        "A finished run, or its weights artifact: its arrays take the place of the initial ones. Empty: the network starts from the initialization.",
      ...advanced,
    }),
  optimizer: OptimizerName.default("adam").meta({
    title: "Optimizer",
    description: "g is the gradient of the batch's mean loss and of the penalties, η the learning rate, ρ the momentum.",
  }),
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
    .meta({
      title: "Momentum ρ",
      description: "Of momentum, nesterov and adagrad-momentum. PyTorch's own default is 0.",
      ...advanced,
    }),
  rmspropAlpha: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .meta({ title: "RMSprop α", description: "Decay of rmsprop's mean square.", ...advanced }),
  ...adamMoments,
  epsilon: z
    .number()
    .positive()
    .max(1)
    .default(1e-8)
    .meta({
      title: "ε",
      description:
        "Added to the root in the denominator of adagrad, adagrad-momentum, rmsprop and adam. PyTorch's adagrad has 1e-10.",
      ...advanced,
    }),
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
  plateauPatience: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({
      title: "Plateau patience",
      unit: "epoch",
      description:
        "Stop when the training loss has not changed, neither fallen nor risen, for so many epochs; 0 never stops. A loss that rests before it falls ends there, too.",
      ...advanced,
    }),
  plateauTolerance: z
    .number()
    .min(0)
    .max(1)
    .default(1e-3)
    .meta({
      title: "Plateau tolerance",
      description: "A change of the training loss by at most this share of it is none.",
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
  lbfgsSteps: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({
      title: "L-BFGS in the last",
      unit: "epoch",
      description:
        "So many of the epochs, the last, are evaluations of L-BFGS on all samples in place of steps of the optimizer; the schedule ends before. For small networks on the full data set (batch size 0).",
      ...advanced,
      "x-suggest": { type: "choice", values: [0, 200] },
    }),
  shuffle: z
    .boolean()
    .default(true)
    .meta({
      title: "Shuffle",
      description: "A new order of the samples in every epoch; otherwise that of the data.",
      ...advanced,
    }),
  schedule: ScheduleName.default("constant").meta({
    title: "Learning-rate schedule",
    ...advanced,
  }),
  scheduleDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ title: "Schedule decay", description: "d: factor on the learning rate.", ...advanced }),
  schedulePeriod: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(100)
    .meta({ title: "Schedule period", unit: "epoch", description: "p: of step and exponential.", ...advanced }),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({
      title: "Dropout",
      description:
        "Probability p with which a hidden unit is left out in a training step; the others are multiplied by 1/(1 − p), as by torch.nn.Dropout.",
      ...advanced,
    }),
  inputDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({
      title: "Dropout of inputs",
      description: "The same of every input, drawn by itself.",
      ...advanced,
    }),
  batchNormalization: z
    .boolean()
    .default(false)
    .meta({
      title: "Batch normalization",
      description:
        "Every hidden layer, before its activation, becomes γ(z − μ)/√(σ² + 1e-5) + β with mean and variance of the batch, as by torch.nn.BatchNorm1d; for predictions with running averages that move by a tenth per step. A last batch of a single sample, which has no variance, is left out; batches of one are refused.",
      ...advanced,
    }),
  clipNorm: z
    .number()
    .min(0)
    .max(1e9)
    .default(0)
    .meta({
      title: "Gradient norm limit",
      description:
        "c: all gradients of a step together are multiplied by c/‖g‖ where ‖g‖ > c, as by torch.nn.utils.clip_grad_norm_; after the value limit; 0: none.",
      ...advanced,
    }),
  clipValue: z
    .number()
    .min(0)
    .max(1e9)
    .default(0)
    .meta({
      title: "Gradient value limit",
      description: "Each gradient component is cut to ± this, as by torch.nn.utils.clip_grad_value_; 0: none.",
      ...advanced,
    }),
  l1: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({
      title: "L1 strength",
      description:
        "λ₁ of λ₁ Σ|w| over the weights, not the biases: a part of the loss whose gradient the limits cut, too; the metric loss leaves it out.",
      ...advanced,
    }),
  l2: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({
      title: "L2 strength",
      description:
        "λ₂ of ½ λ₂ Σw² over the weights, not the biases: a part of the loss, as a Keras regularizer, whose gradient λ₂w the limits cut, too. PyTorch's weight_decay adds it after clipping, and to biases.",
      ...advanced,
    }),
  proximalL1: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({
      title: "Proximal L1 strength",
      description:
        "λ: after every step each weight, not the biases, becomes sign(w)·max(|w| − ηλ, 0) with the learning rate η of the step, so that weights end at 0 exactly. With sgd this is the proximal gradient method (ISTA) for λ Σ|w|; momentum and the adaptive rules move by other steps than ηg, so that λ weighs otherwise there. The metric loss leaves it out.",
      ...advanced,
    }),
  folds: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .meta({
      title: "Cross-validation folds",
      description:
        "Trains so many further networks, each without one part of the training samples, and scores them on it; 0: none.",
      ...advanced,
    }),
  bootstrapSamples: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .meta({
      title: "Bootstrap samples",
      description:
        "Trains so many further networks, each on as many training samples drawn with replacement, and scores them on those that were not drawn; 0: none.",
      ...advanced,
    }),
  plots: z
    .boolean()
    .default(true)
    .meta({ title: "Plots", description: "Store the experiment's plots with every run.", ...advanced }),
});
export type MlpParameters = z.infer<typeof MlpParameters>;

const { shape } = MlpParameters;
/** Initialization, optimizer and learning rate, of every family that has them as `mlp` does. */
export const initializationAndOptimizer = {
  initialization: shape.initialization,
  initializationGain: shape.initializationGain,
  optimizer: shape.optimizer,
  learningRate: shape.learningRate,
  momentum: shape.momentum,
  rmspropAlpha: shape.rmspropAlpha,
  beta1: shape.beta1,
  beta2: shape.beta2,
  epsilon: shape.epsilon,
  schedule: shape.schedule,
  scheduleDecay: shape.scheduleDecay,
  schedulePeriod: shape.schedulePeriod,
};

/** Parameters of initialization and optimizer that may differ between the runs of one pack, in every family that has them: values, not shapes. */
export const optimizationPerRunParameters = [
  "learningRate",
  "momentum",
  "rmspropAlpha",
  "beta1",
  "beta2",
  "epsilon",
  "initialization",
  "initializationGain",
] as const satisfies readonly (keyof MlpParameters)[];

/** Parameters that may differ between the runs of one mlp pack. */
export const mlpPerRunParameters = [
  ...optimizationPerRunParameters,
  "schedule",
  "scheduleDecay",
  "schedulePeriod",
  "dropout",
  "inputDropout",
  "clipNorm",
  "clipValue",
  "l1",
  "l2",
  "proximalL1",
  "lbfgsSteps",
  "startFrom",
  "plots",
] as const satisfies readonly (keyof MlpParameters)[];
