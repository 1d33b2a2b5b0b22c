import { expect, test } from "vitest";
import { minimaOf, ridgeAt, tiltedGradient, tiltedValue } from "./tilted-wells";

test("the gradient is that of central differences", () => {
  const h = 1e-6;
  for (const [x, y] of [
    [-1.3, 0.4],
    [0.1, -1],
    [0.8, 0.7],
  ] as const) {
    const [gx, gy] = tiltedGradient(x, y);
    expect(gx).toBeCloseTo((tiltedValue(x + h, y) - tiltedValue(x - h, y)) / (2 * h), 7);
    expect(gy).toBeCloseTo((tiltedValue(x, y + h) - tiltedValue(x, y - h)) / (2 * h), 7);
  }
});

test("two minima and a ridge between them, by bisection of the derivative", () => {
  const root = (low: number, high: number): number => {
    const rises = tiltedGradient(high, 0)[0] > 0;
    for (let i = 0; i < 80; i++) {
      const middle = (low + high) / 2;
      if (tiltedGradient(middle, 0)[0] > 0 === rises) high = middle;
      else low = middle;
    }
    return low;
  };
  const [deep, shallow] = minimaOf();
  expect(deep.x).toBeCloseTo(root(-1.5, -0.7), 12);
  expect(ridgeAt).toBeCloseTo(root(-0.5, 0.5), 12);
  expect(shallow.x).toBeCloseTo(root(0.7, 1.5), 12);
  expect(deep.value).toBeLessThan(shallow.value);
  expect(tiltedValue(ridgeAt, 0)).toBeGreaterThan(shallow.value);
});
