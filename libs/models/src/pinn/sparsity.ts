import { meanPerRun } from "@basin/engine";
import type { Expression, SparsityTerm } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { expressionTensor } from "./expression-tensors";
import { need, symbolValues, type SymbolSources } from "./symbol-values";

/** An unknown [runs, 1, 1] with the size of what it multiplies, [runs, 1, 1]. */
export interface UnknownSize {
  unknown: string;
  value: tf.Tensor3D;
  scale: tf.Tensor3D;
}

/** In the order of the term. Call within tf.tidy. */
export function unknownSizes({ of, grid }: SparsityTerm, sources: SymbolSources): UnknownSize[] {
  return of.map(({ unknown, factor }) => {
    const value = need(sources.unknowns.get(unknown));
    return { unknown, value, scale: factor ? rms(factor, grid, sources) : tf.onesLike(value) };
  });
}

/**
 * 1 for each unknown whose |c|·rms(f) reaches the threshold [runs, 1, 1] times the rms of `relativeTo`, else 0; in the order of the term,
 * [runs, 1, 1] each. Call within tf.tidy.
 */
export function keptUnknowns(term: SparsityTerm, sources: SymbolSources, threshold: tf.Tensor3D): tf.Tensor3D[] {
  if (!term.prune) return [];
  const least = tf.mul(rms(term.prune.relativeTo, term.grid, sources), threshold);
  return unknownSizes(term, sources).map(({ value, scale }) =>
    tf.cast<tf.Tensor3D>(tf.greaterEqual(tf.mul(tf.abs(value), scale), least), "float32"),
  );
}

/** Root of the mean square over the points of the grid, [runs, 1, 1]. */
function rms(expression: Expression, grid: number, sources: SymbolSources): tf.Tensor3D {
  const runs = sources.progress.shape[0];
  const values = expressionTensor(expression, symbolValues(sources, grid, null));
  if (typeof values === "number") return tf.fill([runs, 1, 1], Math.abs(values));
  const all = values.shape[0] === runs ? values : tf.tile<tf.Tensor3D>(values, [runs, 1, 1]);
  return tf.reshape(tf.sqrt(meanPerRun(tf.square(all))), [runs, 1, 1]);
}
