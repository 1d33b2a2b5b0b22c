import { expect, test } from "vitest";
import { columnNames, exactFit, splitGrid, targetPolynomial, trueCoefficients } from "./polynomial";

test("400 points in steps of 0.05, a quarter for the test; four at the source's step, one for the test", () => {
  const fine = splitGrid({ step: 0.05, dataSeed: 0 });
  expect([fine.training.points.length, fine.test.points.length]).toEqual([300, 100]);
  const all = [...fine.training.points, ...fine.test.points].map(([x, y]) => `${x},${y}`);
  expect(new Set(all).size).toBe(400);
  expect(Math.max(...fine.training.points.flat())).toBeCloseTo(0.95, 12);
  const coarse = splitGrid({ step: 0.5, dataSeed: 0 });
  expect([coarse.training.points.length, coarse.test.points.length]).toEqual([3, 1]);
});

test("the columns are the monomials: the true coefficients give the target, and least squares finds them", () => {
  expect(columnNames).toEqual(["x", "y", "x²", "x y", "y²", "x³", "x² y", "x y²", "y³"]);
  const { training } = splitGrid({ step: 0.05, dataSeed: 3 });
  training.points.forEach(([x, y], i) => {
    const row = training.columns.subarray(9 * i, 9 * i + 9);
    expect(trueCoefficients.reduce((sum, value, j) => sum + value * (row[j] ?? Number.NaN), 0)).toBeCloseTo(
      targetPolynomial(x, y),
      12,
    );
  });
  exactFit(training).forEach((value, j) => expect(value).toBeCloseTo([...trueCoefficients, 0][j] ?? Number.NaN, 9));
  expect(targetPolynomial(0.5, -1)).toBe(0.5 - 2 + 0.75 - 2 + 5);
});
