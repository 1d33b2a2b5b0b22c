import { normalQuantile } from "./normal-quantile";
import { normalTail } from "./normal-tail";
import { midRanks } from "./ranks";
import type { Interval } from "./statistics";

/** Up to this many values a side, the distribution of U is counted out. */
const mostExact = 50;

export interface MannWhitney {
  /** Number of pairs with a > b, ties counting half. */
  u: number;
  /** Two-sided. */
  p: number;
  method: "exact" | "normal";
}

/**
 * Mann and Whitney's test (Annals of Mathematical Statistics 18 (1947)) that neither of two samples tends to larger values. Exact
 * when both have at most 50 values: over all ways of dealing the ranks, tied or not, to the two sides; otherwise the normal
 * approximation with corrections for ties and continuity, which for few values with ties would find differences that are none.
 * Only the order of the values counts, so infinite ones are values like others. Null when a sample is empty or all values are equal.
 */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): MannWhitney | null {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return null;
  const { ranks, ties } = midRanks([...Array.from(a), ...Array.from(b)]);
  let rankSum = 0;
  for (let i = 0; i < n; i += 1) rankSum += ranks[i] ?? 0;
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  if (ties[0] === total) return null;
  if (n <= mostExact && m <= mostExact) {
    const counts = ties.length === 0 ? uDistribution(n, m) : tiedDistribution(ranks, n);
    return { u, p: exactTwoSided(counts, ties.length === 0 ? u : 2 * rankSum), method: "exact" };
  }
  const tied = ties.reduce((sum, t) => sum + (t * t * t - t), 0);
  const variance = ((n * m) / 12) * (total + 1 - tied / (total * (total - 1)));
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return { u, p: Math.min(1, 2 * normalTail(z)), method: "normal" };
}

/** Twice the smaller tail of a distribution that is given as counts of the values 0, 1, …, at most 1. */
function exactTwoSided(counts: Float64Array, u: number): number {
  let below = 0;
  let above = 0;
  let all = 0;
  counts.forEach((count, value) => {
    all += count;
    if (value <= u) below += count;
    if (value >= u) above += count;
  });
  return Math.min(1, (2 * Math.min(below, above)) / all);
}

/** How many of the orderings of n and m values have U = 0, 1, …, n·m: the Gaussian binomial coefficient's coefficients. */
function uDistribution(n: number, m: number): Float64Array {
  const most = n * m;
  const counts = new Float64Array(most + 1);
  counts[0] = 1;
  for (let i = 1; i <= n; i += 1) {
    for (let value = most; value >= m + i; value -= 1) counts[value] = (counts[value] ?? 0) - (counts[value - m - i] ?? 0);
    for (let value = i; value <= most; value += 1) counts[value] = (counts[value] ?? 0) + (counts[value - i] ?? 0);
  }
  return counts;
}

/** How many of the choices of n of the mid-ranks have twice their sum equal to 0, 1, …: U's distribution given the ties. */
function tiedDistribution(ranks: Float64Array, n: number): Float64Array {
  const doubled = Array.from(ranks, (rank) => 2 * rank).sort((a, b) => a - b);
  const most = doubled.slice(-n).reduce((sum, rank) => sum + rank, 0);
  const bySize = Array.from({ length: n + 1 }, () => new Float64Array(most + 1));
  (bySize[0] as Float64Array)[0] = 1;
  doubled.forEach((rank, taken) => {
    for (let size = Math.min(n, taken + 1); size >= 1; size -= 1) {
      const [chosen, without] = [bySize[size] as Float64Array, bySize[size - 1] as Float64Array];
      for (let sum = most; sum >= rank; sum -= 1) chosen[sum] = (chosen[sum] ?? 0) + (without[sum - rank] ?? 0);
    }
  });
  return bySize[n] as Float64Array;
}

/** The least p that the exact test of n against m values can reach, with values as far apart as they may be. */
export function leastMannWhitneyP(n: number, m: number): number {
  let orderings = 1;
  for (let i = 1; i <= n; i += 1) orderings *= (m + i) / i;
  return Math.min(1, 2 / orderings);
}

export interface CliffsDelta extends Interval {
  /** P(b > a) − P(b < a), from −1 to 1. */
  value: number;
}

/**
 * Cliff's delta with the asymmetric 95 % interval of N. Cliff, Psychological Bulletin 114 (1993), from his consistent estimate of
 * the variance; for samples that do not overlap, the interval of D. Feng, Psychological Methods 12 (2007)'s review, which
 * treats the smaller sample like a proportion. Null when a sample is empty; [−1, 1] with fewer than two values a side.
 */
