import { exponential, logarithm, symmetricEigen } from "@basin/numerics";

/** The constants of one strategy, by its dimension and population (N. Hansen, "The CMA evolution strategy: a tutorial", arXiv:1604.00772, eq. 48–58). */
export interface StrategyConstants {
  dimension: number;
  population: number;
  /** Of the samples from best to worst; negative for the worse half. */
  weights: Float64Array;
  muEffective: number;
  c1: number;
  cMu: number;
  cSigma: number;
  dSigma: number;
  cc: number;
  /** The expected length of a standard normal vector. */
  chi: number;
}

/** Samples of a generation: 4 + ⌊3 ln d⌋. */
export function defaultPopulation(dimension: number): number {
  return 4 + Math.floor(3 * logarithm(dimension));
}

export function strategyConstants(dimension: number, population: number): StrategyConstants {
  const d = dimension;
  const raw = Array.from({ length: population }, (_, i) => logarithm((population + 1) / 2) - logarithm(i + 1));
  const better = raw.slice(0, Math.floor(population / 2));
  const worse = raw.slice(better.length);
  const sum = (values: readonly number[], of: (value: number) => number): number =>
    values.reduce((total, value) => total + of(value), 0);
  const effective = (values: readonly number[]): number => sum(values, (w) => w) ** 2 / sum(values, (w) => w * w);
  const muEffective = effective(better);
  const c1 = 2 / ((d + 1.3) * (d + 1.3) + muEffective);
  const cMu = Math.min(1 - c1 - 1e-8, (2 * (muEffective - 2 + 1 / muEffective)) / ((d + 2) * (d + 2) + muEffective));
  const greatestNegative = Math.min(1 + c1 / cMu, 1 + (2 * effective(worse)) / (muEffective + 2), (1 - c1 - cMu) / (d * cMu));
  const positive = sum(raw, (w) => Math.max(0, w));
  const negative = sum(raw, (w) => Math.max(0, -w));
  const cSigma = (muEffective + 2) / (d + muEffective + 5);
  return {
    dimension,
    population,
    weights: Float64Array.from(raw, (w) => (w >= 0 ? w / positive : (greatestNegative * w) / negative)),
    muEffective,
    c1,
    cMu,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEffective - 1) / (d + 1)) - 1) + cSigma,
    cc: (4 + muEffective / d) / (d + 4 + (2 * muEffective) / d),
    chi: Math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d)),
  };
}

/** A normal distribution over [0, 1]^d that samples are drawn from, mean + σ·A·C^½·z, and the paths by which it adapts. */
export interface Distribution {
  mean: Float64Array;
  sigma: number;
  /** C, row-major [d, d]. */
  covariance: Float64Array;
  /** The diagonal of A, by which the margin widens single axes. */
  scale: Float64Array;
  pathSigma: Float64Array;
  pathC: Float64Array;
  /** (1 − cσ)^(2g) after g generations. */
  forgotten: number;
}

export function firstDistribution({ dimension: d }: StrategyConstants, sigma: number): Distribution {
  const covariance = new Float64Array(d * d);
  for (let j = 0; j < d; j++) covariance[j * d + j] = 1;
  return {
    mean: new Float64Array(d).fill(0.5),
    sigma,
    covariance,
    scale: new Float64Array(d).fill(1),
    pathSigma: new Float64Array(d),
    pathC: new Float64Array(d),
    forgotten: 1,
  };
}

/** f(C) of the covariance by its eigenvalues, row-major [d, d]. Those that rounding made negative count as the least positive one there may be. */
export function spectral(
  { covariance }: Pick<Distribution, "covariance">,
  d: number,
  f: (value: number) => number,
): Float64Array {
  const { values, vectors } = symmetricEigen(covariance, d);
  const result = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const value = f(Math.max(1e-300, values[k] ?? 0));
    for (let i = 0; i < d; i++) {
      const left = value * (vectors[k * d + i] ?? 0);
      for (let j = 0; j < d; j++) result[i * d + j] = (result[i * d + j] ?? 0) + left * (vectors[k * d + j] ?? 0);
    }
  }
  return result;
}

/** Matrix [d, d] times vector. */
export function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length;
  const result = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (matrix[i * d + j] ?? 0) * (vector[j] ?? 0);
    result[i] = sum;
  }
  return result;
}

const length = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));

/** The distribution after a generation, `samples` from best to worst. */
export function adapted(of: StrategyConstants, before: Distribution, samples: readonly Float64Array[]): Distribution {
  const { dimension: d, weights, muEffective, c1, cMu, cSigma, dSigma, cc, chi } = of;
  const { mean, sigma, scale, covariance } = before;
  const steps = samples.map((x) => x.map((value, j) => (value - (mean[j] ?? 0)) / (sigma * (scale[j] ?? 1))));
  const step = new Float64Array(d);
  for (const [k, y] of steps.entries()) {
    const weight = weights[k] ?? 0;
    if (weight > 0) for (let j = 0; j < d; j++) step[j] = (step[j] ?? 0) + weight * (y[j] ?? 0);
  }
  const whitening = spectral(before, d, (value) => 1 / Math.sqrt(value));
  const white = product(whitening, step);
  const gain = Math.sqrt(cSigma * (2 - cSigma) * muEffective);
  const pathSigma = before.pathSigma.map((p, j) => (1 - cSigma) * p + gain * (white[j] ?? 0));
  const forgotten = before.forgotten * (1 - cSigma) * (1 - cSigma);
  const steady = length(pathSigma) / Math.sqrt(1 - forgotten) < (1.4 + 2 / (d + 1)) * chi;
  const pull = steady ? Math.sqrt(cc * (2 - cc) * muEffective) : 0;
  const pathC = before.pathC.map((p, j) => (1 - cc) * p + pull * (step[j] ?? 0));
  const kept = 1 + (steady ? 0 : c1 * cc * (2 - cc)) - c1 - cMu * weights.reduce((sum, w) => sum + w, 0);
  // What is bad takes away no more than there is in its direction.
  const shares = steps.map((y, k) => {
    const weight = weights[k] ?? 0;
    if (weight >= 0) return weight;
    const far = length(product(whitening, y));
    return (weight * d) / (far * far + 1e-8);
  });
  const after = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (const [k, y] of steps.entries()) sum += (shares[k] ?? 0) * (y[i] ?? 0) * (y[j] ?? 0);
      const value = kept * (covariance[i * d + j] ?? 0) + c1 * (pathC[i] ?? 0) * (pathC[j] ?? 0) + cMu * sum;
      after[i * d + j] = value;
      after[j * d + i] = value;
    }
  }
  return {
    mean: mean.map((value, j) => value + sigma * (scale[j] ?? 1) * (step[j] ?? 0)),
    sigma: Math.min(1e32, sigma * exponential((cSigma / dSigma) * (length(pathSigma) / chi - 1))),
    covariance: after,
    scale,
    pathSigma,
    pathC,
    forgotten,
  };
}
