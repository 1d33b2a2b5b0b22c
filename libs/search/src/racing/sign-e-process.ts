/**
 * E-value after `wins` of `pairs` paired comparisons that one side wins more often than not; ties are no pairs. For every number of looks,
 * whenever they are taken, the probability that it ever reaches 1/α is at most α if the side wins at most half of its pairs (Ville's inequality:
 * under a fair coin it is a martingale of mean 1). It is the likelihood ratio of a coin with p > ½ to a fair one, averaged over Jeffreys' prior
 * cut off at ½:
 *
 *   E = (4/π) ∫ (2 sin²θ)^wins (2 cos²θ)^(pairs − wins) dθ over [π/4, π/2],
 *
 * which equals 2^(n+1)·B(k+½, n−k+½)·(1 − I_½(k+½, n−k+½)) / B(½, ½) with n = pairs, k = wins. See S. R. Howard et al., "Time-uniform,
 * nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021), for mixtures of this kind. By Simpson's rule; relative
 * error below 1e-10 up to 10,000 pairs. Infinity where a double ends.
 */
export function signEValue(wins: number, pairs: number): number {
  if (pairs === 0) return 1;
  const losses = pairs - wins;
  const nodes = 2 * Math.max(200, Math.ceil(20 * Math.sqrt(pairs)));
  const from = Math.PI / 4;
  const step = (Math.PI / 2 - from) / nodes;
  const logs = new Float64Array(nodes + 1);
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= nodes; i++) {
    const theta = from + i * step;
    const log =
      (wins === 0 ? 0 : wins * Math.log(2 * Math.sin(theta) ** 2)) +
      // At π/2 the cosine is 0, though rounding leaves a little.
      (losses === 0 ? 0 : i === nodes ? Number.NEGATIVE_INFINITY : losses * Math.log(2 * Math.cos(theta) ** 2));
    logs[i] = log;
    greatest = Math.max(greatest, log);
  }
  let sum = 0;
  for (let i = 0; i <= nodes; i++) {
    const weight = i === 0 || i === nodes ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp((logs[i] ?? 0) - greatest);
  }
  return (4 / Math.PI) * (step / 3) * sum * Math.exp(greatest);
}

/** Of how many common seeds both say something and differ, and how often `a` has the lower loss. */
export function pairedWins(a: readonly number[], b: readonly number[]): { wins: number; pairs: number } {
  let [wins, pairs] = [0, 0];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    if (Number.isNaN(x) || Number.isNaN(y) || x === y) continue;
    pairs += 1;
    if (x < y) wins += 1;
  }
  return { wins, pairs };
}

/** Seeds that two configurations are compared over, at most, before it is said that so many would not decide either. */
const mostPairs = 10_000;

/**
 * After how many pairs in all the e-value would reach `bound` if wins go on at their rate so far, which is above one half; null where it would
 * not within 10,000.
 */
export function pairsToDecide(wins: number, pairs: number, bound: number): number | null {
  const rate = wins / pairs;
  if (!(rate > 0.5)) return null;
  const decided = (n: number): boolean => signEValue(Math.round(wins + rate * (n - pairs)), n) >= bound;
  if (decided(pairs)) return pairs;
  let [low, high] = [pairs, Math.max(2 * pairs, 8)];
  while (!decided(high)) {
    if (high >= mostPairs) return null;
    [low, high] = [high, Math.min(mostPairs, 2 * high)];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (decided(middle)) high = middle;
    else low = middle;
  }
  return high;
}
