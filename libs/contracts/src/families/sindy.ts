import { z } from "zod";
import { choiceOf } from "./choice";
import { LibraryParameters } from "./sindy-autoencoder";

const derivativeMethodNames = ["finite-difference", "savitzky-golay"] as const;
export const DerivativeMethodName = choiceOf(derivativeMethodNames, {
  "finite-difference": "(x[i+1] − x[i−1])/2Δt, and the states as measured",
  "savitzky-golay": "value and slope, in its middle, of the polynomial of the smoothing degree through a window by least squares",
});
export type DerivativeMethodName = z.infer<typeof DerivativeMethodName>;

const advanced = { "x-advanced": true };

/** Parameters of the `sindy` family: sequentially thresholded least squares on measured states. */
export const SindyParameters = LibraryParameters.extend({
  polynomialDegree: LibraryParameters.shape.polynomialDegree
    .unwrap()
    .default(2)
    .meta({ title: "Polynomial degree", description: "Powers and products up to this degree." }),
  constantTerm: z
    .boolean()
    .default(true)
    .meta({ title: "Constant term", ...advanced }),
  sine: z
    .boolean()
    .default(false)
    .meta({ title: "Sine", ...advanced }),
  threshold: z
    .number()
    .min(0)
    .max(1e6)
    .default(0.1)
    .meta({
      title: "Threshold",
      description: "Coefficients below it are set to 0 and the rest fitted again, until none is below it.",
      "x-suggest": { type: "log-float", min: 0.01, max: 1, points: 5 },
    }),
  ridge: z
    .number()
    .min(0)
    .max(1e6)
    .default(0.05)
    .meta({ title: "Ridge", description: "Weight of ‖ξ‖² in each fit.", ...advanced }),
  maxIterations: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .meta({ title: "Iterations", description: "At most so many fits with ridge; those without it follow.", ...advanced }),
  derivativeMethod: DerivativeMethodName.default("savitzky-golay").meta({
    title: "Derivative",
    description: "How rates are estimated from measured states.",
    "x-suggest": { type: "choice", values: ["finite-difference", "savitzky-golay"] },
  }),
  smoothingWindow: z
    .int()
    .min(3)
    .max(1001)
    .default(11)
    .meta({ title: "Smoothing window", unit: "sample", description: "Odd; for savitzky-golay." }),
  smoothingDegree: z
    .int()
    .min(1)
    .max(8)
    .default(4)
    .meta({ title: "Smoothing degree", description: "Of the local polynomial; below the window.", ...advanced }),
});
export type SindyParameters = z.infer<typeof SindyParameters>;
