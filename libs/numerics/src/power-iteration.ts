import type { RandomStream } from "./random-stream";

/** A symmetric linear map of vectors [n]. */
export type SymmetricMap = (vector: Float64Array) => ArrayLike<number>;

export interface PowerIterationOptions {
  /** Ends when ‖Av − λv‖ ≤ tolerance·|λ|; λ then is within tolerance²·|λ|/gap of an eigenvalue, and tolerance·|λ| for sure. Default 1e-6. */
  tolerance?: number;
  /** Applications of the map before it gives up. Default 10,000. */
  maxIterations?: number;
}

export interface Eigenpair {
  value: number;
  /** Of length 1. */
  vector: Float64Array;
  /** Applications of the map. */
  iterations: number;
  converged: boolean;
}

/**
 * The eigenvalue of greatest size of a symmetric map on n numbers, by power iteration with Rayleigh quotients from a random start (R. von Mises, H. Pollaczek-Geiringer,
 * 1929). Slow where the second is nearly as great, and not convergent where both signs have the same size: `converged` says which.
 */
export function dominantEigenvalue(
  map: SymmetricMap,
  n: number,
  stream: RandomStream,
  options: PowerIterationOptions = {},
): Eigenpair {
  const { tolerance = 1e-6, maxIterations = 10_000 } = options;
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`a map needs 1 or more numbers, not ${n}`);
  const start = new Float64Array(n);
  stream.fillNormal(start);
  let vector = scaled(start, 1 / length(start));
  let value = Number.NaN;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const image = Float64Array.from(map(vector));
    value = image.reduce((sum, x, i) => sum + x * (vector[i] ?? 0), 0);
    const size = length(image);
    const rest = length(image.map((x, i) => x - value * (vector[i] ?? 0)));
    if (!Number.isFinite(size)) break;
    if (rest <= tolerance * Math.abs(value)) return { value, vector, iterations, converged: true };
    vector = scaled(image, 1 / size);
  }
  return { value, vector, iterations: maxIterations, converged: false };
}

/**
 * The greatest eigenvalue, sign included: the dominant one, or, where that is negative, the dominant one of the map moved up by its size. For
 * sharpness: λ_max of a Hessian.
 */
export function greatestEigenvalue(
  map: SymmetricMap,
  n: number,
  stream: RandomStream,
  options: PowerIterationOptions = {},
): Eigenpair {
  const dominant = dominantEigenvalue(map, n, stream, options);
  if (!(dominant.value < 0)) return dominant;
  const up = -dominant.value;
  const moved = (vector: Float64Array): Float64Array => {
    const image = map(vector);
    return vector.map((x, i) => (image[i] ?? Number.NaN) + up * x);
  };
  const found = dominantEigenvalue(moved, n, stream, options);
  return { ...found, value: found.value - up, iterations: dominant.iterations + found.iterations };
}

function length(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

function scaled(vector: Float64Array, factor: number): Float64Array {
  return vector.map((x) => x * factor);
}
