import { leastSquares } from "@basin/numerics";
import { expect, test } from "vitest";
import { penalizedFit } from "./penalized-fit";
import { refitError, samples, sparseData, supportOf, trueCoefficients, width } from "./sparse-data";

const { x, y } = sparseData(3);

/** ∂ mean (xw + b − y)²/∂w_j, from the written-out sum. */
function slopes({ coefficients, constant }: { coefficients: ArrayLike<number>; constant: number }): number[] {
  const residuals = Array.from(y, (value, i) => {
    let sum = constant - value;
    for (let j = 0; j < width; j++) sum += (x[i * width + j] ?? NaN) * (coefficients[j] ?? NaN);
    return sum;
  });
  return Array.from(
    { length: width },
    (_, j) => (2 / samples) * residuals.reduce((sum, r, i) => sum + r * (x[i * width + j] ?? NaN), 0),
  );
}

test("of orthogonal columns it is the soft threshold of their own fits, worked by hand", () => {
  // Columns (1, −1, 1, −1) and (1, 1, −1, −1) with y = 3a + 0.2b: mean squares 1, so w = S(2·3, 1)/2 = 2.5 and S(0.4, 1)/2 = 0.
  const rows = [1, 1, -1, 1, 1, -1, -1, -1];
  const fit = penalizedFit(rows, [3.2, -2.8, 2.8, -3.2], 2, { l1: 1, l2: 0 });
  expect([...fit.coefficients]).toEqual([2.5, 0]);
  // With ½·l2·Σw²: w = 6/(2 + 2) and 0.4/(2 + 2).
  const ridge = penalizedFit(rows, [3.2, -2.8, 2.8, -3.2], 2, { l1: 0, l2: 2 });
  expect(ridge.coefficients[0]).toBeCloseTo(1.5, 12);
  expect(ridge.coefficients[1]).toBeCloseTo(0.1, 12);
});

test("at its minimum every weight meets the condition of Karush, Kuhn and Tucker", () => {
  const l1 = 0.1;
  const fit = penalizedFit(x, y, width, { l1, l2: 0 });
  slopes(fit).forEach((slope, j) => {
    const w = fit.coefficients[j] ?? NaN;
    if (w === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(l1);
    else expect(slope).toBeCloseTo(-l1 * Math.sign(w), 10);
  });
  expect(supportOf(fit.coefficients)).toEqual([2, 7, 13]);
  const ridge = penalizedFit(x, y, width, { l1: 0, l2: 0.4 });
  slopes(ridge).forEach((slope, j) => {
    expect(slope).toBeCloseTo(-0.4 * (ridge.coefficients[j] ?? NaN), 10);
  });
  expect(supportOf(ridge.coefficients)).toHaveLength(width);
});

test("without penalties it is least squares, which is what a refit of a support is", () => {
  const rows = Array.from(y, (_, i) => [...x.subarray(i * width, (i + 1) * width), 1]).flat();
  const exact = leastSquares(rows, y, width + 1);
  const fit = penalizedFit(x, y, width, { l1: 0, l2: 0 });
  fit.coefficients.forEach((w, j) => {
    expect(w).toBeCloseTo(exact[j] ?? NaN, 9);
  });
  const all = Array.from({ length: width }, (_, j) => j);
  expect(refitError(all, { x, y })).toBeCloseTo(Math.max(...trueCoefficients.map((w, j) => Math.abs(w - (exact[j] ?? NaN)))), 12);
  // Without input 2 its coefficient is 0 instead of 3.
  expect(refitError([7, 13], { x, y })).toBeGreaterThanOrEqual(3);
});
