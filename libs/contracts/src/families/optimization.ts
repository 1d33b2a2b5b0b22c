import { z } from "zod";
import { choiceOf } from "./choice";

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
export const InitializationName = choiceOf(initializationNames, {
  normal: "w from N(0, 1), b = 0",
  uniform: "w from U(−1, 1), b = 0",
  "near-zero": "w from N(0, 0.01²), b = 0",
  "glorot-uniform": "w from U(±√(6/(in + out))), b = 0, as torch.nn.init.xavier_uniform_",
  "glorot-normal": "w from N(0, 2/(in + out)), b = 0; not truncated, as torch.nn.init.xavier_normal_ and unlike Keras",
  "he-uniform": "w from U(±√(6/in)), b = 0, as torch.nn.init.kaiming_uniform_",
  "he-normal": "w from N(0, 2/in), b = 0; not truncated, as torch.nn.init.kaiming_normal_ and unlike Keras",
  "lecun-uniform": "w from U(±√(3/in)), b = 0",
  "lecun-normal": "w from N(0, 1/in), b = 0; not truncated, unlike Keras",
  "torch-default": "w and b from U(±1/√in), as torch.nn.Linear and Conv2d by default",
});
export type InitializationName = z.infer<typeof InitializationName>;

export const lossNames = ["mse", "mae", "bce", "cce"] as const;
/** Of outputs ŷ and targets y. */
export const lossTexts: Readonly<Record<(typeof lossNames)[number], string>> = {
  mse: "mean of (ŷ − y)² over samples and components, as torch.nn.MSELoss",
  mae: "mean of |ŷ − y| over samples and components, as torch.nn.L1Loss",
  bce: "mean of −y ln ŷ − (1 − y) ln(1 − ŷ) over samples and components, from the values before the sigmoid, as torch.nn.BCEWithLogitsLoss",
  cce: "mean of −Σ y ln ŷ over samples, from the values before the softmax, as torch.nn.CrossEntropyLoss",
};
export const LossName = choiceOf(lossNames, lossTexts);
export type LossName = z.infer<typeof LossName>;

/** What a residual r = ŷ − y may cost where numbers are predicted: those above, and one that is square near 0 and straight beyond δ. */
const regressionLossNames = ["mse", "mae", "huber"] as const;
const RegressionLossName = choiceOf(regressionLossNames, {
  mse: lossTexts.mse,
  mae: `${lossTexts.mae}; steps of a constant rate end up swinging about its minimum, so let the rate fall`,
  huber: "mean over samples and components of ½r² where |r| ≤ δ, else δ(|r| − ½δ), with r = ŷ − y, as torch.nn.HuberLoss",
});

/** Parameters of an experiment that lets a configuration choose the loss of its regression. */
export const regressionLossParameters = {
  loss: RegressionLossName.default("mse").meta({
    title: "Loss",
    "x-suggest": { type: "choice", values: [...regressionLossNames] },
  }),
  huberDelta: z.number().min(1e-6).max(1e6).default(1).meta({
    title: "Huber δ",
    description: "Where huber goes from square to straight, in the units of the targets that the network is trained on.",
    "x-advanced": true,
  }),
};
/** The loss that a configuration chose; δ is read by huber alone. */
export interface RegressionLoss {
  loss: z.infer<typeof RegressionLossName>;
  huberDelta: number;
}

/** How Adam's two moments decay. */
export const adamMoments = {
  beta1: z.number().min(0).lt(1).default(0.9).meta({ title: "Adam β₁", "x-advanced": true }),
  beta2: z.number().min(0).lt(1).default(0.999).meta({ title: "Adam β₂", "x-advanced": true }),
};

export const optimizerNames = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adagrad-momentum"] as const;
/** One step on a weight w: g is the gradient of the batch's mean loss and of the penalties, η the learning rate in this epoch. */
export const OptimizerName = choiceOf(optimizerNames, {
  sgd: "w ← w − ηg, as torch.optim.SGD",
  momentum:
    "v ← ρv + g, w ← w − ηv, as torch.optim.SGD(momentum=ρ), where ρ is 0 by default. Keras has v ← ρv − ηg, which differs when η changes",
  nesterov: "v ← ρv + g, w ← w − η(g + ρv), as torch.optim.SGD(momentum=ρ, nesterov=True)",
  adagrad: "s ← s + g², w ← w − ηg/(√s + ε), as torch.optim.Adagrad, where ε is 1e-10 and η 0.01 by default",
  rmsprop: "s ← αs + (1 − α)g², w ← w − ηg/(√s + ε), as torch.optim.RMSprop, where η is 0.01 by default",
  adam: "m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², w ← w − η·m̂/(√ŝ + ε) with m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ) in step t, as torch.optim.Adam. With an L2 strength it is Adam with that penalty, not AdamW",
  "adagrad-momentum":
    "s ← s + g², v ← ρv + ηg/(√s + ε), w ← w − v: adagrad's steps within a momentum, as the source has them; not in PyTorch",
});
export type OptimizerName = z.infer<typeof OptimizerName>;
/** How many tensors of the weights' shape an optimizer keeps. They start at zero. */
export const optimizerSlots: Readonly<Record<OptimizerName, 0 | 1 | 2>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  adagrad: 1,
  rmsprop: 1,
  adam: 2,
  "adagrad-momentum": 2,
};

const scheduleNames = ["constant", "step", "exponential", "cosine"] as const;
/** How the learning rate falls from epoch to epoch. */
export const ScheduleName = choiceOf(scheduleNames, {
  constant: "η",
  step: "η·d^⌊e/p⌋ in epoch e from 0, with the decay d and the period p, as StepLR of PyTorch",
  exponential: "η·d^(e/p), as ExponentialLR with γ = d^(1/p)",
  cosine: "η(d + (1 − d)(1 + cos(πe/(E − 1)))/2) of E epochs, as CosineAnnealingLR(T_max=E − 1, eta_min=ηd)",
});
export type ScheduleName = z.infer<typeof ScheduleName>;
