import { sum } from "./exact-sum";

/** Whether no two values differ; true for one or none. NaN differs from everything, itself included. */
export function isConstant(values: ArrayLike<number>): boolean {
  const first = values[0];
  for (let i = 0; i < values.length; i++) if (values[i] !== first) return false;
  return true;
}

/**
 * Exactly rounded sum over n, within the least and the greatest value, so that the mean of a constant is that constant to the bit.
 * Independent of the order of the values. NaN for none.
 */
export function mean(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? Number.NaN;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  let centre = sum(values) / n;
  // Finite values whose sum is beyond the greatest double.
  if (!Number.isFinite(centre) && Number.isFinite(least) && Number.isFinite(greatest))
    centre = (sum(Float64Array.from(values, (value) => value / twoTo32)) / n) * twoTo32;
  return Number.isNaN(centre) ? centre : Math.min(greatest, Math.max(least, centre));
}

const twoTo32 = 4_294_967_296;

/** How values lie about their mean. */
export interface Spread {
  mean: number;
  /** A power of two near the greatest deviation: what `deviations` are given in, so that no square vanishes or overflows. */
  unit: number;
  /** (value − mean) / unit; the mean is rounded, so their sum need not be 0. */
  deviations: Float64Array;
  /** Sum of the deviations. */
  offset: number;
  /** Sum of squares about the mean before it was rounded, in unit²: never 0. */
  squares: number;
}

/**
 * Null when the values do not vary, which is decided by comparing them: a constant's deviations from a rounded mean are rounding
 * errors, not 0. Null for none; NaN throughout when a value is not finite.
 */
export function spreadOf(values: ArrayLike<number>): Spread | null {
  if (isConstant(values)) return null;
  const centre = mean(values);
  const reachOf = (factor: number): number => {
    let most = 0;
    for (let i = 0; i < values.length; i++) {
      const reach = Math.abs((values[i] ?? Number.NaN) * factor - centre * factor);
      if (!(reach <= most)) most = reach;
    }
    return most;
  };
  // The greatest doubles of either sign differ by more than the greatest double.
  const factor = Number.isFinite(centre) && reachOf(1) === Number.POSITIVE_INFINITY ? 0.25 : 1;
  const unit = Math.min(2 ** 1023 * factor, 2 ** Math.floor(Math.log2(reachOf(factor))));
  const deviations = new Float64Array(values.length);
  const squared = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const deviation = ((values[i] ?? Number.NaN) * factor - centre * factor) / unit;
    deviations[i] = deviation;
    squared[i] = deviation * deviation;
  }
  const offset = sum(deviations);
  const squares = sum(squared) - (offset * offset) / values.length;
  return { mean: centre, unit: unit / factor, deviations, offset, squares };
}

/**
 * Σ (x − x̄)(y − ȳ) in units of both, corrected for the rounding of the means. The spreads must be of equally many values.
 */
export function crossProducts(x: Spread, y: Spread): number {
  const products = new Float64Array(x.deviations.length);
  for (let i = 0; i < products.length; i++) products[i] = (x.deviations[i] ?? Number.NaN) * (y.deviations[i] ?? Number.NaN);
  return sum(products) - (x.offset * y.offset) / products.length;
}

/** Sample standard deviation, divisor n − 1, in two passes; 0 exactly when all values are equal. NaN for fewer than two. */
export function sampleStandardDeviation(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return Number.NaN;
  const spread = spreadOf(values);
  return spread === null ? 0 : spread.unit * Math.sqrt(spread.squares / (n - 1));
}

/** What standardizes a feature: (value − mean) / scale. */
export interface Standardization {
  mean: number;
  scale: number;
}

/**
 * Mean and population standard deviation (divisor n); scale 1 where the values do not vary by more than rounding errors of their own
 * size can, std ≤ n·ε·|mean|: scikit-learn's rule (pull request 19788), without which a value that was not among them would be
 * divided by 1e-17. In plain sums, for the millions of values of a table: accurate to about √n·ε. No values: mean 0, scale 1.
 */
export function standardization(values: ArrayLike<number>): Standardization {
  const n = values.length;
  if (isConstant(values)) return { mean: values[0] ?? 0, scale: 1 };
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? Number.NaN;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  // From the least value and in halves, so that nothing close together is lost and nothing large overflows.
  const range = greatest / 2 - least / 2;
  if (!(range > 0)) return { mean: least, scale: 1 };
  const share = (i: number): number => ((values[i] ?? Number.NaN) / 2 - least / 2) / range;
  let [sumOfShares, squares, rest] = [0, 0, 0];
  for (let i = 0; i < n; i++) sumOfShares += share(i);
  const centre = sumOfShares / n;
  for (let i = 0; i < n; i++) {
    const deviation = share(i) - centre;
    squares += deviation * deviation;
    rest += deviation;
  }
  const mean = least + 2 * centre * range;
  const scale = 2 * range * Math.sqrt((squares - (rest * rest) / n) / n);
  return { mean, scale: scale > n * Number.EPSILON * Math.abs(mean) ? scale : 1 };
}

/**
 * R² = 1 − Σ(prediction − truth)² / Σ(truth − mean)². NaN, undefined, where the truth does not vary: no variance is there to explain.
 */
export function rSquared(truth: ArrayLike<number>, predictions: ArrayLike<number>): number {
  const spread = spreadOf(truth);
  if (spread === null) return Number.NaN;
  const errors = Float64Array.from(truth, (value, i) => ((predictions[i] ?? Number.NaN) - value) / spread.unit);
  return 1 - sum(errors.map((error) => error * error)) / spread.squares;
}
