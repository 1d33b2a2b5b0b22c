import { baseFunctions, reciprocalSoftening, type Library } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { product } from "../derivative-propagation/product";

/**
 * A library as selections: each term is the product of as many columns of the base [1, v, sin v, cos v, 1/v] as the longest term has
 * factors, shorter ones padded with 1. `selections[j]` [1, columns, terms] picks the j-th factors by a product with ones and zeros.
 */
export interface LibraryTensors {
  variables: number;
  selections: readonly tf.Tensor3D[];
}

/** The caller disposes `selections`. */
export function libraryTensors(library: Library): LibraryTensors {
  const variables = library.variables.length;
  const columns = 1 + baseFunctions.length * variables;
  const { terms } = library;
  const longest = Math.max(1, ...terms.map(({ factors }) => factors.length));
  const selections = Array.from({ length: longest }, (_, j) => {
    const values = new Float32Array(columns * terms.length);
    terms.forEach(({ factors }, k) => {
      const factor = factors[j];
      const column = factor ? 1 + baseFunctions.indexOf(factor.base) * variables + factor.variable : 0;
      values[column * terms.length + k] = 1;
    });
    return tf.tensor3d(values, [1, columns, terms.length]);
  });
  return { variables, selections };
}

export interface LibraryTrace {
  /** Θ [runs, samples, terms]. */
  theta: tf.Tensor3D;
  sine: tf.Tensor3D;
  cosine: tf.Tensor3D;
  variables: tf.Tensor3D;
  factors: readonly tf.Tensor3D[];
}

/** Θ at the variables [runs, samples, variables]. Call within tf.tidy. */
export function libraryForward({ selections }: LibraryTensors, variables: tf.Tensor3D): LibraryTrace {
  const sine = tf.sin(variables);
  const cosine = tf.cos(variables);
  const [runs, samples] = variables.shape;
  const soft: tf.Tensor3D = tf.div(variables, tf.add(tf.square(variables), reciprocalSoftening));
  const base = tf.concat3d([tf.ones([runs, samples, 1]), variables, sine, cosine, soft], 2);
  const factors = selections.map((selection) => product(base, selection));
  return { theta: factors.reduce((product, factor) => tf.mul(product, factor)), sine, cosine, variables, factors };
}

/** The gradient by the variables from that by Θ. Call within tf.tidy. */
export function libraryBackward(
  { selections, variables: count }: LibraryTensors,
  { sine, cosine, variables, factors }: LibraryTrace,
  gradient: tf.Tensor3D,
): tf.Tensor3D {
  let base: tf.Tensor3D | null = null;
  selections.forEach((selection, j) => {
    const others = factors.filter((_, i) => i !== j).reduce((product, factor) => tf.mul(product, factor), gradient);
    const part: tf.Tensor3D = product(others, selection, false, true);
    base = base ? tf.add(base, part) : part;
  });
  const [runs, samples] = variables.shape;
  const of = (i: number): tf.Tensor3D => tf.slice3d(base ?? gradient, [0, 0, 1 + i * count], [runs, samples, count]);
  const square = tf.square(variables);
  const below = tf.square(tf.add(square, reciprocalSoftening));
  const softSlope = tf.div(tf.sub(reciprocalSoftening, square), below);
  const viaSine = tf.mul(of(1), cosine);
  const viaCosine = tf.mul(of(2), sine);
  return tf.add(tf.sub(tf.add(of(0), viaSine), viaCosine), tf.mul(of(3), softSlope));
}
