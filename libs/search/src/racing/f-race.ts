import { midRanks, normalTail, studentTQuantile } from "@basin/numerics";
import { figure, type Racer, type RaceRule } from "./race-rule";

/** Friedman's test says little of fewer blocks. */
const firstTest = 5;

/**
 * F-race (M. Birattari et al., "A Racing Algorithm for Configuring Metaheuristics", GECCO 2002): from 5 common initializations on, Friedman's test
 * that all racers are equal, initializations being blocks; where it says no at `alpha`, those are stopped whose ranks are further from the best than
 * W. J. Conover's critical difference (Practical Nonparametric Statistics, 3rd ed., 5.8). The incumbent races along over its first seeds. Two racers
 * are compared by the same test, which then is the sign test. The error of a whole race, with its many looks, is not `alpha`.
 */
export const fRace: RaceRule = {
  id: "f-race",
  version: 1,
  title: "F-race",
  summary: "Stops what Friedman's test and the comparison after it find worse, from 5 initializations on.",
  needsIncumbent: false,
  usesAlpha: true,
  next: ({ seeds }) => seeds + 1,
  stopped({ racers, incumbent, seeds, alpha }) {
    const all = incumbent ? [...racers, { ...incumbent, losses: incumbent.losses.slice(0, seeds) }] : racers;
    const test = seeds < firstTest ? null : friedman(all);
    if (!test || test.p > alpha) return new Map();
    const best = test.rankSums.indexOf(Math.min(...test.rankSums));
    const least = test.rankSums[best] ?? 0;
    const critical = studentTQuantile(1 - alpha / 2, test.degrees) * test.spread;
    return new Map(
      racers.flatMap(({ trial }, i): [number, string][] => {
        const sum = test.rankSums[i] ?? 0;
        if (i === best || !(sum - least > critical)) return [];
        const [mine, theirs] = [sum / test.blocks, least / test.blocks];
        const said = `over ${test.blocks} initializations its mean rank is ${figure(mine)}, that of trial ${all[best]?.trial ?? 0} ${figure(theirs)}; ${figure(critical / test.blocks)} apart counts at α = ${alpha}`;
        return [[trial, said]];
      }),
    );
  },
};

export interface Friedman {
  /** By racer; low is good. */
  rankSums: number[];
  /** Of χ² with (racers − 1) degrees of freedom, corrected for ties. */
  p: number;
  blocks: number;
  /** Of Conover's comparison: standard deviation of a difference of rank sums, and its degrees of freedom. */
  spread: number;
  degrees: number;
}

/** Over the initializations at which every racer has a loss. Null where there is nothing to test: fewer than two of either, or nothing but ties. */
export function friedman(racers: readonly Pick<Racer, "losses">[]): Friedman | null {
  const k = racers.length;
  const length = Math.min(...racers.map(({ losses }) => losses.length));
  const rankSums = new Array<number>(k).fill(0);
  let [blocks, squares] = [0, 0];
  for (let at = 0; at < length; at++) {
    const block = racers.map(({ losses }) => losses[at] ?? Number.NaN);
    if (block.some(Number.isNaN)) continue;
    blocks += 1;
    for (const [i, rank] of midRanks(block).ranks.entries()) {
      rankSums[i] = (rankSums[i] ?? 0) + rank;
      squares += rank * rank;
    }
  }
  const expected = (blocks * k * (k + 1) ** 2) / 4;
  if (k < 2 || blocks < 2 || !(squares > expected)) return null;
  const sums = rankSums.reduce((sum, one) => sum + one * one, 0);
  const statistic = ((k - 1) * (sums - blocks * expected)) / (squares - expected);
  const degrees = (blocks - 1) * (k - 1);
  const spread = Math.sqrt(Math.max(0, (2 * (blocks * squares - sums)) / degrees));
  return { rankSums, p: chiSquareTail(statistic, k - 1), blocks, spread, degrees };
}

/** P(χ² > x) for a whole number of degrees of freedom, by the recursion of the incomplete gamma function from ½ or 1 on. */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const half = x / 2;
  const odd = degrees % 2 === 1;
  let tail = odd ? 2 * normalTail(Math.sqrt(x)) : Math.exp(-half);
  // half^a·e^(−half)/Γ(a + 1), from a = ½ or 1 on.
  let term = odd ? Math.sqrt(half) * Math.exp(-half) * (2 / Math.sqrt(Math.PI)) : half * Math.exp(-half);
  for (let a = odd ? 0.5 : 1; a < degrees / 2; a += 1) {
    tail += term;
    term *= half / (a + 1);
  }
  return Math.min(1, tail);
}
