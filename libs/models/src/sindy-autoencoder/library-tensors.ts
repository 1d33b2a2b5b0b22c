import { hasKernels, libraryGradient, libraryTerms, type LibraryPlace } from "@basin/engine";
import { baseFunctions, reciprocalSoftening, type Library } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { product } from "../derivative-propagation/product";

/**
 * A library as selections: each term is the product of as many columns of the base [1, v, sin v, cos v, 1/v], and √|v| where a term has it, as the longest term has
 * factors, shorter ones padded with 1. selections [factors, columns, terms]: the j-th factors are picked by a product with the j-th ones and zeros.
 */
export interface LibraryTensors {
  variables: number;
  /** Whether a term has a square root, which the kernels do not know. */
  roots: boolean;
  selections: tf.Tensor3D;
}

/** The caller disposes `selections`. */
export function libraryTensors(library: Library): LibraryTensors {
  const variables = library.variables.length;
  const { terms } = library;
  const roots = terms.some(({ factors }) => factors.some(({ base }) => base === "square-root"));
  const columns = 1 + (roots ? baseFunctions.length : baseFunctions.length - 1) * variables;
  const longest = Math.max(1, ...terms.map(({ factors }) => factors.length));
  const values = new Float32Array(longest * columns * terms.length);
  terms.forEach(({ factors }, k) => {
    for (let j = 0; j < longest; j++) {
      const factor = factors[j];
      const column = factor ? 1 + baseFunctions.indexOf(factor.base) * variables + factor.variable : 0;
      values[(j * columns + column) * terms.length + k] = 1;
    }
  });
  return { variables, roots, selections: tf.tensor3d(values, [longest, columns, terms.length]) };
}

/** Where a library is taken; the roots of the variables where a term has one. */
type Place = LibraryPlace & { root?: tf.Tensor3D };

export interface LibraryTrace {
  /** Θ [runs, samples, terms]. */
  theta: tf.Tensor3D;
  place: Place;
  /** One tensor for each factor, or one [runs, factors, samples, terms] where kernels take the whole library. */
  factors: readonly tf.Tensor3D[] | tf.Tensor;
}

/** Θ at the variables [runs, samples, variables]. Call within tf.tidy. */
export function libraryForward({ selections, roots }: LibraryTensors, variables: tf.Tensor3D): LibraryTrace {
  const sine = tf.sin(variables);
  const cosine = tf.cos(variables);
  const place = { selections, softening: reciprocalSoftening, variables, sine, cosine };
  if (roots) {
    const root = tf.sqrt(tf.sqrt(tf.add<tf.Tensor3D>(tf.square(variables), reciprocalSoftening)));
    return { place: { ...place, root }, ...composedTerms({ ...place, root }) };
  }
  if (hasKernels()) return { place, ...libraryTerms(place) };
  return { place, ...composedTerms(place) };
}

/** The gradient by the variables from that by Θ. Call within tf.tidy. */
export function libraryBackward({ place, factors }: LibraryTrace, gradient: tf.Tensor3D): tf.Tensor3D {
  return factors instanceof tf.Tensor ? libraryGradient(place, factors, gradient) : composedGradient(place, factors, gradient);
}

/** `libraryTerms` for backends without our kernels. */
export function composedTerms({ selections, softening, variables, sine, cosine, root }: Place): {
  theta: tf.Tensor3D;
  factors: tf.Tensor3D[];
} {
  const [runs, samples] = variables.shape;
  const soft: tf.Tensor3D = tf.div(variables, tf.add(tf.square(variables), softening));
  const base = tf.concat3d([tf.ones([runs, samples, 1]), variables, sine, cosine, soft, ...(root ? [root] : [])], 2);
  const factors = each(selections).map((selection) => product(base, selection));
  return { theta: factors.reduce((product, factor) => tf.mul(product, factor)), factors };
}

/** `libraryGradient` likewise. */
export function composedGradient(
  { selections, softening, variables, sine, cosine, root }: Place,
  factors: readonly tf.Tensor3D[],
  gradient: tf.Tensor3D,
): tf.Tensor3D {
  let base: tf.Tensor3D | null = null;
  each(selections).forEach((selection, j) => {
    const others = factors.filter((_, i) => i !== j).reduce((product, factor) => tf.mul(product, factor), gradient);
    const part: tf.Tensor3D = product(others, selection, false, true);
    base = base ? tf.add(base, part) : part;
  });
  const [runs, samples, count] = variables.shape;
  const of = (i: number): tf.Tensor3D => tf.slice3d(base ?? gradient, [0, 0, 1 + i * count], [runs, samples, count]);
  const square = tf.square(variables);
  const below = tf.square(tf.add(square, softening));
  const softSlope = tf.div(tf.sub(softening, square), below);
  const viaSine = tf.mul(of(1), cosine);
  const viaCosine = tf.mul(of(2), sine);
  const smooth: tf.Tensor3D = tf.add(tf.sub(tf.add(of(0), viaSine), viaCosine), tf.mul(of(3), softSlope));
  if (!root) return smooth;
  // (v² + δ)^¼ has the slope ½v/(v² + δ)^¾.
  const rootSlope = tf.div(tf.mul(variables, 0.5), tf.mul(tf.square(root), root));
  return tf.add(smooth, tf.mul(of(4), rootSlope));
}

/** The selections one by one, [1, columns, terms] each. */
function each(selections: tf.Tensor3D): tf.Tensor3D[] {
  return tf.split<tf.Tensor3D>(selections, selections.shape[0]);
}
