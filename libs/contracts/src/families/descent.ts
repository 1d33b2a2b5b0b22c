import { z } from "zod";

/** Update rules of the `descent` family in their textbook forms; see `DescentParameters`. */
export const updateRuleNames = ["constant", "momentum", "adagrad", "adagrad-momentum", "rmsprop", "adam"] as const;
export const UpdateRuleName = z.enum(updateRuleNames);
export type UpdateRuleName = z.infer<typeof UpdateRuleName>;

const advanced = { "x-advanced": true };

/** Parameters of the `descent` family: gradient descent on a function of a few variables in double precision. */
export const DescentParameters = z.strictObject({
  rule: UpdateRuleName.default("adam").meta({
    title: "Update rule",
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
    .meta({ title: "Momentum ρ", description: "Of momentum and AdagradMomentum; decay of RMSprop's mean square.", ...advanced }),
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
    .meta({ title: "δ", description: "Added to the rule's denominator.", ...advanced }),
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
