import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactSum, sum } from "./exact-sum";
import { OnlineStatistics } from "./online-statistics";
import { mean, sampleStandardDeviation } from "./spread";
import { confidenceInterval, median, medianInterval, quantile, sortedQuantile, summarize, wilsonInterval } from "./statistics";
import { studentTQuantile } from "./student-t";

describe("studentTQuantile", () => {
  // 0.975 quantiles from arbitrary-precision arithmetic.
  test.each([
    [1, 12.7062047361747],
    [2, 4.302652729749464],
    [3, 3.18244630528371],
    [4, 2.776445105197794],
    [5, 2.570581835636316],
    [6, 2.44691185114497],
    [8, 2.306004135204167],
    [9, 2.262157162798206],
    [10, 2.228138851986275],
    [14, 2.144786687917804],
    [20, 2.085963447265865],
    [29, 2.045229642132704],
    [30, 2.042272456301238],
    [49, 2.00957523712924],
    [60, 2.000297822014261],
    [99, 1.984216951586417],
    [100, 1.983971518523552],
    [500, 1.964719837467368],
    [1000, 1.962339080826408],
    [1999, 1.961151420170562],
    [2000, 1.961150826099438],
    [10000, 1.960201239890626],
    [1000000, 1.959966356814107],
  ])("of 0.975 with %i degrees of freedom is %f", (degrees, want) => {
    expect(Math.abs(studentTQuantile(0.975, degrees) / want - 1)).toBeLessThan(1e-12);
  });

  test("with fractional and extreme degrees, other levels, and the closed forms of 1 and 2 degrees", () => {
    for (const p of [0.501, 0.6, 0.9, 0.995, 0.99999]) {
      expect(Math.abs(studentTQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5)) - 1)).toBeLessThan(1e-10);
      const closed = (2 * p - 1) * Math.sqrt(2 / (1 - (2 * p - 1) ** 2));
      expect(Math.abs(studentTQuantile(p, 2) / closed - 1)).toBeLessThan(1e-10);
      expect(studentTQuantile(1 - p, 7)).toBeCloseTo(-studentTQuantile(p, 7), 9);
    }
    expect(studentTQuantile(0.975, Infinity)).toBeCloseTo(1.959963984540054, 14);
    expect(studentTQuantile(0.975, 2.5)).toBeGreaterThan(studentTQuantile(0.975, 3));
    expect(studentTQuantile(0.975, 0.1)).toBeGreaterThan(1e9);
    expect([studentTQuantile(0.5, 3), studentTQuantile(1, 3), studentTQuantile(0, 3)]).toEqual([0, Infinity, -Infinity]);
    expect([studentTQuantile(0.9, 0), studentTQuantile(1.1, 3), studentTQuantile(NaN, 3)]).toEqual([NaN, NaN, NaN]);
  });
});

describe("exact sum", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });

  test("rounds once", () => {
    expect(sum([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])).toBe(2.8);
    expect(sum([1e16, 1, -1e16])).toBe(1);
    expect(sum([1e100, 1, -1e100, 1e-100])).toBe(1);
    expect(sum([1, 2 ** -53, 2 ** -106])).toBe(1 + 2 ** -52); // just above half way: away from 1
    expect(sum([])).toBe(0);
    expect([sum([1, Infinity]), sum([Infinity, -Infinity]), sum([NaN, 1])]).toEqual([Infinity, NaN, NaN]);
  });

  test("depends neither on order nor on division into parts", () => {
    fc.assert(
      fc.property(fc.array(value), fc.nat(), (values, cut) => {
        const at = values.length === 0 ? 0 : cut % values.length;
        const first = new ExactSum();
        const second = new ExactSum();
        first.addAll(values.slice(0, at));
        second.addAll(values.slice(at));
        first.merge(second);
        expect(first.value()).toBe(sum(values));
        expect(sum([...values].reverse())).toBe(sum(values));
      }),
    );
  });

  test("equals exact integer arithmetic", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (values) => {
        expect(sum(values)).toBe(Number(values.reduce((total, v) => total + BigInt(v), 0n)) + 0);
      }),
    );
  });
});

