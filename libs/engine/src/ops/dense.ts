import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { activationNumber, composedActivation } from "./activation";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/**
 * y = f(x·weight + bias) for every run: x [runs, samples, in], weight [runs, in, out], bias [runs, 1, out] → [runs, samples, out].
 * `slope` is f′ at the same places when wanted, and null for a linear layer. The caller owns the outputs.
 */
export function denseForward(
  activation: ActivationName,
  x: tf.Tensor3D,
  weight: tf.Tensor3D,
  bias: tf.Tensor3D,
  wantSlope: boolean,
): { output: tf.Tensor3D; slope: tf.Tensor3D | null } {
  const slopeToo = wantSlope && activation !== "linear";
  if (hasKernels()) {
    const outputs = runKernel(
      "BasinDenseForward",
      { x, weight, bias },
      { activation: activationNumber(activation), slope: slopeToo },
    );
    return { output: outputAt<tf.Rank.R3>(outputs, 0), slope: slopeToo ? outputAt<tf.Rank.R3>(outputs, 1) : null };
  }
  const composed = tf.tidy(() => {
    const both = composedActivation(activation, tf.add(tf.matMul(x, weight), bias));
    return slopeToo && both.slope ? [both.output, both.slope] : [both.output];
  });
  return { output: outputAt<tf.Rank.R3>(composed, 0), slope: slopeToo ? outputAt<tf.Rank.R3>(composed, 1) : null };
}

/**
 * Gradients of a dense layer from dOutput = ∂loss/∂y and what the forward pass kept. `input` is null unless wanted.
 * The caller owns the outputs.
 */
export function denseBackward(
  dOutput: tf.Tensor3D,
  slope: tf.Tensor3D | null,
  x: tf.Tensor3D,
  weight: tf.Tensor3D,
  wantInput: boolean,
): { weight: tf.Tensor3D; bias: tf.Tensor3D; input: tf.Tensor3D | null } {
  const outputs = hasKernels()
    ? runKernel("BasinDenseBackward", { dOutput, slope, x, weight }, { wantInput })
    : tf.tidy((): tf.Tensor[] => {
        const g = slope ? tf.mul<tf.Tensor3D>(dOutput, slope) : dOutput;
        const parameters = [tf.matMul(x, g, true, false), tf.sum<tf.Tensor3D>(g, 1, true)];
        return wantInput ? [...parameters, tf.matMul(g, weight, false, true)] : parameters;
      });
  return {
    weight: outputAt<tf.Rank.R3>(outputs, 0),
    bias: outputAt<tf.Rank.R3>(outputs, 1),
    input: wantInput ? outputAt<tf.Rank.R3>(outputs, 2) : null,
  };
}
