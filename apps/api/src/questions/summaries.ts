import type { Statistics, TypicalValue } from "@basin/contracts";
import { sortedQuantile, studentTQuantile, summarize, type Summary } from "@basin/numerics";

/** From here on sums are compensated instead of exactly rounded: their error is about one unit in the last place, at a tenth of the cost. */
const many = 50;

const tQuantiles = new Map<number, number>();

/** t(0.975, degrees); groups of a sweep ask for the same few again and again. */
export function t975(degrees: number): number {
  let t = tQuantiles.get(degrees);
  if (t === undefined) {
    t = studentTQuantile(0.975, degrees);
    if (tQuantiles.size < 10_000) tQuantiles.set(degrees, t);
  }
  return t;
}

/** The figures of a group of any size, as `summarize` defines them. */
export function summaryOf(values: readonly number[]): Summary {
  if (values.length < many) return summarize(values);
  const sorted = Float64Array.from(values.filter((value) => Number.isFinite(value))).sort();
  const n = sorted.length;
  const [min, max] = [sorted[0] ?? Number.NaN, sorted[n - 1] ?? Number.NaN];
  if (n < many || min === max) return summarize(sorted);
  const mean = Math.min(max, Math.max(min, compensatedSum(sorted, (value) => value) / n));
  const std = Math.sqrt(compensatedSum(sorted, (value) => (value - mean) * (value - mean)) / (n - 1));
  // Squares that vanish or overflow.
  if (!(std > 0 && std < Number.POSITIVE_INFINITY)) return summarize(sorted);
  const half = (t975(n - 1) * std) / Math.sqrt(n);
  return { n, mean, median: sortedQuantile(sorted, 0.5), std, ciLow: mean - half, ciHigh: mean + half, min, max };
}

/** The figures of a group with what is typical of it; `scale` is that of the metric. */
export function statisticsOf(values: readonly number[], scale: "linear" | "log"): Statistics {
  const summary = summaryOf(values);
  const { mean, min, max, ciLow, ciHigh } = summary;
  if (mean === null || min === null || max === null) return { ...summary, typical: null };
  // No error is negative, and no interval of one should say so.
  const low = ciLow !== null && scale === "log" && min >= 0 ? Math.max(0, ciLow) : ciLow;
  const linear: TypicalValue = { scale: "linear", centre: mean, low, high: ciHigh };
  const statistics = { ...summary, ciLow: low };
  if (scale === "linear" || min <= 0) return { ...statistics, typical: linear };
  // The logarithm of a constant and back would be another number.
  if (min === max) return { ...statistics, typical: { ...linear, scale: "log" } };
  const logarithms = summaryOf(values.filter((value) => Number.isFinite(value)).map((value) => Math.log10(value)));
  const back = (value: number | null): number | null => (value === null ? null : 10 ** value);
  const centre = Math.min(max, Math.max(min, back(logarithms.mean) ?? mean));
  return { ...statistics, typical: { scale: "log", centre, low: back(logarithms.ciLow), high: back(logarithms.ciHigh) } };
}

/** A. Neumaier's sum (Zeitschrift für Angewandte Mathematik und Mechanik 54 (1974)). */
function compensatedSum(values: Float64Array, of: (value: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const term = of(value);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
