import { z } from "zod";
import { choiceOf } from "./choice";
import { adamMoments } from "./optimization";

/** Update rules of the `descent` family in their textbook forms; see `DescentParameters`. */
export const updateRuleNames = ["constant", "momentum", "nesterov", "adagrad", "adagrad-momentum", "rmsprop", "adam"] as const;
export const UpdateRuleName = choiceOf(updateRuleNames, {
  constant: "x ← x − ηg",
  momentum: "m ← ρm + ηg, x ← x − m",
  nesterov: "m ← ρm + ηg, x ← x − (ρm + ηg)",
  adagrad: "s ← s + g², x ← x − ηg/(√s + δ)",
  "adagrad-momentum": "s ← s + g², m ← ρm + ηg/(√s + δ), x ← x − m",
  rmsprop:
    "s ← ρs + (1 − ρ)g², x ← x − ηg/√(s + δ): δ under the root and ρ = 0.9, as the source has them. Networks are trained with ηg/(√s + ε) and α = 0.99, as by PyTorch",
  adam: "m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², x ← x − η·m̂/(√ŝ + δ) with m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ) in step t",
});
export type UpdateRuleName = z.infer<typeof UpdateRuleName>;

const advanced = { "x-advanced": true };

/** Parameters of the `descent` family: gradient descent on a function of a few variables in double precision. */
export const DescentParameters = z.strictObject({
  rule: UpdateRuleName.default("adam").meta({
    title: "Update rule",
    description: "g is the gradient, η the learning rate, ρ the momentum.",
    "x-suggest": { type: "choice", values: [...updateRuleNames] },
  }),
  learningRate: z
    .number()
    .positive()
    .max(1e6)
    .default(0.05)
    .meta({ title: "Learning rate", "x-suggest": { type: "log-float", min: 1e-3, max: 1, points: 7 } }),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({
      title: "Momentum ρ",
      description: "Of momentum, nesterov and AdagradMomentum; decay of RMSprop's mean square.",
      ...advanced,
    }),
  ...adamMoments,
  epsilon: z
    .number()
    .positive()
    .max(1)
    .default(1e-8)
    .meta({ title: "δ", description: "Added to the root in the rule's denominator, with rmsprop under the root.", ...advanced }),
  stepNoise: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({
      title: "Noise per step σ",
      description:
        "Standard deviation of the normal number that is added to every coordinate after each step; with the rule constant, that of a gradient with noise σ/η.",
      ...advanced,
    }),
  tolerance: z
    .number()
    .positive()
    .max(1)
    .default(1e-6)
    .meta({ title: "Tolerance", description: "The run ends when the value is this close to the minimum.", ...advanced }),
  maxSteps: z.int().min(3).max(1_000_000).default(5000).meta({ title: "Most steps", unit: "step" }),
  plots: z
    .boolean()
    .default(true)
    .meta({ title: "Plots", description: "Store the experiment's plots with every run.", ...advanced }),
});
export type DescentParameters = z.infer<typeof DescentParameters>;

/** Parameters that may differ between the runs of one pack: all of the family's. */
export const descentPerRunParameters: readonly string[] = Object.keys(DescentParameters.shape);
