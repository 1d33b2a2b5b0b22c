import fc from "fast-check";
import { expect, test } from "vitest";
import { normalQuantile } from "./normal-quantile";
import { permutation, randomStream } from "./random-stream";
import { mean, sampleStandardDeviation } from "./spread";

test("values are frozen: a change here changes the numbers of every run that was ever trained", () => {
  const stream = randomStream(42, "frozen", 7);
  expect({
    key: stream.key,
    uniform: [stream.uniform(0), stream.uniform(1), stream.uniform(2 ** 40 + 1)],
    normal: [stream.normal(0), stream.normal(1)],
    integers: [0, 1, 2, 3, 4, 5].map((i) => stream.integer(i, 10)),
    permutation: [...permutation(stream, 10)],
  }).toMatchInlineSnapshot(`
    {
      "integers": [
        0,
        3,
        8,
        0,
        4,
        1,
      ],
      "key": [
        3036350456,
        2386724826,
      ],
      "normal": [
        0.4724944603048522,
        -0.7037054824260611,
      ],
      "permutation": [
        6,
        9,
        7,
        2,
        5,
        3,
        0,
        4,
        1,
        8,
      ],
      "uniform": [
        0.040662630474191164,
        0.0766775726468012,
        0.1410966787414314,
      ],
    }
  `);
});

test("a fill from any start gives the same values as single reads", () => {
  const stream = randomStream(1, "fill");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 45 }), fc.integer({ min: 0, max: 9 }), (start, length) => {
      const uniform = new Float64Array(length);
      const normal = new Float64Array(length);
      const integers = new Int32Array(length);
      stream.fillUniform(uniform, start);
      stream.fillNormal(normal, start);
      stream.fillIntegers(integers, 1000, start);
      for (let i = 0; i < length; i++) {
        expect(uniform[i]).toBe(stream.uniform(start + i));
        expect(normal[i]).toBe(stream.normal(start + i));
        expect(integers[i]).toBe(stream.integer(start + i, 1000));
      }
    }),
    { numRuns: 50 },
  );
});

test("single precision is the double cut to 24 bits (uniform) or rounded (normal)", () => {
  const stream = randomStream(3, "precision");
  const single = new Float32Array(1000);
  const double = new Float64Array(1000);
  stream.fillUniform(single);
  stream.fillUniform(double);
  expect([...single]).toEqual([...double].map((u) => Math.floor(u * 2 ** 24) / 2 ** 24));
  stream.fillNormal(single);
  stream.fillNormal(double);
  expect([...single]).toEqual([...double].map(Math.fround));
});

test("seed, purpose, index and kind each lead to unrelated values", () => {
  const first = (seed: number, purpose: string, index: number): number => randomStream(seed, purpose, index).uniform(0);
  const values = [
    first(0, "a", 0),
    first(1, "a", 0),
    first(2 ** 32, "a", 0),
    first(0, "b", 0),
    first(0, "a", 1),
    first(0, "a", 2 ** 32),
    first(0, "", 0),
    first(0, "\0", 0),
    first(0, "aaaa", 0),
    first(0, "aaaaa", 0),
    normalCdfOf(randomStream(0, "a", 0).normal(0)),
  ];
  expect(new Set(values.map((v) => v.toFixed(6))).size).toBe(values.length);
});

/** Which uniform a normal value came from, by bisection. */
function normalCdfOf(z: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return low;
}

test("uniform and normal values have the moments and independence of their distributions", () => {
  const n = 100_000;
  const values = new Float64Array(n);
  const stream = randomStream(5, "moments");
  stream.fillUniform(values);
  expect(Math.abs(mean(values) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n));
  expect(Math.abs(sampleStandardDeviation(values) - 1 / Math.sqrt(12))).toBeLessThan(0.002);
  expect(values.every((u) => u >= 0 && u < 1)).toBe(true);
  stream.fillNormal(values);
  expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(sampleStandardDeviation(values) - 1)).toBeLessThan(0.01);
  const lagged = values.map((z, i) => z * (values[i + 1] ?? 0));
  expect(Math.abs(mean(lagged))).toBeLessThan(4 / Math.sqrt(n));
});

test("integers are unbiased even where most words must be rejected", () => {
  const stream = randomStream(6, "integers");
  const below = 2 ** 31 + 1; // almost half of all words are rejected
  const values = new Uint32Array(20_000);
  stream.fillIntegers(values, below);
  expect(values.every((v) => v < below)).toBe(true);
  expect(Math.abs(mean(values) / below - 0.5)).toBeLessThan(0.01);

  const counts = new Array<number>(6).fill(0);
  const dice = new Int32Array(60_000);
  stream.fillIntegers(dice, 6);
  for (const face of dice) counts[face] = (counts[face] ?? 0) + 1;
  const chiSquare = counts.reduce((total, count) => total + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(20.5); // 0.999 quantile for 5 degrees of freedom
  expect(stream.integer(0, 1)).toBe(0);
  expect(stream.integer(0, 2 ** 32)).toBeLessThan(2 ** 32);
});

test("a permutation holds every index once, and all orders are equally frequent", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.nat(), (n, seed) => {
      const order = permutation(randomStream(seed, "permutation"), n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }),
    { numRuns: 50 },
  );
  const counts = new Map<string, number>();
  const draws = 24_000;
  for (let i = 0; i < draws; i++) {
    const order = permutation(randomStream(9, "orders", i), 4).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chiSquare = [...counts.values()].reduce((total, count) => total + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(49.8); // 0.999 quantile for 23 degrees of freedom
});

test.each([
  [() => randomStream(-1, "x"), "seed must be an integer from 0 to 2^53 − 1, not -1"],
  [() => randomStream(Number.NaN, "x"), "seed must be"],
  [() => randomStream(0, "x", 0.5), "index must be"],
  [() => randomStream(0, "x").integer(0, 0), "the bound of random integers must be"],
  [() => randomStream(0, "x").fillIntegers(new Int32Array(1), 2 ** 32), "the bound of random integers must be"],
  [() => randomStream(0, "x").uniform(-1), "the first position in a stream must be"],
  [() => permutation(randomStream(0, "x"), -1), "the length of a permutation must be"],
])("refuses what would silently give other numbers (%#)", (attempt, message) => {
  expect(attempt).toThrow(RangeError);
  expect(attempt).toThrow(message);
});
