import type { ActivationName } from "@basin/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { chunkBytes, jetLayers, recordBytes, wholeVectors, writeRecords } from "../kernels/jet-layers";
import { flagAttribute, input, listAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
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

/**
 * Inputs weightℓ [runs, k, n] and biasℓ [runs, 1, n] for every layer ℓ, x0, x1 … [runs, m, k], values, first and second derivatives;
 * attributes `layers`, `activation` (its number), `pairs` (two directions, from 0, for each second derivative) and `wanted` (a 1 for each
 * output to be computed); outputs these, and the trace for the backward pass.
 */
export const jetForwardKernel: RegisteredKernel = {
  name: "BasinJetForward",
  run(kernels, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { activation, layers, jet, firsts, runs, m, traceFloats } = network;
    const wanted = listAttribute(attributes, "wanted");
    const shape = [runs, m, layers.at(-1)?.n ?? 0];
    const outputs = jet.map((_, s) => (wanted[s] ? kernels.output(shape) : null));
    const trace = kernels.output([runs, Math.max(1, traceFloats)]);
    const bytes = recordBytes(network);
    const streams = kernels.scratch(bytes.streams + bytes.layers + 48 + chunkBytes);
    const table = streams + bytes.streams;
    writeRecords(kernels, streams, network, trace, { outputs: outputs.map((output) => (output ? kernels.at(output) : 0)) });
    kernels.call.jetForward(
      activation,
      streams,
      firsts,
      jet.length,
      table,
      layers.length,
      runs,
      m,
      4 * traceFloats,
      table + bytes.layers,
    );
    return [...outputs.flatMap((output) => output ?? []), trace];
  },
};

/**
 * Inputs as of the forward pass, its `trace`, and g0, g1 … [runs, m, n], the gradients by its outputs, where any flows; attributes
 * `layers`, `activation`, `pairs`, `wantInput`; outputs the gradients of weight and bias layer by layer, then, if wanted, of those
 * inputs that any flows to.
 */
export const jetBackwardKernel: RegisteredKernel = {
  name: "BasinJetBackward",
  run(kernels, inputs, attributes) {
    const network = jetLayers(inputs, attributes);
    const { activation, layers, jet, firsts, pairs, runs, m, traceFloats } = network;
    const parameters = layers.map(({ weight, bias }) => [kernels.output(weight.shape), kernels.output(bias.shape)] as const);
    const upstream = jet.map((_, s) => inputs[`g${s}`] ?? null);
    const flows = flowsToInputs(
      upstream.map((g) => g !== null),
      pairs,
      layers.length,
    );
    const wantInput = flagAttribute(attributes, "wantInput");
    const byInputs = jet.map(({ shape }, s) => (wantInput && flows[s] ? kernels.output(shape) : null));
    const weights = wholeVectors(Math.max(...layers.map(({ k, n }) => k * n)));
    const widest = wholeVectors(m * Math.max(...layers.flatMap(({ k, n }) => [k, n])));
    const bytes = recordBytes(network);
    const space = 2 * chunkBytes + 4 * (2 * weights + 2 * jet.length * widest);
    const streams = kernels.scratch(bytes.streams + bytes.layers + space);
    const table = streams + bytes.streams;
    const at = (tensor: TensorInfo | null): number => (tensor ? kernels.at(tensor) : 0);
    writeRecords(kernels, streams, network, input(inputs, "trace"), {
      upstream: upstream.map(at),
      byInputs: byInputs.map(at),
      gradients: parameters.map(([weight, bias]) => [kernels.at(weight), kernels.at(bias)] as const),
    });
    kernels.call.jetBackward(
      activation,
      streams,
      firsts,
      jet.length,
      table,
      layers.length,
      runs,
      m,
      4 * traceFloats,
      4 * weights,
      4 * widest,
      table + bytes.layers,
    );
    return [...parameters.flat(), ...byInputs.flatMap((gradient) => gradient ?? [])];
  },
};

/**
 * Which entries of the input jet a gradient reaches from those of the output: through an activation a derivative passes it on to the values and,
 * if it is a second one (`pairs`: by which entries), to the first ones that it is by.
 */
function flowsToInputs(outputs: readonly boolean[], pairs: readonly (readonly [number, number])[], layers: number): boolean[] {
  if (layers === 1) return [...outputs];
  const firsts = outputs.length - 1 - pairs.length;
  return outputs.map((own, s) => {
    if (s === 0) return outputs.includes(true);
    return own || pairs.some((pair, p) => pair.includes(s) && outputs[1 + firsts + p] === true);
  });
}
