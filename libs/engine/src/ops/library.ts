import type * as tf from "@tensorflow/tfjs-core";
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import { axes3, input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel, WasmKernels } from "../kernels/wasm-kernels";
import { outputAt, runKernel } from "./native-kernel";

/** Where a library of terms is taken: variables [runs, samples, variables] with their sines and cosines. */
export interface LibraryPlace {
  /** [factors, 1 + 4·variables, terms], ones and zeros: which column of the base [1, v, sin v, cos v, v/(v² + softening)] a term's factor is. */
  selections: tf.Tensor3D;
  softening: number;
  variables: tf.Tensor3D;
  sine: tf.Tensor3D;
  cosine: tf.Tensor3D;
}

/** The terms [runs, samples, terms], products of their factors, and those for `libraryGradient`. Only where `hasKernels()`. The caller owns both. */
export function libraryTerms({ softening, ...tensors }: LibraryPlace): { theta: tf.Tensor3D; factors: tf.Tensor } {
  const outputs = runKernel("BasinLibraryForward", { ...tensors }, { softening });
  return { theta: outputAt<tf.Rank.R3>(outputs, 0), factors: outputAt(outputs, 1) };
}

/** The gradient by the variables from that by the terms. Only where `hasKernels()`. The caller owns it. */
export function libraryGradient({ softening, ...tensors }: LibraryPlace, factors: tf.Tensor, gradient: tf.Tensor3D): tf.Tensor3D {
  return outputAt<tf.Rank.R3>(runKernel("BasinLibraryBackward", { ...tensors, factors, gradient }, { softening }), 0);
}

/** Columns of the base for one variable, beside the constant. */
const functions = 4;

interface LibraryInputs {
  tensors: readonly TensorInfo[];
  /** runs, samples, variables, terms, factors of a term, softening: as the kernels take them. */
  sizes: readonly [number, number, number, number, number, number];
  columns: number;
}

function libraryInputs(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): LibraryInputs {
  const tensors = ["variables", "sine", "cosine", "selections"].map((name) => input(inputs, name));
  const [runs, samples, variables] = axes3(input(inputs, "variables"));
  const [longest, , terms] = axes3(input(inputs, "selections"));
  const sizes = [runs, samples, variables, terms, longest, numberAttribute(attributes, "softening")] as const;
  return { tensors, sizes, columns: 1 + functions * variables };
}

function addresses(kernels: WasmKernels, tensors: readonly TensorInfo[]): number[] {
  return tensors.map((tensor) => kernels.at(tensor));
}

/**
 * Inputs variables, sine and cosine [runs, samples, variables], selections [factors, 1 + 4·variables, terms]; attribute `softening`;
 * outputs theta [runs, samples, terms] and the factors [runs, factors, samples, terms].
 */
export const libraryForwardKernel: RegisteredKernel = {
  name: "BasinLibraryForward",
  run(kernels, inputs, attributes) {
    const { tensors, sizes, columns } = libraryInputs(inputs, attributes);
    const [runs, samples, , terms, longest] = sizes;
    const theta = kernels.output([runs, samples, terms]);
    const factors = kernels.output([runs, longest, samples, terms]);
    const base = kernels.scratch(4 * samples * columns);
    kernels.call.libraryForward(...addresses(kernels, [...tensors, theta, factors]), ...sizes, base);
    return [theta, factors];
  },
};

/** Inputs as of the forward pass, its `factors`, and `gradient` [runs, samples, terms] by theta; output the gradient by the variables. */
export const libraryBackwardKernel: RegisteredKernel = {
  name: "BasinLibraryBackward",
  run(kernels, inputs, attributes) {
    const { tensors, sizes, columns } = libraryInputs(inputs, attributes);
    const [, samples, , terms] = sizes;
    const out = kernels.output(input(inputs, "variables").shape);
    const work = kernels.scratch(4 * (samples * terms + columns * terms + 2 * samples * columns));
    const all = [...tensors, input(inputs, "factors"), input(inputs, "gradient"), out];
    kernels.call.libraryBackward(...addresses(kernels, all), ...sizes, work);
    return out;
  },
};
