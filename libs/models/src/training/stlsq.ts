import { leastSquares } from "@basin/numerics";

export interface StlsqOptions {
  threshold: number;
  ridge: number;
  maxIterations: number;
}

/**
 * Sequentially thresholded least squares (S. L. Brunton, J. L. Proctor, J. N. Kutz, PNAS 113 (2016)): ridge fits of `target` [samples] by the
 * columns of `theta` [samples, terms], coefficients below the threshold leaving after each, until none leaves or after `maxIterations`; then
 * the rest are fitted without ridge, so that they are not biased, again until none leaves: what is left is at or above the threshold. Returns
 * the coefficients after each fit, the last being the answer.
 */
export function stlsq(theta: Float64Array, target: Float64Array, terms: number, options: StlsqOptions): Float64Array[] {
  const { threshold, ridge, maxIterations } = options;
  let active = Array.from({ length: terms }, (_, k) => k);
  const history: Float64Array[] = [];
  const settles = (weight: number): boolean => {
    const fitted = fit(theta, target, terms, active, weight);
    const kept = active.filter((k) => Math.abs(fitted[k] ?? 0) >= threshold);
    history.push(fitted.map((value, k) => (kept.includes(k) ? value : 0)));
    const settled = kept.length === active.length;
    active = kept;
    return settled;
  };
  for (let i = 0; i < maxIterations; i++) if (settles(ridge)) break;
  while (!settles(0));
  return history;
}

function fit(theta: Float64Array, target: Float64Array, terms: number, active: readonly number[], ridge: number): Float64Array {
  const all = new Float64Array(terms);
  if (active.length === 0) return all;
  const columns = new Float64Array(target.length * active.length);
  for (let i = 0; i < target.length; i++) {
    active.forEach((k, c) => (columns[i * active.length + c] = theta[i * terms + k] ?? Number.NaN));
  }
  leastSquares(columns, target, active.length, ridge).forEach((value, c) => (all[active[c] ?? 0] = value));
  return all;
}