describe("figures of a group", () => {
  test("mean, standard deviation, quantiles and interval of a known sample", () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(sampleStandardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect([median(values), quantile(values, 0.25), quantile(values, 0.9), quantile(values, 1)]).toEqual([4.5, 4, 7.6, 9]);
    const interval = confidenceInterval(values);
    expect(interval?.high).toBeCloseTo(5 + (2.3646242515927849 * Math.sqrt(32 / 7)) / Math.sqrt(8), 12);
    expect((interval?.low ?? 0) + (interval?.high ?? 0)).toBeCloseTo(10, 12);
  });

  test("a standard deviation far from zero keeps its digits", () => {
    expect(sampleStandardDeviation([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBeCloseTo(Math.sqrt(30), 12);
  });

  test("quantiles of infinite values: what lies beside one is infinite, what does not is not", () => {
    expect(sortedQuantile([1, 2, 3, Infinity], 0.5)).toBe(2.5);
    expect([sortedQuantile([1, 2, Infinity, Infinity], 0.5), sortedQuantile([-Infinity, -Infinity, 1, 2], 0.5)]).toEqual([
      Infinity,
      -Infinity,
    ]);
    expect(sortedQuantile([-Infinity, 1, 2], 0.5)).toBe(1);
    expect(sortedQuantile([-1.7e308, 1.7e308], 0.75) / 0.85e308).toBeCloseTo(1, 12);
  });

  test("too few values give null or NaN, values that are not finite are left out of a summary", () => {
    expect([mean([]), sampleStandardDeviation([1]), median([]), quantile([1, NaN], 0.5), quantile([1], 2)]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
    expect(confidenceInterval([1])).toBeNull();
    expect(summarize([null, NaN, Infinity])).toEqual({
      n: 0,
      mean: null,
      median: null,
      std: null,
      ciLow: null,
      ciHigh: null,
      min: null,
      max: null,
    });
    expect(summarize([3, null])).toEqual({ n: 1, mean: 3, median: 3, std: null, ciLow: null, ciHigh: null, min: 3, max: 3 });
    const two = summarize([1, 3, NaN]);
    expect(two).toMatchObject({ n: 2, mean: 2, median: 2, std: Math.SQRT2, min: 1, max: 3 });
    expect(two.ciHigh).toBeCloseTo(2 + 12.706204736174705, 9);
  });

  test("Wilson's interval: published values, ends touched exactly, nonsense refused", () => {
    const interval = wilsonInterval(81, 263); // Newcombe (1998), method 3
    expect(interval?.low).toBeCloseTo(0.2553, 4);
    expect(interval?.high).toBeCloseTo(0.3662, 4);
    expect(wilsonInterval(0, 20)).toEqual({ low: 0, high: expect.closeTo(0.1611, 4) as number });
    expect(wilsonInterval(29, 29)).toEqual({ low: expect.closeTo(0.883, 4) as number, high: 1 });
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
    expect(() => wilsonInterval(-1, 2)).toThrow(RangeError);
  });

  test("online statistics agree with two passes, in one part or several", () => {
    // The square of a number below 1e-154 is no normal number any more, so that deviations of such ones have no digits.
    const value = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((x) => (Math.abs(x) < 1e-140 ? 0 : x));
    const values = fc.array(value, { minLength: 2 });
    fc.assert(
      fc.property(values, fc.nat(), (all, cut) => {
        const parts = [new OnlineStatistics(), new OnlineStatistics(), new OnlineStatistics()] as const;
        all.forEach((value, i) => parts[i < cut % all.length ? 1 : 2].add(value));
        parts[0].merge(parts[1]);
        parts[0].merge(parts[2]);
        const scale = Math.max(...all.map(Math.abs), 1e-300);
        expect(parts[0].count).toBe(all.length);
        expect(Math.abs(parts[0].mean - mean(all)) / scale).toBeLessThan(1e-13);
        expect(Math.abs(parts[0].sampleStandardDeviation - sampleStandardDeviation(all)) / scale).toBeLessThan(1e-7);
        expect([parts[0].min, parts[0].max]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
    const none = new OnlineStatistics();
    expect([none.count, none.mean, none.sampleStandardDeviation, none.min, none.max]).toEqual([0, NaN, NaN, NaN, NaN]);
  });
});

describe("the interval of a median", () => {
  const ascending = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

  // Ranks of the usual table for 95 % (e.g. W. J. Conover, Practical Nonparametric Statistics, appendix of the sign test).
  test.each([
    [6, 1],
    [8, 1],
    [9, 2],
    [10, 2],
    [12, 3],
    [15, 4],
    [20, 6],
    [25, 8],
    [50, 18],
    [100, 40],
  ])("of %i values reaches from rank %i to the same rank from above", (n, rank) => {
    expect(medianInterval(ascending(n))).toEqual({ low: rank, high: n + 1 - rank });
  });

  test("does not exist for few values, and may be open where values are infinite", () => {
    for (const n of [0, 1, 5]) expect(medianInterval(ascending(n))).toBeNull();
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])).toEqual({
      low: 2,
      high: Number.POSITIVE_INFINITY,
    });
  });

  test("goes over into the normal limit without a step", () => {
    const [before, after] = [medianInterval(ascending(999)), medianInterval(ascending(1000))];
    expect(Math.abs((before?.low ?? 0) - (after?.low ?? 0))).toBeLessThanOrEqual(1);
  });
});
