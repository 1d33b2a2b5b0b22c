import { expect, test } from "vitest";
import { expectedBestOf, interquartileMean, startsNeeded } from "./over-seeds";

test("the interquartile mean is that of the middle half, with parts of values at its ends", () => {
  expect(interquartileMean([4, 1, 3, 2])).toBeCloseTo(2.5, 14);
  expect(interquartileMean([100, 1, 2, 3, 4, -50, 5, 6])).toBeCloseTo((2 + 3 + 4 + 5) / 4, 14);
  // Of five the middle half begins a quarter into the second: ¾ of it, the third, ¾ of the fourth.
  expect(interquartileMean([1, 2, 3, 4, 10])).toBeCloseTo((0.75 * 2 + 3 + 0.75 * 4) / 2.5, 14);
  expect(interquartileMean([7])).toBe(7);
  expect(interquartileMean([])).toBeNaN();
});

test("the expected best of k is the mean over all subsets of k", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  for (const maximize of [false, true]) {
    const found = expectedBestOf(values, 10, maximize);
    expect(found).toHaveLength(4);
    for (const [at, one] of found.entries()) {
      let [sum, count] = [0, 0];
      for (let mask = 0; mask < 256; mask++) {
        const subset = values.filter((_, i) => (mask >> i) & 1);
        if (subset.length !== at + 1) continue;
        sum += maximize ? Math.max(...subset) : Math.min(...subset);
        count += 1;
      }
      expect(one).toBeCloseTo(sum / count, 12);
    }
  }
  expect(expectedBestOf([2], 5)).toEqual([2]);
  expect(expectedBestOf([], 5)).toEqual([]);
});

test("starts needed are those after which no success is left with 5 %", () => {
  expect(0.7 ** startsNeeded(0.3)).toBeCloseTo(0.05, 12);
  expect(startsNeeded(1)).toBe(1);
  expect(startsNeeded(0)).toBe(Infinity);
});
