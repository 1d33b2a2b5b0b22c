import { quantile } from "./statistics";

/** Mean of the middle half of the values, with the parts of those at its ends that belong to it (R. Agarwal et al., NeurIPS 2021); NaN of none. */
export function interquartileMean(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const [from, to] = [n / 4, (3 * n) / 4];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.max(0, Math.min(i + 1, to) - Math.max(i, from)) * (sorted[i] ?? 0);
  return sum / (to - from);
}

/**
 * Expected best of k of these values, drawn without putting back, for k = 1 … `most`, at most half of them: Σ C(i−1, k−1) / C(n, k) · x₍ᵢ₎ over the
 * values from worst to best (J. Dodge et al., EMNLP 2019, in its unbiased form: R. Tang et al., 2020). Low is good unless `maximize`.
 */
export function expectedBestOf(values: ArrayLike<number>, most: number, maximize = false): number[] {
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  if (!maximize) sorted.reverse();
  const result: number[] = [];
  for (let k = 1; k <= Math.min(most, Math.max(1, Math.floor(n / 2))) && n > 0; k++) {
    // C(i−1, k−1) / C(n, k), from the best on, where it is k/n.
    let weight = k / n;
    let sum = 0;
    for (let i = n; i >= k; i--) {
      sum += weight * (sorted[i - 1] ?? 0);
      weight *= (i - k) / (i - 1 || 1);
    }
    result.push(sum);
  }
  return result;
}

/** The value that a share `q` of the values, from the best on, is at least as good as; NaN of none. */
export function bestQuantile(values: readonly number[], q: number, maximize = false): number {
  return quantile(values, maximize ? 1 - q : q);
}

/** Independent starts needed for one success with the given probability, at a rate of success p per start: ln(1 − level) / ln(1 − p). */
export function startsNeeded(p: number, level = 0.95): number {
  if (p >= 1) return 1;
  return p > 0 ? Math.log(1 - level) / Math.log(1 - p) : Number.POSITIVE_INFINITY;
}
