import type { Figure, PairwiseTest } from "@basin/contracts";
import {
  cliffsDelta,
  fisherExact,
  hodgesLehmann,
  mannWhitney,
  mean,
  median,
  proportionDifference,
  sampleStandardDeviation,
  welchTest,
} from "@basin/numerics";

export interface TestedGroup {
  label: string;
  /** Finite values of the figure. */
  values: readonly number[];
  success: PairwiseTest["a"]["success"];
}

/** Usual thresholds of |delta|: J. Romano et al., Annual meeting of the Florida Association of Institutional Research (2006). */
export function magnitudeOf(delta: number): "negligible" | "small" | "medium" | "large" {
  const size = Math.abs(delta);
  return size < 0.147 ? "negligible" : size < 0.33 ? "small" : size < 0.474 ? "medium" : "large";
}

/** Tests, effect sizes and what they say. Pure. */
export function pairwiseTest(figure: Figure, a: TestedGroup, b: TestedGroup): PairwiseTest {
  const delta = cliffsDelta(a.values, b.values);
  const result: Omit<PairwiseTest, "reading"> = {
    figure,
    a: sideOf(a),
    b: sideOf(b),
    mannWhitney: mannWhitney(a.values, b.values),
    welch: welchTest(a.values, b.values),
    cliffsDelta: delta && { ...delta, magnitude: magnitudeOf(delta.value) },
    hodgesLehmann: hodgesLehmann(a.values, b.values),
    success: successOf(a, b),
  };
  return { ...result, reading: readingOf(result) };
}

function sideOf({ label, values, success }: TestedGroup): PairwiseTest["a"] {
  const n = values.length;
  return {
    label,
    n,
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
  if (a.n === 0 || b.n === 0) {
    const empty = [a, b].filter(({ n }) => n === 0).map(({ label }) => label);
    return `No run of ${empty.join(" and of ")} has a value of ${name} yet, so there is nothing to compare.`;
  }
  const sentences: string[] = [];
  if (!test || !delta || !shift) sentences.push(`All values of ${name} are equal.`);
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
      `the typical difference is ${plain(Math.abs(shift.shift))}${figure.unit === "" ? "" : ` ${figure.unit}`}.`,
    );
  } else {
    sentences.push(
      `These runs do not show that ${name} differs between ${a.label} and ${b.label} (${chance(test.p)}).`,
      `With 95 % confidence the shift lies between ${plain(shift.low)} and ${plain(shift.high)}${figure.unit === "" ? "" : ` ${figure.unit}`}.`,
    );
  }
  if (Math.min(a.n, b.n) < 5)
    sentences.push(`With ${Math.min(a.n, b.n)} initializations on one side, only very large effects can show.`);
  if (success && a.success && b.success) {
    const rates = `${a.success.met} of ${a.success.of} against ${b.success.met} of ${b.success.of} runs succeeded`;
    sentences.push(`${rates}: ${success.p < significant ? "a real difference" : "no clear difference"} (${chance(success.p)}).`);
  }
  return sentences.join(" ");
}
