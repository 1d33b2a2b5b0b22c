import fc from "fast-check";
import { expect, test } from "vitest";
import { keyedPermutation } from "./keyed-permutation";
import { randomStream } from "./random-stream";

const stream = (seed: number) => randomStream(seed, "keyed-permutation-spec");

test("holds every number once, below and above where it is listed", () => {
  for (const n of [1, 2, 3, 1000, 4096, 4097, 5000, 65_536, 65_537, 100_003]) {
    const at = keyedPermutation(stream(n), n);
    const seen = new Uint8Array(n);
    for (let i = 0; i < n; i += 1) seen[at(i)] = 1;
    expect(seen.every((one) => one === 1)).toBe(true);
  }
});

test("of up to 2^52 places, stays within them and repeats nothing", () => {
  fc.assert(
    fc.property(fc.integer({ min: 5000, max: 2 ** 52 }), fc.nat(1000), (n, seed) => {
      const at = keyedPermutation(stream(seed), n);
      const values = Array.from({ length: 200 }, (_, i) => at(i));
      expect(new Set(values).size).toBe(200);
      for (const value of values) expect(value >= 0 && value < n && Number.isSafeInteger(value)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("is the same for the same stream, another for another, and frozen: a change here changes sweeps that are stored", () => {
  const first = (seed: number, n: number): number[] => Array.from({ length: 6 }, (_, i) => keyedPermutation(stream(seed), n)(i));
  expect(first(1, 1e6)).toEqual(first(1, 1e6));
  expect(first(1, 1e6)).not.toEqual(first(2, 1e6));
  expect([first(7, 10), first(7, 1e6), first(7, 2 ** 52)]).toMatchInlineSnapshot(`
    [
      [
        4,
        1,
        5,
        6,
        7,
        3,
      ],
      [
        856734,
        601908,
        410149,
        774206,
        311137,
        548783,
      ],
      [
        2054964222699714,
        3879443810280798,
        1298116565481267,
        3463112897320873,
        2346988083504728,
        3434899238162770,
      ],
    ]
  `);
});

test("every place takes every number about equally often", () => {
  const [n, draws] = [5003, 20_000];
  for (const place of [0, 1, 2501, 5002]) {
    const tenths = new Array<number>(10).fill(0);
    for (let seed = 0; seed < draws; seed += 1) {
      const tenth = Math.floor((10 * keyedPermutation(stream(seed), n)(place)) / n);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // χ² with nine degrees of freedom: 27.9 is passed once in a thousand.
    const expected = draws / 10;
    expect(tenths.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(27.9);
  }
});

test("neighbouring places are independent", () => {
  const n = 1_000_003;
  const at = keyedPermutation(stream(3), n);
  let sum = 0;
  const pairs = 40_000;
  for (let i = 0; i < pairs; i += 1) sum += (at(i) / n - 0.5) * (at(i + 1) / n - 0.5);
  // Correlation 12·sum/pairs with deviation 1/√pairs.
  expect(Math.abs((12 * sum) / pairs) * Math.sqrt(pairs)).toBeLessThan(4);
});

test("refuses what has no order", () => {
  expect(() => keyedPermutation(stream(0), 0)).toThrow(RangeError);
  expect(() => keyedPermutation(stream(0), 1.5)).toThrow(RangeError);
  expect(() => keyedPermutation(stream(0), 10)(10)).toThrow("no place 10");
  expect(() => keyedPermutation(stream(0), 1e9)(-1)).toThrow(RangeError);
});
