import type * as tf from "@tensorflow/tfjs-core";
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
