import { wilsonInterval, type Interval } from "./statistics";

/** Logarithms of 0! … n!. */
function logFactorials(n: number): Float64Array {
  const result = new Float64Array(n + 1);
  for (let i = 2; i <= n; i += 1) result[i] = (result[i - 1] ?? 0) + Math.log(i);
  return result;
}

/**
 * Fisher's exact test that two proportions are equal, two-sided: the probability of every table with the same margins that is no
 * likelier than the one seen (relative tolerance 1e-7). 1 when a side is empty.
 */
export function fisherExact(hitsA: number, ofA: number, hitsB: number, ofB: number): number {
  const hits = hitsA + hitsB;
  const all = ofA + ofB;
  if (ofA === 0 || ofB === 0) return 1;
  const log = logFactorials(all);
  const l = (i: number): number => log[i] ?? 0;
  const constant = l(hits) + l(all - hits) + l(ofA) + l(ofB) - l(all);
  const logProbability = (x: number): number => constant - l(x) - l(hits - x) - l(ofA - x) - l(ofB - hits + x);
  const seen = logProbability(hitsA) + 1e-7;
  let [counted, others] = [0, 0];
  for (let x = Math.max(0, hits - ofB); x <= Math.min(hits, ofA); x += 1) {
    const one = logProbability(x);
    if (one <= seen) counted += Math.exp(one);
    else others += Math.exp(one);
  }
  // Over their sum, which is 1 but for rounding: where every table counts it is 1 exactly.
  return counted / (counted + others);
}

/** How much greater b's proportion is than a's, with R. G. Newcombe's hybrid score interval (Statistics in Medicine 17 (1998), method 10). Null when a side is empty. */
export function proportionDifference(
  hitsA: number,
  ofA: number,
  hitsB: number,
  ofB: number,
): (Interval & { difference: number }) | null {
  const a = wilsonInterval(hitsA, ofA);
  const b = wilsonInterval(hitsB, ofB);
  if (!a || !b) return null;
  const rateA = hitsA / ofA;
  const rateB = hitsB / ofB;
  const difference = rateB - rateA;
  return {
    difference,
    low: difference - Math.hypot(rateB - b.low, a.high - rateA),
    high: difference + Math.hypot(b.high - rateB, rateA - a.low),
  };
}
