import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { axes3, flagAttribute, input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
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

/** Inputs x [runs,m,k], weight [runs,k,n], bias [runs,1,n]; attributes `activation` (its number) and `slope`; outputs y and, if wanted, f′. */
export const denseForwardKernel: RegisteredKernel = {
  name: "BasinDenseForward",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const weight = input(inputs, "weight");
    const bias = input(inputs, "bias");
    const [runs, m, k] = axes3(x);
    const [, , n] = axes3(weight);
    const y = kernels.output([runs, m, n]);
    const slope = flagAttribute(attributes, "slope") ? kernels.output([runs, m, n]) : null;
    kernels.call.denseForward(
      numberAttribute(attributes, "activation"),
      kernels.at(x),
      kernels.at(weight),
      kernels.at(bias),
      kernels.at(y),
      slope ? kernels.at(slope) : 0,
      runs,
      m,
      k,
      n,
      kernels.scratch(48),
    );
    return slope ? [y, slope] : [y];
  },
};

/** Floats that the kernel needs beside its inputs and outputs. */
export function denseBackwardScratch(m: number, k: number, n: number): number {
  return m * n + k * n;
}

/**
 * Inputs dOutput [runs,m,n], slope (the same, left out for a linear layer), x [runs,m,k], weight [runs,k,n]; attribute
 * `wantInput`; outputs the gradients of weight, bias [runs,1,n] and, if wanted, x.
 */
export const denseBackwardKernel: RegisteredKernel = {
  name: "BasinDenseBackward",
  run(kernels, inputs, attributes) {
    const dOutput = input(inputs, "dOutput");
    const x = input(inputs, "x");
    const weight = input(inputs, "weight");
    const slope = inputs["slope"];
    const [runs, m, n] = axes3(dOutput);
    const [, , k] = axes3(x);
    const dWeight = kernels.output([runs, k, n]);
    const dBias = kernels.output([runs, 1, n]);
    const dInput = flagAttribute(attributes, "wantInput") ? kernels.output([runs, m, k]) : null;
    kernels.call.denseBackward(
      kernels.at(dOutput),
      slope ? kernels.at(slope) : 0,
      kernels.at(x),
      kernels.at(weight),
      kernels.at(dWeight),
      kernels.at(dBias),
      dInput ? kernels.at(dInput) : 0,
      runs,
      m,
      k,
      n,
      kernels.scratch(denseBackwardScratch(m, k, n) * 4),
    );
    return dInput ? [dWeight, dBias, dInput] : [dWeight, dBias];
  },
};
