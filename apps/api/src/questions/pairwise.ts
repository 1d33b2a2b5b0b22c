import type { Figure, PairwiseTest } from "@basin/contracts";
import {
  cliffsDelta,
  fisherExact,
  hodgesLehmann,
  leastMannWhitneyP,
  mannWhitney,
  mean,
  median,
  proportionDifference,
  sampleStandardDeviation,
  welchTest,
} from "@basin/numerics";
import { worstValue } from "./evidence";

export interface TestedGroup {
  label: string;
  /** Finite values of the figure. */
  values: readonly number[];
  /** Runs that ended without one: they count as worse than any. */
  diverged: number;
  /** Runs that were given up, and those that repeat another: neither enters. */
  failed: number;
  repeats: number;
  success: PairwiseTest["a"]["success"];
}

/** Usual thresholds of |delta|: J. Romano et al., Annual meeting of the Florida Association of Institutional Research (2006). */
function magnitudeOf(delta: number): "negligible" | "small" | "medium" | "large" {
  const size = Math.abs(delta);
  return size < 0.147 ? "negligible" : size < 0.33 ? "small" : size < 0.474 ? "medium" : "large";
}

/** Tests, effect sizes and what they say. Pure. */
export function pairwiseTest(figure: Figure, a: TestedGroup, b: TestedGroup): PairwiseTest {
  const [ranksA, ranksB] = [rankedValues(figure, a), rankedValues(figure, b)];
  const delta = cliffsDelta(ranksA, ranksB);
  const result: Omit<PairwiseTest, "reading"> = {
    figure,
    a: sideOf(a),
    b: sideOf(b),
    mannWhitney: mannWhitney(ranksA, ranksB),
    welch: welchTest(a.values, b.values),
    cliffsDelta: delta && { ...delta, magnitude: magnitudeOf(delta.value) },
    hodgesLehmann: hodgesLehmann(a.values, b.values),
    success: successOf(a, b),
  };
  return { ...result, reading: readingOf(result) };
}

/** A rank test asks for the order alone, so a run without a value has its place in it. */
function rankedValues({ better }: Figure, { values, diverged }: TestedGroup): number[] {
  const worst = worstValue(better);
  return worst === null ? [...values] : [...values, ...new Array<number>(diverged).fill(worst)];
}

function sideOf({ label, values, success, diverged, failed, repeats }: TestedGroup): PairwiseTest["a"] {
  const n = values.length;
  return {
    label,
    n,
    diverged,
    failed,
    repeats,
    median: n === 0 ? null : median(values),
    mean: n === 0 ? null : mean(values),
    std: n < 2 ? null : sampleStandardDeviation(values),
    success,
  };
}

function successOf(a: TestedGroup, b: TestedGroup): PairwiseTest["success"] {
  if (!a.success || !b.success) return null;
  const difference = proportionDifference(a.success.met, a.success.of, b.success.met, b.success.of);
  return difference && { ...difference, p: fisherExact(a.success.met, a.success.of, b.success.met, b.success.of) };
}

const significant = 0.05;

/** At most four significant digits. */
function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function chance(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${plain(p)}`;
}

/** Says of each side which runs have no value, and what became of them. */
function apart(figure: Figure, a: PairwiseTest["a"], b: PairwiseTest["a"]): string[] {
  return [a, b].flatMap(({ label, n, diverged, failed, repeats }): string[] => {
    const all = n + diverged + failed;
    const runs = (count: number): string => (count === 1 ? "run" : "runs");
    return [
      ...(diverged > 0
        ? [
            `${diverged} of ${all} ${runs(all)} of ${label} diverged or ended without a value and ${figure.better === null ? "are left out" : "count as worse than any"}.`,
          ]
        : []),
      ...(failed > 0 ? [`${failed} of ${all} ${runs(all)} of ${label} failed and are left out.`] : []),
      ...(repeats > 0 ? [`${repeats} ${runs(repeats)} of ${label} repeat another and count once with it.`] : []),
    ];
  });
}

function readingOf({
  figure,
  a,
  b,
  mannWhitney: test,
  cliffsDelta: delta,
  hodgesLehmann: shift,
  success,
}: Omit<PairwiseTest, "reading">): string {
  const name = figure.title;
  const counted = (side: PairwiseTest["a"]): number => side.n + (figure.better === null ? 0 : side.diverged);
  if (counted(a) === 0 || counted(b) === 0) {
    const empty = [a, b].filter((side) => counted(side) === 0).map(({ label }) => label);
    return [
      `No run of ${empty.join(" and of ")} has a value of ${name} yet, so there is nothing to compare.`,
      ...apart(figure, a, b),
    ].join(" ");
  }
  const sentences: string[] = [];
  if (!test || !delta) sentences.push(a.n + b.n === 0 ? `No run has a value of ${name}.` : `All values of ${name} are equal.`);
  else if (test.p < significant) {
    const higher = delta.value > 0 ? b : a;
    const lower = delta.value > 0 ? a : b;
    const share = plain(50 + 50 * Math.abs(delta.value));
    const good =
      figure.better === null
        ? ""
        : `; ${figure.better} is better, so ${(figure.better === "higher" ? higher : lower).label} wins`;
    sentences.push(
      `${name} is higher in ${higher.label} than in ${lower.label} (${chance(test.p)}${good}).`,
      `A random run of ${higher.label} is above one of ${lower.label} in ${share} % of pairs, a ${delta.magnitude} effect;`,
      shift
        ? `the typical difference${a.diverged + b.diverged > 0 ? " between runs with a value" : ""} is ${plain(Math.abs(shift.shift))}${figure.unit === "" ? "" : ` ${figure.unit}`}.`
        : "one side has no value that a difference could be taken from.",
    );
  } else {
    sentences.push(
      `These runs do not show that ${name} differs between ${a.label} and ${b.label} (${chance(test.p)}).`,
      ...(shift?.interval
        ? [
            `With 95 % confidence the shift${a.diverged + b.diverged > 0 ? " between runs with a value" : ""} lies between ${plain(shift.interval.low)} and ${plain(shift.interval.high)}${figure.unit === "" ? "" : ` ${figure.unit}`}.`,
          ]
        : []),
    );
  }
  sentences.push(...apart(figure, a, b));
  const fewer = Math.min(counted(a), counted(b));
  if (leastMannWhitneyP(counted(a), counted(b)) >= significant)
    sentences.push(`${counted(a)} against ${counted(b)} runs are too few: no difference, however large, could show.`);
  else if (fewer < 5)
    sentences.push(
      `With ${fewer} ${fewer === 1 ? "initialization" : "initializations"} on one side, only very large effects can show.`,
    );
  if (success && a.success && b.success) {
    const rates = `${a.success.met} of ${a.success.of} against ${b.success.met} of ${b.success.of} runs met the criterion`;
    sentences.push(`${rates}: ${success.p < significant ? "a real difference" : "no clear difference"} (${chance(success.p)}).`);
  }
  return sentences.join(" ");
}
