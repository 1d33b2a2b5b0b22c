import fc from "fast-check";
import { expect, test } from "vitest";
import { largestTriangleThreeBuckets } from "./largest-triangle";

const positions = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test("indices are ascending, distinct, within the budget, and include both ends", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), fc.integer({ min: 2, max: 40 }), (ys, budget) => {
      const chosen = [...largestTriangleThreeBuckets(positions(ys.length), ys, budget)];
      expect(chosen.length).toBe(Math.min(budget, ys.length));
      for (let i = 1; i < chosen.length; i++) expect(chosen[i]).toBeGreaterThan(chosen[i - 1] ?? -1);
      if (ys.length > 0) expect([chosen[0], chosen.at(-1)]).toEqual([0, ys.length - 1]);
    }),
  );
});

test("one spike among ten thousand flat points survives a budget of fifty", () => {
  for (const at of [1, 137, 5000, 9998]) {
    const ys = positions(10_000).map((i) => (i === at ? 5 : 0));
    expect([...largestTriangleThreeBuckets(positions(10_000), ys, 50)]).toContain(at);
  }
});

test("a curve that fits is returned whole", () => {
  expect([...largestTriangleThreeBuckets([0, 1, 2], [5, 6, 7], 3)]).toEqual([0, 1, 2]);
  expect([...largestTriangleThreeBuckets([], [], 2)]).toEqual([]);
});

test("the place where a curve stops being finite is kept, and the rest still has its shape", () => {
  const ys = positions(1000).map((i) => (i === 300 ? NaN : i === 700 ? 9 : 1));
  const chosen = [...largestTriangleThreeBuckets(positions(1000), ys, 20)];
  expect(chosen).toContain(300);
  expect(chosen).toContain(700);
});

test("refuses budgets below two and unequal lengths", () => {
  expect(() => largestTriangleThreeBuckets([1], [1], 1)).toThrow("at least 2");
  expect(() => largestTriangleThreeBuckets([1, 2], [1], 2)).toThrow("as many values as positions");
});
