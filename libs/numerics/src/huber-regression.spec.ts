import { expect, test } from "vitest";
import { huberRegression } from "./huber-regression";
import { leastSquares } from "./linear-algebra";
import { medianRegression } from "./median-regression";
import { randomStream } from "./random-stream";
import { huberLoss } from "./residual-losses";

const noise = new Float64Array(40);
randomStream(4, "huber-regression/noise").fillNormal(noise);
const design = Array.from(noise, (_, i) => [i / 10, 1]).flat();
const values = noise.map((e, i) => (2 * i) / 10 + 1 + 0.1 * e + (i % 8 === 3 ? 10 : 0));

test("of a place it is the location by hand: 0, 1, 2 and one far off with delta 1", () => {
  // The slopes add up to 0: at m = 1.5 they are 1 (cut off), 0.5, −0.5 and −1 (cut off).
  expect(huberRegression([1, 1, 1, 1], [0, 1, 2, 100], 1, 1)[0]).toBeCloseTo(1.5, 12);
});

test("the slopes of the losses add up to nothing at its fit, and no neighbour costs less", () => {
  const { value, slope } = huberLoss(0.3);
  const fit = huberRegression(design, values, 2, 0.3);
  const residuals = (w: number, b: number) => Array.from(values, (y, i) => (w * i) / 10 + b - y);
  const total = (w: number, b: number) => residuals(w, b).reduce((sum, r) => sum + value(r), 0);
  const [w = NaN, b = NaN] = fit;
  expect(Math.abs(residuals(w, b).reduce((sum, r) => sum + slope(r), 0))).toBeLessThan(1e-10);
  expect(Math.abs(residuals(w, b).reduce((sum, r, i) => sum + slope(r) * (i / 10), 0))).toBeLessThan(1e-10);
  for (const [dw, db] of [
    [1e-3, 0],
    [-1e-3, 0],
    [0, 1e-3],
    [0, -1e-3],
  ] as const)
    expect(total(w + dw, b + db)).toBeGreaterThan(total(w, b));
});

test("with a large delta it is least squares, with a small one median regression", () => {
  const close = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, j) => Math.abs(value - (b[j] ?? NaN))));
  expect(close(huberRegression(design, values, 2, 1e3), leastSquares(design, values, 2))).toBeLessThan(1e-12);
  expect(close(huberRegression(design, values, 2, 1e-4), medianRegression(design, values, 2))).toBeLessThan(1e-2);
  expect(huberRegression([1, 1], [Number.NaN, 1], 1, 1)[0]).toBeNaN();
  expect(() => huberRegression([1], [1], 1, 0)).toThrow(RangeError);
});
