import { exponential } from "./elementary";

/**
 * P(Z > z) for the standard normal distribution, relative error below 1e-12 for |z| < 37. Power series for |z| ≤ 3 (Abramowitz &
 * Stegun 26.2.11), continued fraction beyond (26.2.14).
 */
export function normalTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 1 - normalTail(-z);
  const density = exponential((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z <= 3) {
    let term = z;
    let total = z;
    for (let k = 3; term > total * 1e-18; k += 2) {
      term *= (z * z) / k;
      total += term;
    }
    return 0.5 - density * total;
  }
  let fraction = z;
  for (let k = 200; k >= 1; k -= 1) fraction = z + k / fraction;
  return density / fraction;
}
