import { mean, sampleStandardDeviation, type Interval } from "./statistics";
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
  const shareA = sampleStandardDeviation(a) ** 2 / n;
  const shareB = sampleStandardDeviation(b) ** 2 / m;
  const variance = shareA + shareB;
  if (!(variance > 0)) return null;
  const difference = mean(b) - mean(a);
  const t = difference / Math.sqrt(variance);
  const degrees = (variance * variance) / ((shareA * shareA) / (n - 1) + (shareB * shareB) / (m - 1));
  const half = studentTQuantile((1 + level) / 2, degrees) * Math.sqrt(variance);
  return { t, degrees, p: studentTTwoSided(t, degrees), difference, low: difference - half, high: difference + half };
}
