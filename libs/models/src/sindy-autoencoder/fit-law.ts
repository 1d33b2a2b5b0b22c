import type { Library } from "@basin/problems";
import { evaluateTerms } from "@basin/problems";
import { stlsq } from "../training/stlsq";

/** As in the family `sindy`. */
const ridge = 0.05;
const maxIterations = 20;

/**
 * Coefficients [terms, latentWidth] of the law of latent variables z [samples, latentWidth], whose highest derivative is `top`, by sequentially
 * thresholded least squares, equation by equation; 0 where a term is not part of it. With velocities in the library `rate` is read, too.
 */
export function fitLaw(
  library: Library,
  latentWidth: number,
  { z, rate, top }: { z: Float32Array; rate: Float32Array; top: Float32Array },
  threshold: number,
): Float64Array {
  const samples = z.length / latentWidth;
  const terms = library.terms.length;
  const withVelocities = library.variables.length > latentWidth;
  const theta = new Float64Array(samples * terms);
  const row: number[] = [];
  for (let i = 0; i < samples; i++) {
    const own = (values: Float32Array): number[] => [...values.subarray(i * latentWidth, (i + 1) * latentWidth)];
    evaluateTerms(library, withVelocities ? [...own(z), ...own(rate)] : own(z), row);
    theta.set(row, i * terms);
  }
  const coefficients = new Float64Array(terms * latentWidth);
  for (let equation = 0; equation < latentWidth; equation++) {
    const target = Float64Array.from({ length: samples }, (_, i) => top[i * latentWidth + equation] ?? Number.NaN);
    const found = stlsq(theta, target, terms, { threshold, ridge, maxIterations }).at(-1) ?? new Float64Array(terms);
    found.forEach((value, k) => (coefficients[k * latentWidth + equation] = value));
  }
  return coefficients;
}
