import { describe, expect, test } from "vitest";
import { mostSequenceCoordinates, radicalInverse, scrambledHalton, scrambledSobol, type PointSequence } from "./low-discrepancy";
import { mostSobolCoordinates, sobolDigits, sobolDirections } from "./sobol-directions";

// scipy.stats.qmc.Sobol(256, scramble=False, bits=32) of SciPy 1.17.1.
test.each([
  [1, 5, 0.5],
  [7, 9, 0.875],
  [100, 31, 0.4140625],
  [511, 64, 0.572265625],
  [777, 127, 0.1181640625],
  [1023, 200, 0.6591796875],
  [1000, 255, 0.2490234375],
  [3, 255, 0.25],
])("point %i, coordinate %i of Sobol's sequence is SciPy's", (i, j, expected) => {
  expect(sobolDigits(sobolDirections(j), i) / 2 ** 32).toBe(expected);
});

// scipy.stats.qmc.Halton(6, scramble=False).
test.each([
  [0, 7, 0],
  [1, 2, 0.5],
  [2, 3, 0.6666666666666666],
  [5, 5, 0.04],
  [7, 7, 0.02040816326530612],
  [100, 11, 0.1652892561983471],
  [1000, 13, 0.9904415111515704],
  [999, 3, 0.01417466849565615],
])("%i in base %i, mirrored, is SciPy's", (i, base, expected) => {
  expect(radicalInverse(i, base)).toBeCloseTo(expected, 15);
});

const column = (points: PointSequence, count: number, j: number, first = 0): number[] =>
  Array.from({ length: count }, (_, i) => points(first + i)[j] ?? NaN);
const parts = (values: readonly number[], count: number): number => new Set(values.map((u) => Math.floor(u * count))).size;

describe("a scrambled Sobol sequence", () => {
  test("has one of 2^m points in each 2^m-th part of every coordinate, from every multiple of 2^m on", () => {
    const points = scrambledSobol(mostSobolCoordinates, 5, "spec");
    for (const j of [0, 1, 2, 17, 100, 255]) {
      for (const first of [0, 128, 1280]) expect(parts(column(points, 128, j, first), 128), `coordinate ${j}`).toBe(128);
    }
  });

  test("has one of 2^m points in each box of that size in the first two coordinates, a (0, m, 2)-net", () => {
    const points = scrambledSobol(2, 11, "spec");
    for (let across = 0; across <= 6; across++) {
      const boxes = Array.from({ length: 64 }, (_, i) => {
        const [x = 0, y = 0] = points(i);
        return `${Math.floor(x * 2 ** across)} ${Math.floor(y * 2 ** (6 - across))}`;
      });
      expect(new Set(boxes).size, `2^${across} × 2^${6 - across}`).toBe(64);
    }
  });
});

test("a scrambled Halton sequence has one of b^k points in each b^k-th part of the coordinate of base b", () => {
  const points = scrambledHalton(4, 5, "spec");
  for (const [j, base, k] of [
    [0, 2, 6],
    [1, 3, 4],
    [2, 5, 3],
    [3, 7, 2],
  ] as const) {
    const count = base ** k;
    for (const first of [0, 3 * count]) expect(parts(column(points, count, j, first), count), `base ${base}`).toBe(count);
  }
});

describe.each([
  ["Sobol", scrambledSobol],
  ["Halton", scrambledHalton],
])("scrambled %s", (_, sequence) => {
  test("integrates a smooth function far better than as many random points", () => {
    // ∏ (1 + (x_j − ½)) over the unit cube is 1; the standard error of 1,024 random points is 0.022.
    const errors = Array.from({ length: 20 }, (_, seed) => {
      const points = sequence(6, seed, "spec");
      let sum = 0;
      for (let i = 0; i < 1024; i++) sum += points(i).reduce((product, x) => product * (0.5 + x), 1);
      return sum / 1024 - 1;
    });
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / 20)).toBeLessThan(0.003);
  });

  test("is uniform in each point over seeds, and other for another seed or purpose", () => {
    const first = Array.from({ length: 400 }, (_, seed) => sequence(2, seed, "spec")(0)[1] ?? NaN);
    expect(Math.abs(first.reduce((a, b) => a + b) / 400 - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 400));
    expect(parts(first, 10)).toBe(10);
    expect(sequence(2, 1, "spec")(3)).toEqual(sequence(2, 1, "spec")(3));
    expect(sequence(2, 1, "spec")(3)).not.toEqual(sequence(2, 1, "other")(3));
  });

  test("refuses coordinates and points that there are none of", () => {
    expect(() => sequence(0, 1, "spec")).toThrow(/1 to 256 coordinates, not 0/);
    expect(() => sequence(mostSequenceCoordinates + 1, 1, "spec")).toThrow(/not 257/);
    expect(() => sequence(1, 1, "spec")(-1)).toThrow(/not -1/);
  });
});
