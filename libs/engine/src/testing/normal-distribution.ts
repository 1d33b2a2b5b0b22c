/**
 * Φ(x), the standard normal distribution, in double precision to 1e-14 of itself: near 0 by the series of erf, all of whose terms are positive
 * (M. Abramowitz, I. A. Stegun, 7.1.6), far out by the continued fraction of the tail (26.2.14).
 */
export function normalDistribution(x: number): number {
  if (x > 0) return 1 - normalDistribution(-x);
  const density = normalDensity(x);
  if (x < -3) {
    let fraction = 0;
    for (let k = 400; k > 0; k--) fraction = k / (-x + fraction);
    return density / (-x + fraction);
  }
  let [term, sum] = [-x, -x];
  for (let n = 3; term > 1e-18; n += 2) sum += term *= (x * x) / n;
  return 0.5 - density * sum;
}

/** φ(x). */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
