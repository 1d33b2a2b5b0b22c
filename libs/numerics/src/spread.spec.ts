import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitLine } from "./linear-algebra";
import { welchTest } from "./mean-tests";
import { OnlineStatistics } from "./online-statistics";
import { mannWhitney } from "./rank-tests";
import { pearsonCorrelation, spearmanCorrelation } from "./ranks";
import { explainedVariance, permutationImportance } from "./regression-forest";
import { isConstant, mean, rSquared, sampleStandardDeviation, spreadOf, standardization } from "./spread";
import { confidenceInterval, quantile, summarize } from "./statistics";

/** Any number whose sums round, from the least to the greatest that a figure has. */
const constant = fc
  .tuple(fc.constantFrom(0.1, 0.7, 3, 1, 1 / 3, 0.925, -0.3, 0, 2 / 3), fc.integer({ min: -300, max: 299 }))
  .map(([digits, exponent]) => digits * 10 ** exponent);
const count = fc.integer({ min: 1, max: 300 });
/** Something beside it that varies. */
const varied = (n: number): number[] => Array.from({ length: n }, (_, i) => ((i * 7919) % 101) + i / n);

describe("values that are all equal", () => {
  it("do not vary, to the bit, whatever they are and however many", () => {
    fc.assert(
      fc.property(constant, count, (value, n) => {
        const same = new Float64Array(n).fill(value);
        expect(isConstant(same)).toBe(true);
        expect(spreadOf(same)).toBeNull();
        expect(mean(same) === value).toBe(true);
        expect(sampleStandardDeviation(same)).toBe(n < 2 ? Number.NaN : 0);
        expect(quantile(same, 0.37) === value).toBe(true);
        const { std, ciLow, ciHigh, mean: centre, min, max } = summarize(same);
        expect(std).toBe(n < 2 ? null : 0);
        for (const bound of n < 2 ? [centre, min, max] : [ciLow, ciHigh, centre, min, max]) expect(bound === value).toBe(true);
        expect(standardization(same).scale).toBe(1);
        expect(standardization(same).mean === value).toBe(true);
        const online = new OnlineStatistics();
        for (const one of same) online.add(one);
        expect(online.mean === value).toBe(true);
        expect(online.sampleStandardDeviation).toBe(n < 2 ? Number.NaN : 0);
      }),
    );
  });

  it("correlate with nothing, explain nothing and differ from nothing", () => {
    fc.assert(
      fc.property(constant, count, (value, n) => {
        const same = new Float64Array(n).fill(value);
        const other = varied(n);
        for (const [x, y] of [
          [same, other],
          [other, same],
          [same, same],
        ] as const) {
          expect(pearsonCorrelation(x, y)).toBeNull();
          expect(spearmanCorrelation(x, y)).toBeNull();
        }
        expect(rSquared(same, other)).toBeNaN();
        expect(rSquared(same, same)).toBeNaN();
        expect(explainedVariance(same, other)).toBeNaN();
        expect(fitLine(other, same).rSquared).toBeNaN();
        expect(fitLine(same, other)).toEqual({ slope: Number.NaN, intercept: Number.NaN, rSquared: Number.NaN });
        expect(mannWhitney(same, same)).toBeNull();
        expect(welchTest(same, same)).toBeNull();
        expect(confidenceInterval(same)).toEqual(n < 2 ? null : { low: value, high: value });
      }),
    );
  });

  it("give a forest nothing to find", () => {
    for (const value of [0.1, 0.7, 3, 1e-300, 1e300]) {
      const levels = [Uint8Array.from({ length: 60 }, (_, i) => i % 3)];
      const data = { levels, targets: new Float64Array(60).fill(value) };
      const { explained, features } = permutationImportance(data, { trees: 5, leafRows: 3, depth: 4, seed: 0, repetitions: 2 });
      expect(explained).toBeNaN();
      expect(features[0]?.loss).toBeNaN();
    }
  });
});

