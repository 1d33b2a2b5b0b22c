import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { welchTest } from "./mean-tests";
import { normalTail } from "./normal-tail";
import { fisherExact, proportionDifference } from "./proportion-tests";
import { cliffsDelta, hodgesLehmann, leastMannWhitneyP, mannWhitney } from "./rank-tests";
import { midRanks, pearsonCorrelation, spearmanCorrelation } from "./ranks";
import { studentTTwoSided } from "./student-t";

// Every expected figure below was computed with SciPy 1.17.1 (mannwhitneyu, ttest_ind, fisher_exact, norm.sf, t.sf, spearmanr,
// pearsonr) or, where SciPy has no such function, with NumPy from the definition over all pairs.
const a = [1.1, 2.3, 0.7, 4.5, 3.2, 2.9, 1.8];
const b = [3.1, 4.7, 5.2, 2.2, 6.6, 4.9];
const tiedA = [1, 2, 2, 3, 3, 3, 4, 5];
const tiedB = [2, 3, 4, 4, 5, 5, 6, 6, 7];

describe("Mann–Whitney", () => {
  it("counts the distribution out for small samples without ties", () => {
    const test = mannWhitney(a, b);
    expect(test).toMatchObject({ u: 6, method: "exact" });
    expect(test?.p).toBeCloseTo(0.03496503496503496, 14);
  });

  // By listing all C(n + m, n) ways of dealing the mid-ranks with Python's itertools. The normal approximation gives 0.047 for [0.9]×3
  // against [1]×3, of which one in ten dealings is as extreme.
  it.each([
    [tiedA, tiedB, 13.5, 0.03200329082682024],
    [[0.9, 0.9, 0.9], [1, 1, 1], 0, 0.1],
    [[0.9, 0.9, 0.9], [1, 1, 1, 1], 0, 0.05714285714285714],
    [[0.9, 0.9, 0.9, 0.9], [1, 1, 1, 1], 0, 0.02857142857142857],
    [[0.8, 0.9, 0.9, 1], [1, 1, 1, 1, 1], 2.5, 0.09523809523809523],
    [[1, 1, 2], [1, 2, 2], 3, 1],
    [[1, Infinity, Infinity], [2, 3, Infinity], 5, 1],
  ])("counts it out with ties as well: %j against %j", (one, other, u, p) => {
    const tied = mannWhitney(one, other);
    expect(tied).toMatchObject({ u, method: "exact" });
    expect(tied?.p).toBeCloseTo(p, 14);
  });

  it("agrees with the untied count where the only tie is between infinities of one side", () => {
    expect(leastMannWhitneyP(3, 3)).toBeCloseTo(0.1, 15);
    expect(mannWhitney([1, 2, 3], [4, Infinity, Infinity])?.p).toBeCloseTo(leastMannWhitneyP(3, 3), 15);
    const half = Array.from({ length: 50 }, (_, i) => Math.floor(i / 2));
    expect(mannWhitney(half, half)?.p).toBe(1);
  });

  it("corrects for ties and continuity beyond 50 values", () => {
    const many = Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) / 10);
    const others = Array.from({ length: 60 }, (_, i) => ((i * 53 + 7) % 103) / 10 + 1.5);
    expect(mannWhitney(many, others)?.u).toBe(1247.5);
    expect(mannWhitney(many, others)?.p).toBeCloseTo(0.003762641840611262, 12);
  });

  it("is null without a question", () => {
    expect([mannWhitney([], b), mannWhitney([1, 1], [1, 1, 1])]).toEqual([null, null]);
  });

  it("does not depend on which sample comes first", () => {
    const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const forth = mannWhitney(x, y);
        const back = mannWhitney(y, x);
        expect(forth === null).toBe(back === null);
        if (!forth || !back) return;
        expect(forth.u + back.u).toBeCloseTo(x.length * y.length, 9);
        expect(forth.p).toBeCloseTo(back.p, 9);
        expect(forth.p).toBeGreaterThan(0);
        expect(forth.p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("effect sizes", () => {
  it("Cliff's delta with its interval", () => {
    const delta = cliffsDelta(a, b);
    expect(delta?.value).toBeCloseTo(0.7142857142857143, 14);
    expect(delta?.low).toBeCloseTo(0.13531154663588477, 12);
    expect(delta?.high).toBeCloseTo(0.9296238424724673, 12);
  });

  it("Cliff's delta of samples that do not overlap is sure to be high, the surer the more values there are", () => {
    expect(cliffsDelta([1, 2, 3], [4, 5, 6])).toMatchObject({ value: 1, high: 1 });
    const few = cliffsDelta([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])?.low ?? Number.NaN;
    const many = cliffsDelta(
      Array.from({ length: 50 }, (_, i) => i),
      Array.from({ length: 50 }, (_, i) => 100 + i),
    )?.low;
    expect(many).toBeGreaterThan(few);
    expect(cliffsDelta([6, 7], [1, 2])?.value).toBe(-1);
  });

  it("Hodges–Lehmann's shift with its exact interval", () => {
    const shift = hodgesLehmann(a, b);
    expect(shift?.shift).toBeCloseTo(2.05, 12);
    expect(shift?.interval?.low).toBeCloseTo(0.2, 12);
    expect(shift?.interval?.high).toBeCloseTo(4.1, 12);
  });

  // All differences of 3 and 3 values cover the shift in 1 − 2/C(6, 3) = 90 % of cases (R's wilcox.test warns: "requested conf.level not achievable").
  it("gives no interval that is narrower than it says", () => {
    expect(hodgesLehmann([1, 2, 3], [4, 5, 6.5])).toEqual({ shift: 3, interval: null });
    expect(hodgesLehmann([1], [2])).toEqual({ shift: 1, interval: null });
    expect(hodgesLehmann([1, 2, 3, 4], [5, 6, 7])?.interval).toBeNull();
    expect(hodgesLehmann([1, 2, 3, 4], [5, 6, 7, 8])?.interval).toEqual({ low: 1, high: 7 });
    expect(hodgesLehmann([1, 2, 3], [5, 6, 7, 8, 9])?.interval).toEqual({ low: 2, high: 8 });
    expect(hodgesLehmann([1, 2, 3], [4, 5, 6.5], 0.89)?.interval).toEqual({ low: 1, high: 5.5 });
  });

  it("recovers a shift of large samples, thinned", () => {
    const base = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3001);
    const shift = hodgesLehmann(
      base,
      base.map((x) => x + 250),
    );
    expect(shift?.shift).toBeCloseTo(250, 6);
    expect(shift?.interval?.low).toBeGreaterThan(195);
    expect(shift?.interval?.low).toBeLessThan(250);
    expect(shift?.interval?.high).toBeLessThan(305);
  });
});

it("Welch's test", () => {
  const test = welchTest(a, b);
  expect(test?.t).toBeCloseTo(2.586124226728432, 12);
  expect(test?.degrees).toBeCloseTo(9.811776057218642, 10);
  expect(test?.p).toBeCloseTo(0.0275179391175381, 11);
  expect(test?.low).toBeCloseTo(0.2850049260080143, 9);
  expect(test?.high).toBeCloseTo(3.90070935970627, 9);
  expect([welchTest([1], [2, 3]), welchTest([1, 1], [2, 2])]).toEqual([null, null]);
});

it.each([
  [0, 0.5],
  [0.5, 0.3085375387259869],
  [1.96, 0.024997895148220435],
  [3, 0.0013498980316300933],
  [3.5, 0.00023262907903552502],
  [8, 6.22096057427174e-16],
  [20, 2.7536241186061556e-89],
])("the normal distribution's tail beyond %f", (z, p) => {
  expect(normalTail(z) / p).toBeCloseTo(1, 11);
  expect(normalTail(-z)).toBeCloseTo(1 - p, 14);
});

it.each([
  [1, 1, 0.5000000000000001],
  [2.5, 4.3, 0.06244807463621133],
  [0.1, 30, 0.9210096117902712],
  [-12, 7, 6.358310378185098e-6],
])("both tails of Student's t beyond %f with %f degrees of freedom", (t, degrees, p) => {
  expect(studentTTwoSided(t, degrees) / p).toBeCloseTo(1, 10);
});

it("ranks and correlations", () => {
  expect([...midRanks([3, 1, 3, 2]).ranks]).toEqual([3.5, 1, 3.5, 2]);
  const ys = [3, 1, 4, 0, 5, 2, 6, 8].map((i) => tiedB[i] ?? 0);
  expect(spearmanCorrelation(tiedA, ys)).toBeCloseTo(0.5777400584843706, 12);
  expect(pearsonCorrelation(tiedA, ys)).toBeCloseTo(0.6075304364080838, 12);
  expect([pearsonCorrelation([1, 2], [3, 4]), pearsonCorrelation([1, 1, 1], [1, 2, 3])]).toEqual([null, null]);
});

it("Fisher's exact test, and the difference of proportions", () => {
  expect(fisherExact(3, 10, 9, 10)).toBeCloseTo(0.019766611097880443, 12);
  expect(fisherExact(0, 5, 5, 5)).toBeCloseTo(0.007936507936507938, 12);
  expect(fisherExact(40, 100, 50, 100)).toBeCloseTo(0.20070760013598074, 12);
  expect(fisherExact(0, 0, 5, 5)).toBe(1);
  // No table is likelier than the one seen, so all of them count: exactly 1, as a sum of fractions is.
  for (let of = 1; of <= 60; of += 1)
    for (let hits = 0; hits <= of; hits += 1) expect(fisherExact(hits, of, hits, of), `${hits}/${of}`).toBe(1);
  expect([fisherExact(1, 2, 1, 3), fisherExact(2500, 5000, 2500, 5000), fisherExact(7, 7, 9, 9)]).toEqual([1, 1, 1]);
  // R. G. Newcombe (1998), table II, example (a), method 10: 56/70 against 48/80.
  const difference = proportionDifference(48, 80, 56, 70);
  expect(difference?.difference).toBeCloseTo(0.2, 12);
  expect(difference?.low).toBeCloseTo(0.0524, 4);
  expect(difference?.high).toBeCloseTo(0.3339, 4);
});
