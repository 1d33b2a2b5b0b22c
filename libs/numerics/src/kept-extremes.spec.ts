import fc from "fast-check";
import { expect, test } from "vitest";
import { keptExtremes } from "./kept-extremes";

const value = fc.oneof(fc.double({ min: -1e300, max: 1e300, noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity, 0));

test("the least and the greatest value of any series are kept from four points on", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 400 }), fc.integer({ min: 4, max: 60 }), (values, budget) => {
      const kept = [...keptExtremes(values, budget)].map((i) => values[i] ?? NaN).filter(Number.isFinite);
      const finite = values.filter(Number.isFinite);
      expect(kept.length > 0).toBe(finite.length > 0);
      if (finite.length === 0) return;
      expect(Math.max(...kept)).toBe(Math.max(...finite));
      expect(Math.min(...kept)).toBe(Math.min(...finite));
    }),
  );
});

test("indices ascend, stay within the budget, and include both ends", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), fc.integer({ min: 2, max: 40 }), (values, budget) => {
      const chosen = [...keptExtremes(values, budget)];
      expect(chosen.length).toBeLessThanOrEqual(Math.min(budget, values.length));
      for (let i = 1; i < chosen.length; i += 1) expect(chosen[i]).toBeGreaterThan(chosen[i - 1] ?? -1);
      if (values.length > 0) expect([chosen[0], chosen.at(-1)]).toEqual([0, values.length - 1]);
      if (values.length <= budget) expect(chosen).toHaveLength(values.length);
    }),
  );
});

test("so are those of every stretch: twelve spikes a thousand points apart, in either direction", () => {
  const values = Array.from({ length: 12_000 }, (_, i) => (i % 1000 === 613 ? (i % 2000 === 613 ? 0.8 + i / 1e5 : -0.2) : 0.01));
  const spikes = values.flatMap((each, i) => (each === 0.01 ? [] : [i]));
  expect(spikes).toHaveLength(12);
  expect([...keptExtremes(values, 50)]).toEqual(expect.arrayContaining(spikes));
});

test("the place where a curve stops being finite is kept, and the rest still has its shape", () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i === 300 ? NaN : i === 700 ? 9 : 1));
  expect([...keptExtremes(values, 20)]).toEqual(expect.arrayContaining([300, 700]));
  expect([...keptExtremes(values, 5)]).toEqual(expect.arrayContaining([0, 300, 700, 999]));
});

test("of three points the middle one is the farthest from the ends; of two there are the ends", () => {
  const values = [1, 2, -30, 5, 1];
  expect([...keptExtremes(values, 3)]).toEqual([0, 2, 4]);
  expect([...keptExtremes(values, 2)]).toEqual([0, 4]);
  expect([...keptExtremes([NaN, NaN, NaN, NaN], 3)]).toEqual([0, 3]);
  expect([...keptExtremes([], 2)]).toEqual([]);
});

test("refuses budgets below two", () => {
  expect(() => keptExtremes([1], 1)).toThrow("at least 2");
  expect(() => keptExtremes([1], 2.5)).toThrow(RangeError);
});
