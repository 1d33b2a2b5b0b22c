import type { SmoothActivationName } from "@basin/contracts";
import { lossAndGradient } from "@basin/engine";
import * as tf from "@tensorflow/tfjs-core";
import { tensor3, type JetTensors } from "../derivative-propagation/jet";
import { backwardJet, forwardJet } from "../derivative-propagation/jet-network";
import { libraryBackward, libraryForward, type LibraryTensors } from "./library-tensors";
import type { Architecture } from "./architecture";
import { product } from "../derivative-propagation/product";

/** What all runs of a pack have in common. */
export interface Setting {
  architecture: Architecture;
  activation: SmoothActivationName;
  library: LibraryTensors;
}

/** Per-run weights of the loss, each [runs, 1, 1]. */
export interface LossWeights {
  derivative: tf.Tensor3D;
  law: tf.Tensor3D;
  sparsity: tf.Tensor3D;
}

/** Means over samples and components, [runs] each: MSE(x, x̃), MSE of the highest derivative of x, and the law's loss. */
export type BatchLosses = {
  reconstruction: tf.Tensor1D;
  derivative: tf.Tensor1D;
  law: tf.Tensor1D;
};

/**
 * L = MSE(x, x̃) + λ₁·MSE(x⁽ⁿ⁾, x̃⁽ⁿ⁾) + λ₂·MSE(z⁽ⁿ⁾, ΘΞ) + λ₃·Σ|Ξ| for a law of order n (Champion et al. 2019, eq. 5, with ‖Ξ‖₁ as a sum),
 * where z = φ(x) with its derivatives by the chain rule and x̃⁽ⁿ⁾ decodes (z, ż, ΘΞ). With `weights` the gradients by all parameters
 * come too, in the order of the architecture's specs. `mask` [runs, terms, latent] holds 1 where a term is active. Call within tf.tidy.
 */
export function lossesAndGradients(
  { architecture, activation, library }: Setting,
  parameters: readonly tf.Tensor[],
  mask: tf.Tensor3D,
  jet: JetTensors,
  weights: LossWeights | null,
): { losses: BatchLosses; gradients: tf.Tensor3D[] } {
  const { order, layers } = architecture;
  const encoder = parameters.slice(0, 2 * layers);
  const decoder = parameters.slice(2 * layers, 4 * layers);
  const coefficients = tf.mul<tf.Tensor3D>(tensor3(parameters, 4 * layers), mask);
  const all = Array.from({ length: order + 1 }, () => true);

  const encoded = forwardJet(activation, encoder, jet, all);
  const latents = encoded.output.flatMap((entry) => entry ?? []);
  const lower = latents.slice(0, order);
  const withVelocities = library.variables > architecture.latentWidth;
  const variables = withVelocities ? tf.concat3d(lower, 2) : tensor3(latents, 0);
  const trace = libraryForward(library, variables);
  const predicted = product(trace.theta, coefficients);
  const decoded = forwardJet(
    activation,
    decoder,
    [...lower, predicted],
    all.map((_, i) => i === 0 || i === order),
  );
  const wantGradient = weights !== null;
  const reconstruction = lossAndGradient("mse", need(decoded.output[0]), tensor3(jet, 0), wantGradient);
  const derivative = lossAndGradient("mse", need(decoded.output[order]), tensor3(jet, order), wantGradient, weights?.derivative);
  const law = lossAndGradient("mse", predicted, tensor3(latents, order), wantGradient, weights?.law);
  const losses = { reconstruction: reconstruction.losses, derivative: derivative.losses, law: law.losses };
  if (!weights) return { losses, gradients: [] };

  const outputGradients = decoded.output.map((_, i) => {
    if (i === 0) return reconstruction.gradient;
    return i === order ? derivative.gradient : null;
  });
  const back = backwardJet(activation, decoder, decoded.trace, outputGradients, true);
  const lawToPredicted = need(law.gradient);
  const toPredicted = tf.add<tf.Tensor3D>(need(back.input[order]), lawToPredicted);
  const toCoefficients = tf.add(product(trace.theta, toPredicted, true, false), tf.mul(tf.sign(coefficients), weights.sparsity));
  const toVariables = libraryBackward(trace, product(toPredicted, coefficients, false, true));
  const latentGradients = latents.map((entry, i) => {
    if (i === order) return tf.neg<tf.Tensor3D>(lawToPredicted);
    const direct = back.input[i] ?? tf.zerosLike(entry);
    if (i > 0 && !withVelocities) return direct;
    const [runs, samples, width] = entry.shape;
    return tf.add<tf.Tensor3D>(direct, tf.slice3d(toVariables, [0, 0, i * width], [runs, samples, width]));
  });
  const front = backwardJet(activation, encoder, encoded.trace, latentGradients, false);
  return { losses, gradients: [...front.parameters, ...back.parameters, tf.mul(toCoefficients, mask)] };
}

function need(tensor: tf.Tensor3D | null | undefined): tf.Tensor3D {
  if (!tensor) throw new Error("A tensor of the forward or backward pass is missing.");
  return tensor;
}