describe("values that vary", () => {
  // From exact rational arithmetic (Python's fractions, square root to 60 digits); NumPy's std gives 4.8e-17, inf and 0.
  it.each([
    [[0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2, 0.3], 3.0404709722440586e-17],
    [[1e300, 3e300, -2e300], 2.5166114784235835e300],
    [[1e-300, 3e-300, -2e-300], 2.5166114784235833e-300],
    [[5e-324, 0], 5e-324],
  ])("have their standard deviation, however close together, small or large: %j", (values, std) => {
    expect(Math.abs(sampleStandardDeviation(values) / std - 1)).toBeLessThan(1e-14);
    expect(spreadOf(values)).not.toBeNull();
  });

  it("have a mean between the least and the greatest", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        expect(mean(values)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(mean(values)).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
    expect(mean([1.7e308, 1.7e308, -1.7e308, 1.7e308])).toBeCloseTo(0.85e308, -295);
    expect(sampleStandardDeviation([1e308, -1e308]) / 1.4142135623730951e308).toBeCloseTo(1, 14);
  });

  it("correlate the same in any unit", () => {
    // SciPy 1.17.1: pearsonr, linregress and ttest_ind (equal_var=False) of the same digits.
    const [x, y] = [
      [0.1, 0.7, 3, 0.2, 5],
      [2, 3, 7, 1, 4],
    ];
    for (const unit of [1, 1e-200, 1e200, -1e-300]) {
      const scaled = y.map((value) => value * unit);
      expect(pearsonCorrelation(x, scaled)).toBeCloseTo(Math.sign(unit) * 0.6542174353115202, 13);
      expect(fitLine(x, scaled).slope / unit).toBeCloseTo(0.7033805888767721, 13);
      expect(fitLine(x, scaled).intercept / unit).toBeCloseTo(2.13391494002181, 13);
      const test = welchTest(
        [1.1, 2.3, 0.7, 4.5].map((value) => value * unit),
        [3.1, 4.7, 5.2, 2.2].map((value) => value * unit),
      );
      expect(test?.p).toBeCloseTo(0.1868877760522237, 11);
      expect(test?.degrees).toBeCloseTo(5.766788397508397, 10);
    }
  });

  it("of which one is not finite have no figures", () => {
    for (const values of [
      [1, Number.POSITIVE_INFINITY, 3],
      [1, 2, Number.NaN],
    ]) {
      expect(sampleStandardDeviation(values)).toBeNaN();
      expect(spreadOf(values)?.squares).toBeNaN();
      expect(pearsonCorrelation(values, [1, 2, 4])).toBeNull();
    }
  });
});

describe("standardization", () => {
  // scikit-learn 1.9.1, StandardScaler: scale_.
  it.each([
    [Array.from({ length: 40 }, (_, i) => (i < 20 ? 0.1 + 0.2 : 0.3)), 1],
    [Array.from({ length: 10 }, (_, i) => 1e9 + 1e-7 * i), 1],
    [Array.from({ length: 100 }, (_, i) => 1e5 + 1e-10 * i), 2.88649142e-9],
  ])("takes what rounding can make for a constant", (values, scale) => {
    expect(standardization(values).scale / scale).toBeCloseTo(1, 2);
  });

  it("is mean 0 and deviation 1 otherwise, and nothing at all for no values", () => {
    const values = varied(50);
    const { mean: centre, scale } = standardization(values);
    const standard = values.map((value) => (value - centre) / scale);
    expect(mean(standard)).toBeCloseTo(0, 14);
    expect(sampleStandardDeviation(standard) * Math.sqrt(49 / 50)).toBeCloseTo(1, 14);
    expect(standardization([])).toEqual({ mean: 0, scale: 1 });
  });
});

it("R² as scikit-learn's r2_score gives it", () => {
  expect(rSquared([1, 2, 3, 4], [1.1, 1.9, 3.2, 3.7])).toBeCloseTo(0.97, 14);
  expect(rSquared([1e-300, 2e-300, 3e-300, 4e-300], [1.1e-300, 1.9e-300, 3.2e-300, 3.7e-300])).toBeCloseTo(0.97, 12);
});