export function cliffsDelta(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): CliffsDelta | null {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return null;
  const ofA = dominance(a, b);
  const ofB = dominance(b, a);
  const value = ofB.net.reduce((sum, net) => sum + net, 0) / (n * m);
  if (n < 2 || m < 2) return { value, low: -1, high: 1 };
  const z = normalQuantile((1 + level) / 2);
  const rest = 1 - value * value;
  if (rest <= 0) {
    const fewer = Math.min(n, m);
    const bound = (fewer - z * z) / (fewer + z * z);
    return value > 0 ? { value, low: bound, high: 1 } : { value, low: -1, high: -bound };
  }
  const squaresA = ofA.net.reduce((sum, net) => sum + (-net / m - value) ** 2, 0);
  const squaresB = ofB.net.reduce((sum, net) => sum + (net / n - value) ** 2, 0);
  const squares = ofB.untied - n * m * value * value;
  const estimate = (m * m * squaresA + n * n * squaresB - squares) / (n * m * (n - 1) * (m - 1));
  const variance = Math.max(estimate, rest / (n * m - 1));
  const centre = value - value ** 3;
  const reach = z * Math.sqrt(variance) * Math.sqrt(rest * rest + z * z * variance);
  const scale = rest + z * z * variance;
  return { value, low: Math.max(-1, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}

/** Per value, how many of the others lie below minus how many above; and the number of pairs that do not tie. */
function dominance(values: ArrayLike<number>, others: ArrayLike<number>): { net: Float64Array; untied: number } {
  const sorted = Float64Array.from(others).sort();
  let untied = 0;
  const net = Float64Array.from(values, (value) => {
    const below = firstAtLeast(sorted, value, false);
    const above = sorted.length - firstAtLeast(sorted, value, true);
    untied += below + above;
    return below - above;
  });
  return { net, untied };
}

/** The first position with an element ≥ value (or > value). */
function firstAtLeast(sorted: Float64Array, value: number, strictly: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = sorted[middle] ?? 0;
    if (element < value || (strictly && element === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Beyond this many a side, the differences of evenly spread order statistics stand for all. */
const mostDifferenced = 1000;

export interface Shift {
  /** Median of all differences b − a. */
  shift: number;
  /** Null where the samples are so small that all differences together do not make an interval of the level: 95 % needs 4 and 4 values, or 3 and 5. */
  interval: Interval | null;
}

/**
 * The estimator of J. L. Hodges and E. L. Lehmann (Annals of Mathematical Statistics 34 (1963)) of how far b lies above a, with the
 * interval that inverts Mann and Whitney's test: exact up to 50 values a side, else by its normal approximation. Samples of
 * more than 1,000 are thinned to 1,000 evenly spread order statistics. Null when a sample is empty.
 */
export function hodgesLehmann(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): Shift | null {
  if (a.length === 0 || b.length === 0) return null;
  const from = orderStatistics(a);
  const to = orderStatistics(b);
  const differences = new Float64Array(from.length * to.length);
  let at = 0;
  for (const x of from) for (const y of to) differences[at++] = y - x;
  differences.sort();
  const thinning = differences.length / (a.length * b.length);
  const rank = Math.max(1, Math.round(lowerRank(a.length, b.length, (1 - level) / 2) * thinning));
  const middle = differences.length / 2;
  const shift = ((differences[Math.ceil(middle) - 1] ?? 0) + (differences[Math.floor(middle)] ?? 0)) / 2;
  if (leastMannWhitneyP(a.length, b.length) > 1 - level) return { shift, interval: null };
  return { shift, interval: { low: differences[rank - 1] ?? shift, high: differences[differences.length - rank] ?? shift } };
}

function orderStatistics(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length <= mostDifferenced) return sorted;
  const step = (sorted.length - 1) / (mostDifferenced - 1);
  return Float64Array.from({ length: mostDifferenced }, (_, i) => sorted[Math.round(i * step)] ?? 0);
}

/** The smallest u with P(U ≤ u) ≥ tail. */
function lowerRank(n: number, m: number, tail: number): number {
  if (n <= mostExact && m <= mostExact) {
    const counts = uDistribution(n, m);
    const all = counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    for (let u = 0; u < counts.length; u += 1) {
      below += counts[u] ?? 0;
      if (below / all >= tail) return u;
    }
  }
  return Math.floor((n * m) / 2 + normalQuantile(tail) * Math.sqrt((n * m * (n + m + 1)) / 12));
}
