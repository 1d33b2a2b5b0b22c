import type { ActivationName, MlpParameters } from "@basin/contracts";
import { activationDerivatives, type DerivativeOrder } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";

/** What leaky-relu and elu are multiplied by where z < 0. */
export type ActivationShape = Pick<MlpParameters, "leakySlope" | "eluAlpha">;

/** Below 0 a shaped activation is a factor times this one, which the kernels have; above it is z. */
interface BelowZero {
  factor: number;
  activation: ActivationName;
}

/** Null where the kernels know the activation as it is: a slope of 0.01, α = 1, or no shape at all. */
function belowZero(name: ActivationName, { leakySlope, eluAlpha }: ActivationShape): BelowZero | null {
  if (name === "leaky-relu" && leakySlope !== 0.01) return { factor: leakySlope, activation: "linear" };
  if (name === "elu" && eluAlpha !== 1) return { factor: eluAlpha, activation: "elu" };
  return null;
}

/** Whether the kernels do not have the activation in that shape. */
export function isShaped(name: ActivationName, shape: ActivationShape): boolean {
  return belowZero(name, shape) !== null;
}

/**
 * f(z) and its derivatives up to that order, as `activationDerivatives` has them, with the slope and the α that are wanted: with g = z or
 * e^z − 1 below 0 and r the ReLU, f = r + factor·(g − r), and so for every derivative. Call within tf.tidy.
 */
export function shapedDerivatives<R extends tf.Rank>(
  z: tf.Tensor<R>,
  name: ActivationName,
  order: DerivativeOrder,
  shape: ActivationShape,
): tf.Tensor<R>[] {
  const below = belowZero(name, shape);
  if (!below) return activationDerivatives(z, name, order);
  const above = activationDerivatives(z, "relu", order);
  return activationDerivatives(z, below.activation, order).map((g, k) => {
    const r = above[k];
    if (!r) throw new Error(`no derivative ${k} of the ReLU`);
    return tf.add<tf.Tensor<R>>(r, tf.mul(tf.sub(g, r), below.factor));
  });
}
