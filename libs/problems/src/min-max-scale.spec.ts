import fc from "fast-check";
import { expect, test } from "vitest";
import { minMaxScale } from "./min-max-scale";

test("maps the least to low and the greatest to high, and back", () => {
  const { scale, restore } = minMaxScale([3, 7, 4], -1, 1);
  expect([scale(3), scale(7), scale(5), restore(-1), restore(1)]).toEqual([-1, 1, 0, 3, 7]);
});

test("does not stretch what does not vary: the same values stay together, others keep their distance", () => {
  fc.assert(
    fc.property(fc.constantFrom(0.1, 0.7, 3, 1e-300, 1e300, 0), fc.integer({ min: 1, max: 40 }), (value, n) => {
      const { scale, restore, factor } = minMaxScale(new Float64Array(n).fill(value), -2, 5);
      expect([scale(value), restore(-2), factor]).toEqual([-2, value, 1]);
      expect(Math.abs(scale(value + 1) + 2)).toBeLessThanOrEqual(1);
    }),
  );
  expect(() => minMaxScale([])).toThrow(RangeError);
});
