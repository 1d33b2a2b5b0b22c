import { mean, sampleStandardDeviation } from "./spread";
import type { Interval } from "./statistics";
import { studentTQuantile, studentTTwoSided } from "./student-t";

export interface Welch extends Interval {
  t: number;
  /** Of Welch and Satterthwaite. */
  degrees: number;
  /** Two-sided. */
  p: number;
  /** Mean of b minus mean of a, with its interval. */
  difference: number;
}

/**
 * B. L. Welch's t-test (Biometrika 34 (1947)) that two means are equal, without assuming equal variances. Null with fewer than two
 * values a side, and when neither side varies.
 */
export function welchTest(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): Welch | null {
  const n = a.length;
  const m = b.length;
  if (n < 2 || m < 2) return null;
  const [stdA, stdB] = [sampleStandardDeviation(a), sampleStandardDeviation(b)];
  if (!(Math.max(stdA, stdB) > 0)) return null;
  // In units of the greater deviation, whose square may be no double.
  const unit = 2 ** Math.floor(Math.log2(Math.max(stdA, stdB)));
  const shareA = (stdA / unit) ** 2 / n;
  const shareB = (stdB / unit) ** 2 / m;
  const variance = shareA + shareB;
  const difference = mean(b) - mean(a);
  const t = difference / unit / Math.sqrt(variance);
  const degrees = (variance * variance) / ((shareA * shareA) / (n - 1) + (shareB * shareB) / (m - 1));
  const half = studentTQuantile((1 + level) / 2, degrees) * Math.sqrt(variance) * unit;
  return { t, degrees, p: studentTTwoSided(t, degrees), difference, low: difference - half, high: difference + half };
}
