import * as tf from "@tensorflow/tfjs-core";
import { axes3, flagAttribute, input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/** Losses as functions of the network's last values z; the last two take logits, so that they stay finite far from the target. */
export const fusedLosses = ["mse", "mae", "bce-of-logits", "cce-of-logits"] as const;
export type FusedLoss = (typeof fusedLosses)[number];

/**
 * The loss of every run [runs] and, when wanted, its gradient by z; z and targets [runs, samples, width]. mse, mae and bce are
 * means over samples and components; cce is the mean over samples of −Σ_j t_j·log softmax(z)_j. `scale` [runs, 1, 1]: what each run's
 * gradient, not its loss, is multiplied by. The caller owns the outputs.
 */
export function lossAndGradient(
  loss: FusedLoss,
  z: tf.Tensor3D,
  targets: tf.Tensor3D,
  wantGradient: boolean,
  scale: tf.Tensor3D | null = null,
): { losses: tf.Tensor1D; gradient: tf.Tensor3D | null } {
  if (hasKernels()) {
    const outputs = runKernel(
      "BasinLossGradient",
      { z, targets, scale },
      { loss: fusedLosses.indexOf(loss), gradient: wantGradient },
    );
    return { losses: outputAt<tf.Rank.R1>(outputs, 0), gradient: wantGradient ? outputAt<tf.Rank.R3>(outputs, 1) : null };
  }
  const outputs = tf.tidy(() => {
    const [losses, gradient] = composed(loss, z, targets);
    return wantGradient ? [losses, scale ? tf.mul(gradient, scale) : gradient] : [losses];
  });
  return { losses: outputAt<tf.Rank.R1>(outputs, 0), gradient: wantGradient ? outputAt<tf.Rank.R3>(outputs, 1) : null };
}

function composed(loss: FusedLoss, z: tf.Tensor3D, targets: tf.Tensor3D): [tf.Tensor, tf.Tensor] {
  const [, samples, width] = z.shape;
  const count = samples * width;
  switch (loss) {
    case "mse": {
      const error = tf.sub(z, targets);
      return [tf.mean(tf.square(error), [1, 2]), tf.mul(error, 2 / count)];
    }
    case "mae": {
      const error = tf.sub(z, targets);
      return [tf.mean(tf.abs(error), [1, 2]), tf.mul(tf.sign(error), 1 / count)];
    }
    case "bce-of-logits": {
      const tail = tf.log1p(tf.exp(tf.neg(tf.abs(z))));
      const each = tf.add(tf.sub(tf.relu(z), tf.mul(z, targets)), tail);
      return [tf.mean(each, [1, 2]), tf.mul(tf.sub(tf.sigmoid(z), targets), 1 / count)];
    }
    case "cce-of-logits": {
      const logProbability = tf.logSoftmax(z);
      const mass = tf.sum(targets, 2, true);
      const each = tf.neg(tf.sum(tf.mul(targets, logProbability), [1, 2]));
      return [tf.div(each, samples), tf.mul(tf.sub(tf.mul(tf.exp(logProbability), mass), targets), 1 / samples)];
    }
  }
}

/**
 * Inputs z and targets [runs, samples, width] and, if gradients are to be scaled, scale [runs, 1, 1]; attributes `loss` (its number) and
 * `gradient`; outputs losses [runs] and, if wanted, ∂loss/∂z times the scale.
 */
export const lossGradientKernel: RegisteredKernel = {
  name: "BasinLossGradient",
  run(kernels, inputs, attributes) {
    const z = input(inputs, "z");
    const targets = input(inputs, "targets");
    const scale = inputs["scale"];
    const [runs, samples, width] = axes3(z);
    const losses = kernels.output([runs]);
    const gradient = flagAttribute(attributes, "gradient") ? kernels.output([runs, samples, width]) : null;
    kernels.call.lossGradient(
      numberAttribute(attributes, "loss"),
      kernels.at(z),
      kernels.at(targets),
      gradient ? kernels.at(gradient) : 0,
      kernels.at(losses),
      runs,
      samples,
      width,
      scale ? kernels.at(scale) : 0,
    );
    return gradient ? [losses, gradient] : [losses];
  },
};
