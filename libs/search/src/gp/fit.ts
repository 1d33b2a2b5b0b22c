import { exponential, logarithm, minimizeLbfgs } from "@basin/numerics";
import { cholesky, inverseOf, rowStart, solveLower, solveUpper } from "./cholesky";
import { matern, maternSlope, type KernelParameters, type PointSpace } from "./kernel";

/** What a Gaussian process is fitted to: points, values (mean 0, deviation 1) and what is known of their noise. */
export interface Observed {
  points: readonly Float64Array[];
  values: Float64Array;
  /** The variance of each value's noise; null: it is the same for all, and fitted. */
  noise: Float64Array | null;
}

export interface Fitted extends KernelParameters {
  /** Of each value; at least 1e-6. */
  noise: Float64Array;
}

/** Below it a factor is lost to rounding. */
export const leastNoise = 1e-6;
const mostEvaluations = 60;

/**
 * −log p(values) − log of the priors, and its gradient by the logarithms of w_1 … w_d, s and, where it is fitted, the noise
 * (Rasmussen and Williams, eq. 5.8 and 5.9). Priors as Optuna 5's GPSampler has them: −Σ(0.1/w + 0.1 w), Gamma(2, 1) of s, Gamma(1.1, 30) of the noise,
 * as densities over the parameters themselves, without their constants.
 */
export function negativeLogPosterior(
  space: PointSpace,
  observed: Observed,
  logs: Float64Array,
): { value: number; gradient: Float64Array } {
  const { points, values } = observed;
  const [n, d] = [values.length, space.axes];
  const all = logs.map(exponential);
  const weights = all.subarray(0, d);
  const scale = all[d] as number;
  const fittedNoise = observed.noise ? 0 : (all[d + 1] as number);
  const squares = new Float64Array(rowStart(n));
  const factor = cholesky(n, (i, row) => {
    const a = points[i] as Float64Array;
    for (let j = 0; j < i; j++) {
      const square = space.square(a, points[j] as Float64Array, weights);
      squares[rowStart(i) + j] = square;
      row[j] = scale * matern(square);
    }
    row[i] = scale + leastNoise + (observed.noise ? (observed.noise[i] as number) : fittedNoise);
  });
  const w = solveLower(factor, Float64Array.from(values));
  const alpha = solveUpper(factor, Float64Array.from(w));
  let value = 0.5 * n * logarithm(2 * Math.PI);
  for (let i = 0; i < n; i++) value += 0.5 * (w[i] as number) * (w[i] as number) + logarithm(factor[rowStart(i) + i] as number);
  const inverse = inverseOf(factor, n);
  const gradient = new Float64Array(logs.length);
  let byNoise = 0;
  for (let i = 0; i < n; i++) {
    const a = points[i] as Float64Array;
    const own = alpha[i] as number;
    const at = rowStart(i);
    const diagonal = 0.5 * ((inverse[at + i] as number) - own * own);
    gradient[d] = (gradient[d] as number) + diagonal * scale;
    byNoise += diagonal;
    for (let j = 0; j < i; j++) {
      const b = points[j] as Float64Array;
      const share = (inverse[at + j] as number) - own * (alpha[j] as number);
      const square = squares[at + j] as number;
      gradient[d] = gradient[d] + share * scale * matern(square);
      const slope = share * scale * maternSlope(square);
      for (let k = 0; k < d; k++) gradient[k] = (gradient[k] as number) + slope * (weights[k] as number) * space.gap(a, b, k);
    }
  }
  for (let k = 0; k < d; k++) {
    const weight = weights[k] as number;
    value += 0.1 / weight + 0.1 * weight;
    gradient[k] = (gradient[k] as number) + 0.1 * weight - 0.1 / weight;
  }
  value -= logarithm(scale) - scale;
  gradient[d] = (gradient[d] as number) + scale - 1;
  if (!observed.noise) {
    value -= 0.1 * logarithm(fittedNoise) - 30 * fittedNoise;
    gradient[d + 1] = byNoise * fittedNoise + 30 * fittedNoise - 0.1;
  }
  return { value, gradient };
}

/** Lengths, variance and noise of greatest posterior, by L-BFGS from lengths and a variance of 1: the same for the same observations. */
export function fitProcess(space: PointSpace, observed: Observed): Fitted {
  const d = space.axes;
  const start = new Float64Array(d + (observed.noise ? 1 : 2));
  if (!observed.noise) start[d + 1] = logarithm(0.01);
  const { point } = minimizeLbfgs((logs) => negativeLogPosterior(space, observed, logs), start, {
    gradientTolerance: 1e-2,
    maxEvaluations: mostEvaluations,
  });
  const all = point.map((log) => exponential(Math.max(-30, Math.min(30, log))));
  const fitted = observed.noise ?? new Float64Array(observed.values.length).fill(all[d + 1] ?? 0);
  return { weights: all.slice(0, d), scale: all[d] ?? 1, noise: fitted.map((noise) => leastNoise + noise) };
}
