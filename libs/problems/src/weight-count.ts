import { finalMetric } from "./final-metric";

/** A figure of every family that trains tensors. */
export const weightCount = finalMetric(
  "weightCount",
  "Number of weights",
  "How many numbers are trained: weights, biases, scale and shift of a normalization, coefficients of a law, physical parameters.",
);
