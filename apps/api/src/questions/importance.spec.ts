import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareBetween, shareBetweenTrials } from "./importance";

describe("the share of variance between levels", () => {
  it("of a figure that is the same everywhere is none, whatever the figure and the levels", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.1, 0.7, 3, 1, 0.925, 0.875, 1e-300, 1e300, -0.3),
        fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 200 }),
        (value, levels) => {
          expect(shareBetween(new Float64Array(levels.length).fill(value), levels)).toBeNull();
        },
      ),
    );
  });

  it("is ω²: SciPy's F of a one-way analysis of variance, (k − 1)(F − 1) / ((k − 1)(F − 1) + n)", () => {
    const y = [6, 8, 4, 5, 3, 4, 8, 12, 9, 11, 6, 8, 13, 9, 11, 8, 7, 12];
    const levels = y.map((_, i) => Math.floor(i / 6));
    const f = 9.264705882352942;
    expect(shareBetween(y, levels)).toBeCloseTo((2 * (f - 1)) / (2 * (f - 1) + 18), 12);
  });

  it("is at most all of it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ y: fc.double({ noNaN: true, noDefaultInfinity: true }), level: fc.integer({ min: -1, max: 4 }) })),
        (rows) => {
          const share = shareBetween(
            rows.map(({ y }) => y),
            rows.map(({ level }) => level),
          );
          if (share === null) return;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("counts runs that a parameter does not apply to in the whole alone", () => {
    const share = shareBetween([1, 1.1, 5, 5.1, 9, 9, 9, 9], [0, 0, 1, 1, -1, -1, -1, -1]);
    // With NumPy: SSB = 16 and MSW = 0.005 of the four it applies to, SST = 86.815 of all eight.
    expect(share).toBeCloseTo((16 - 0.005) / (86.815 + 0.005), 12);
  });
});

it("what lies between trials is not less than what one of their parameters does, so that shares and the seed's rest are one whole", () => {
  // By hand: F = 15/11 between the two values, so ω² = 1/34; F = 11/24, below 1, between the four trials.
  const y = [1, 2, 3, 1, 2, 3, 2, 3, 3, 2, 2, 3];
  const value = shareBetween(y, [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
  const trials = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3];
  expect(value).toBeCloseTo(1 / 34, 12);
  expect(shareBetween(y, trials)).toBe(0);
  expect(shareBetweenTrials(y, trials, [value, null])).toBe(value);
  expect(shareBetweenTrials([1, 1, 1, 1], [0, 0, 1, 1], [null])).toBeNull();
});
