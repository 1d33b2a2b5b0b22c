import { exponential, inverseMatrix, logarithm, type RandomStream } from "@basin/numerics";
import type { Library } from "@basin/problems";
import type { AffineGauge } from "./absorb-gauge";
import { changeVariables, fitCoefficients, lawOf, type QuadraticLaw, type Square } from "./quadratic-law";

/** Random starts per latent variable. */
const restartsPerVariable = 8;
/** Widths of the counted zero, from coarse to fine, and the first stride at each. */
const stages = [
  { zero: 0.3, stride: 0.3 },
  { zero: 0.1, stride: 0.1 },
  { zero: 0.03, stride: 0.05 },
  { zero: 0.01, stride: 0.02 },
];
const movesPerStage = 1500;
/** A term whose share of its rate's standard deviation is below this is left out. */
const leastShare = 0.05;
/** Greatest entry of w = Au + d: coordinates that nearly coincide would hide large terms that cancel. */
const mostStretch = 5;
const mostSamples = 2000;

/**
 * Among all affine gauges of several latent variables, the one in which the fitted quadratic law has the fewest factors.
 *
 * Latents w with mean 0 and covariance 1 and their law by least squares are known; any u = B(w − d) obeys a law of the same library. In units
 * of u's and u̇'s standard deviations, the search minimizes Σ f·ξ²/(ξ² + ε²) over B (rows of length 1) and d, which counts the coefficients
 * that are not 0 (S. Geman and D. McClure, 1985), f being a term's number of factors (1 for a constant). Random moves of one row or
 * of d are kept when they lower the sum; ε shrinks; the best of several random starts wins. Terms below `leastShare` leave, the others
 * are fitted once more; z' gets the size that z had. Uses measurements only. The library must hold every monomial to degree 2 and nothing else. Null when the latent
 * variables do not span their space, or are not finite.
 */
export function searchGauges(
  library: Library,
  z: ArrayLike<number>,
  rates: ArrayLike<number>,
  stream: RandomStream,
): AffineGauge | null {
  const n = library.variables.length;
  const chosen = thin(z, n);
  const whitening = whitener(chosen, n);
  if (!whitening) return null;
  const w = map(whitening.matrix, chosen, n, whitening.shift);
  const wRates = map(whitening.matrix, thin(rates, n), n, null);
  const law = lawOf(
    library,
    fitCoefficients(library, w, wRates, () => true),
  );
  const best = sparsest(law, covariance(wRates, n), stream);
  if (!best) return null;
  // u = B(Gz + g − d)
  const matrix = multiply(best.rows, whitening.matrix, n);
  const offset = whitening.shift.map((value, i) => value - (best.shift[i] ?? 0));
  const shift = map(best.rows, offset, n, null);
  const u = map(matrix, chosen, n, shift);
  const uRates = map(matrix, thin(rates, n), n, null);
  const spread = deviations(uRates, n);
  const all = fitCoefficients(library, u, uRates, () => true);
  const kept = all.map((value, at) => Number(Math.abs(value) >= leastShare * (spread[at % n] ?? Number.NaN)));
  const fitted = fitCoefficients(library, u, uRates, (k, state) => kept[k * n + state] === 1);
  // z' = size·u: a network that has learned latents of that size goes on with them.
  const { size } = whitening;
  return {
    matrix: matrix.map((value) => size * value),
    shift: shift.map((value) => size * value),
    coefficients: fitted.map((value, at) => {
      const degree = library.terms[Math.floor(at / n)]?.factors.length ?? 0;
      return degree === 0 ? size * value : degree === 1 ? value : value / size;
    }),
  };
}

interface Point {
  rows: Square;
  shift: Float64Array;
  cost: number;
}

function sparsest(law: QuadraticLaw, rateCovariance: Square, stream: RandomStream): Point | null {
  const n = law.width;
  const costOf = costFunction(law, rateCovariance);
  let drawn = 0;
  const normals = (count: number): Float64Array => {
    const out = new Float64Array(count);
    stream.fillNormal(out, drawn);
    drawn += count;
    return out;
  };
  const before = new Float64Array(n);
  let best: Point | null = null;
  for (let r = 0; r < restartsPerVariable * n; r++) {
    const now: Point = { rows: normals(n * n), shift: normals(n), cost: Number.POSITIVE_INFINITY };
    for (let i = 0; i < n; i++) normalize(now.rows.subarray(i * n, (i + 1) * n));
    for (const { zero, stride: first } of stages) {
      now.cost = costOf(now.rows, now.shift, zero);
      let stride = first;
      const steps = normals(movesPerStage * n);
      for (let move = 0; move < movesPerStage; move++) {
        const part = move % (n + 1);
        const moved = part < n ? now.rows.subarray(part * n, (part + 1) * n) : now.shift;
        before.set(moved);
        for (let j = 0; j < n; j++) moved[j] = (moved[j] ?? 0) + stride * (steps[move * n + j] ?? 0);
        if (part < n) normalize(moved);
        const cost = costOf(now.rows, now.shift, zero);
        if (cost < now.cost) {
          now.cost = cost;
          stride = Math.min(1, 1.6 * stride);
        } else {
          moved.set(before);
          stride = Math.max(1e-6, 0.93 * stride);
        }
      }
    }
    if (Number.isFinite(now.cost) && (best === null || now.cost < best.cost)) best = now;
  }
  return best;
}

