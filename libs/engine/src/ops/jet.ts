import type { ActivationName } from "@basin/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import { flowsToInputs } from "../kernels/jet-backward";
import { activationNumber } from "./activation";
import { outputAt, runKernel } from "./native-kernel";

/** Activations whose f″ and f‴ the kernels have. */
export type JetActivation = Extract<ActivationName, "tanh" | "sigmoid" | "elu" | "sine" | "swish">;

/** A forward pass through dense layers, the last one linear, of values and of their derivatives along directions. */
export interface JetPass {
  activation: JetActivation;
  /** Weight [runs, in, out] and bias [runs, 1, out] of each layer in turn. */
  parameters: readonly tf.Tensor3D[];
  /** [runs, samples, in] each: the values, their first derivatives by one direction after the other, and a second one for each of `pairs`. */
  jet: readonly tf.Tensor3D[];
  /** The two directions, counted from 0, of each second derivative; a mixed one stands once. Its first derivatives are in the jet. */
  pairs: readonly (readonly [number, number])[];
}

/**
 * A ← f(AW + b), A_i ← f′∘U_i, A_ij ← f″∘U_i∘U_j + f′∘V_ij with U_i = A_iW, V_ij = A_ijW, as one kernel for all layers, and what
 * `jetBackward` needs of it. Outputs that are not wanted are null. Only where `hasKernels()`. The caller owns the outputs and the trace.
 */
export function jetForward(
  { activation, parameters, jet, pairs }: JetPass,
  wanted: readonly boolean[],
): { output: (tf.Tensor3D | null)[]; trace: tf.Tensor } {
  const computed = jet.map((_, i) => wanted[i] === true);
  const outputs = runKernel("BasinJetForward", named(parameters, jet), {
    layers: parameters.length / 2,
    activation: activationNumber(activation),
    pairs: pairs.flat(),
    wanted: computed.map(Number),
  });
  return { output: inPlaces(outputs, computed), trace: outputAt(outputs, outputs.length - 1) };
}

/**
 * The gradients by the parameters, in their order, and, if wanted, by the jet, from those by the outputs (null: none flows there, in
 * either direction). `trace` is that of the forward pass. Only where `hasKernels()`. The caller owns the outputs.
 */
export function jetBackward(
  { activation, parameters, jet, pairs }: JetPass,
  trace: tf.Tensor,
  gradients: readonly (tf.Tensor3D | null)[],
  wantInput: boolean,
): { parameters: tf.Tensor3D[]; input: (tf.Tensor3D | null)[] } {
  const upstream = Object.fromEntries(jet.map((_, i) => [`g${i}`, gradients[i] ?? null]));
  const outputs = runKernel(
    "BasinJetBackward",
    { ...named(parameters, jet), trace, ...upstream },
    { layers: parameters.length / 2, activation: activationNumber(activation), pairs: pairs.flat(), wantInput },
  );
  const flows = flowsToInputs(
    jet.map((_, i) => Boolean(gradients[i])),
    pairs.map(([a, b]) => [1 + a, 1 + b] as const),
    parameters.length / 2,
  );
  return {
    parameters: parameters.map((_, i) => outputAt<tf.Rank.R3>(outputs, i)),
    input: inPlaces(
      outputs.slice(parameters.length),
      flows.map((flow) => flow && wantInput),
    ),
  };
}

function named(parameters: readonly tf.Tensor3D[], jet: readonly tf.Tensor3D[]): Record<string, tf.Tensor> {
  return Object.fromEntries([
    ...parameters.map((array, i) => [`${i % 2 === 0 ? "weight" : "bias"}${Math.floor(i / 2)}`, array] as const),
    ...jet.map((values, i) => [`x${i}`, values] as const),
  ]);
}

/** The tensors in the places that are there, null in the others. */
function inPlaces(tensors: readonly tf.Tensor[], there: readonly boolean[]): (tf.Tensor3D | null)[] {
  let next = 0;
  return there.map((is) => (is ? outputAt<tf.Rank.R3>(tensors, next++) : null));
}
