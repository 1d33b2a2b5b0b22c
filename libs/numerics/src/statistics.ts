import { normalQuantile } from "./normal-quantile";
import { mean, sampleStandardDeviation } from "./spread";
import { studentTQuantile } from "./student-t";

/**
 * The q-quantile, linearly interpolated between order statistics at position q·(n − 1) (type 7 of Hyndman and Fan; the default
 * of R and NumPy). NaN for none, for q outside [0, 1] and when a value is NaN.
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  return Number.isNaN(sorted[sorted.length - 1]) ? Number.NaN : sortedQuantile(sorted, q);
}

/** The same of ascending values. Infinite ones are kept: halfway between a finite and an infinite value lies infinity. */
export function sortedQuantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0 || !(q >= 0 && q <= 1)) return Number.NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[below + 1] ?? lower;
  const fraction = position - below;
  if (fraction === 0 || lower === upper) return lower;
  const between = lower + (upper - lower) * fraction;
  return Number.isFinite(between) ? between : lower * (1 - fraction) + upper * fraction;
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

export interface Interval {
  low: number;
  high: number;
}

/** Two-sided confidence interval of the mean of n ≥ 2 normal observations: mean ± t((1+level)/2, n − 1)·std/√n. Null below two. */
export function confidenceInterval(values: ArrayLike<number>, level = 0.95): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const centre = mean(values);
  const half = (studentTQuantile((1 + level) / 2, n - 1) * sampleStandardDeviation(values)) / Math.sqrt(n);
  return { low: centre - half, high: centre + half };
}

/**
 * Wilson's score interval of a proportion (E. B. Wilson, JASA 22 (1927)): sensible at 0 of n and n of n, where it touches 0
 * or 1 exactly. Null for n = 0; RangeError unless 0 ≤ successes ≤ n are integers.
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval | null {
  if (!Number.isSafeInteger(successes) || !Number.isSafeInteger(n) || successes < 0 || n < successes) {
    throw new RangeError(`a proportion needs integers with 0 ≤ successes ≤ n, not ${successes} of ${n}`);
  }
  if (n === 0) return null;
  const z = normalQuantile((1 + level) / 2);
  const share = successes / n;
  const square = (z * z) / n;
  const centre = (share + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
  };
}

/** Figures of a group; null where there are too few values. */
export interface Summary {
  n: number;
  mean: number | null;
  median: number | null;
  std: number | null;
  ciLow: number | null;
  ciHigh: number | null;
  min: number | null;
  max: number | null;
}

/**
 * The figures of a result group: `std` with n − 1, 95 % confidence interval with Student's t. Values that are null or not
 * finite do not enter; `n` counts those that do. Mean needs one value; std and interval need two.
 */
export function summarize(values: ArrayLike<number | null>): Summary {
  const finite = Array.from(values).filter((value): value is number => value !== null && Number.isFinite(value));
  const n = finite.length;
  if (n === 0) return { n, mean: null, median: null, std: null, ciLow: null, ciHigh: null, min: null, max: null };
  const interval = confidenceInterval(finite);
  return {
    n,
    mean: mean(finite),
    median: median(finite),
    std: n < 2 ? null : sampleStandardDeviation(finite),
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    min: finite.reduce((a, b) => Math.min(a, b)),
    max: finite.reduce((a, b) => Math.max(a, b)),
  };
}

/**
 * Distribution-free interval of a median: the k-th smallest and the k-th greatest value, with the greatest k for which at most 1 − level of the
 * binomial distribution of n fair coins lies beyond (W. R. Thompson, Annals of Mathematical Statistics 7 (1936)); from n = 1000 on with the
 * normal limit of that distribution. `sorted` ascends and may hold infinities. Null where even the extremes do not suffice: below n = 6 for 95 %.
 */
export function medianInterval(sorted: ArrayLike<number>, level = 0.95): Interval | null {
  const n = sorted.length;
  const beyond = (1 - level) / 2;
  let k = 0;
  if (n < 1000) {
    let chance = 2 ** -n;
    for (let below = chance; below <= beyond && k < n; below += chance) {
      chance *= (n - k) / (k + 1);
      k += 1;
    }
  } else k = Math.floor(n / 2 - (normalQuantile((1 + level) / 2) * Math.sqrt(n)) / 2);
  const [low, high] = [sorted[k - 1], sorted[n - k]];
  return k === 0 || low === undefined || high === undefined ? null : { low, high };
}
