import { expect, test } from "vitest";
import { countMinima, deviation, expectedShares } from "./minima-share";

const intervals = 4000;
const end = 10;

/**
 * de Bruijn's Pfaffian over [from, 10] with the weight exp(−x²/2), by Simpson's rule: entries ∫∫ sign(y − x) x^j y^k, and for odd n a last
 * column ∫ x^j.
 */
function pfaffianOver(from: number, n: number): number {
  const h = (end - from) / intervals;
  const simpson = (f: readonly number[]): number =>
    (h / 3) * f.reduce((sum, value, i) => sum + value * (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2), 0);
  const powers = Array.from({ length: n }, (_, k) => (x: number) => x ** k * Math.exp((-x * x) / 2));
  const values = powers.map((f) => Array.from({ length: intervals + 1 }, (_, i) => f(from + i * h)));
  const upTo = powers.map((f, k) => {
    const sums = [0];
    for (let i = 1; i <= intervals; i++)
      sums.push(sums[i - 1]! + (h / 6) * (values[k]![i - 1]! + 4 * f(from + (i - 0.5) * h) + values[k]![i]!));
    return sums;
  });
  const moments = values.map(simpson);
  const entry = (j: number, k: number): number => {
    if (k === n) return moments[j]!;
    return simpson(values[j]!.map((value, i) => value * (moments[k]! - 2 * upTo[k]![i]!)));
  };
  const pfaffian = ([first, ...rest]: number[]): number =>
    first === undefined
      ? 1
      : rest.reduce(
          (sum, k, place) => sum + (place % 2 === 0 ? 1 : -1) * entry(first, k) * pfaffian(rest.filter((one) => one !== k)),
          0,
        );
  return pfaffian(Array.from({ length: n % 2 === 0 ? n : n + 1 }, (_, i) => i));
}

test.each([1, 2, 3, 4, 5])("of %i × %i matrices the share is the quotient of the Pfaffians", (n) => {
  const quotient = Math.abs(pfaffianOver(0, n) / pfaffianOver(-end, n));
  expect(Math.abs(quotient / (expectedShares[n - 1] ?? NaN) - 1)).toBeLessThan(1e-7);
});

test("counts of drawn matrices keep to the shares, and begin with the same draws", () => {
  for (const n of [1, 2, 3])
    expect(deviation(countMinima(7, n, 4000) / 4000, expectedShares[n - 1] ?? NaN, 4000)).toBeLessThan(4);
  expect(countMinima(7, 2, 50)).toBeLessThanOrEqual(countMinima(7, 2, 100));
  expect(deviation(0.6, 0.5, 100)).toBeCloseTo(2, 12);
});