/** The counted factors at u = B(w − d); infinite where B has no inverse, or one that stretches too much. */
function costFunction(law: QuadraticLaw, rateCovariance: Square): (rows: Square, d: Float64Array, zero: number) => number {
  const n = law.width;
  const out = {
    width: n,
    constant: new Float64Array(n),
    linear: new Float64Array(n * n),
    quadratic: new Float64Array(n * n * n),
  };
  const scratch = new Float64Array(n + 3 * n * n + n * n * n);
  return (rows, d, zero) => {
    const inverse = inverseMatrix(rows, n);
    if (!inverse || inverse.some((value) => Math.abs(value) > mostStretch)) return Number.POSITIVE_INFINITY;
    changeVariables(law, inverse, rows, d, out, scratch);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const width = zero * zero * quadraticForm(rateCovariance, rows, i, n);
      const count = (value: number): number => (value * value) / (value * value + width);
      total += count(out.constant[i] ?? Number.NaN);
      for (let j = 0; j < n; j++) {
        total += count(out.linear[i * n + j] ?? Number.NaN);
        for (let k = j; k < n; k++) total += 2 * count((j === k ? 1 : 2) * (out.quadratic[(i * n + j) * n + k] ?? Number.NaN));
      }
    }
    return total;
  };
}

/** rowᵀ C row. */
function quadraticForm(C: Square, rows: Square, row: number, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) sum += (rows[row * n + j] ?? 0) * (C[j * n + k] ?? 0) * (rows[row * n + k] ?? 0);
  }
  return sum;
}

/**
 * G and g with Gz + g of mean 0 and covariance 1: the inverse of the covariance's Cholesky factor; null when it has none. size: the n-th root
 * of the factor's determinant, a standard deviation of z.
 */
function whitener(z: Float64Array, n: number): { matrix: Square; shift: Float64Array; size: number } | null {
  let logarithms = 0;
  const C = covariance(z, n);
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let value = C[i * n + j] ?? Number.NaN;
      for (let k = 0; k < j; k++) value -= (factor[i * n + k] ?? 0) * (factor[j * n + k] ?? 0);
      if (i === j && !(value > 1e-10 * (C[i * n + i] ?? 0))) return null;
      if (i === j) logarithms += logarithm(value) / 2;
      factor[i * n + j] = i === j ? Math.sqrt(value) : value / (factor[j * n + j] ?? Number.NaN);
    }
  }
  const matrix = inverseMatrix(factor, n);
  const shift = map(matrix ?? factor, means(z, n), n, null).map((value) => -value);
  return matrix && { matrix, shift, size: exponential(logarithms / n) };
}

function means(values: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  values.forEach((value, at) => (out[at % n] = (out[at % n] ?? 0) + (value * n) / values.length));
  return out;
}

function covariance(values: Float64Array, n: number): Square {
  const center = means(values, n);
  const out = new Float64Array(n * n);
  for (let at = 0; at < values.length; at += n) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const product = ((values[at + i] ?? 0) - (center[i] ?? 0)) * ((values[at + j] ?? 0) - (center[j] ?? 0));
        out[i * n + j] = (out[i * n + j] ?? 0) + (product * n) / values.length;
      }
    }
  }
  return out;
}

function deviations(values: Float64Array, n: number): Float64Array {
  const C = covariance(values, n);
  return Float64Array.from({ length: n }, (_, i) => Math.sqrt(C[i * n + i] ?? Number.NaN));
}

/** matrix·v + shift for every row v of `values` [samples, n]. */
function map(matrix: Square, values: Float64Array, n: number, shift: Float64Array | null): Float64Array {
  return values.map((_, at) => {
    const [from, i] = [at - (at % n), at % n];
    let sum = shift?.[i] ?? 0;
    for (let j = 0; j < n; j++) sum += (matrix[i * n + j] ?? 0) * (values[from + j] ?? 0);
    return sum;
  });
}

function multiply(a: Square, b: Square, n: number): Square {
  return a.map((_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (a[at - (at % n) + k] ?? 0) * (b[k * n + (at % n)] ?? 0);
    return sum;
  });
}

function normalize(row: Float64Array): void {
  let square = 0;
  for (let j = 0; j < row.length; j++) square += (row[j] ?? 0) * (row[j] ?? 0);
  for (let j = 0; j < row.length; j++) row[j] = (row[j] ?? 0) / Math.sqrt(square);
}

/** Every so many rows of [samples, n], so that at most `mostSamples` are left. */
function thin(values: ArrayLike<number>, n: number): Float64Array {
  const stride = Math.ceil(values.length / n / mostSamples);
  return Float64Array.from(values).filter((_, at) => Math.floor(at / n) % stride === 0);
}
