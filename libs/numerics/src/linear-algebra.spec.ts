import { expect, it } from "vitest";
import { fitLine, leastSquares } from "./linear-algebra";
import { randomStream } from "./random-stream";

it("solves a square system and an overdetermined one", () => {
  expect([...leastSquares([2, 1, 1, 3], [3, 5], 2)]).toEqual([expect.closeTo(0.8, 12), expect.closeTo(1.4, 12)]);
  // The mean is the least-squares constant.
  expect(leastSquares([1, 1, 1, 1], [1, 2, 3, 6], 1)[0]).toBeCloseTo(3, 12);
});

it("meets the normal equations with and without ridge", () => {
  const rows = 40;
  const columns = 5;
  const a = new Float64Array(rows * columns);
  const b = new Float64Array(rows);
  randomStream(1, "spec/a").fillNormal(a);
  randomStream(1, "spec/b").fillNormal(b);
  for (const ridge of [0, 0.05, 3]) {
    const x = leastSquares(a, b, columns, ridge);
    for (let j = 0; j < columns; j++) {
      let gradient = ridge * (x[j] ?? 0);
      for (let i = 0; i < rows; i++) {
        let fit = -(b[i] ?? 0);
        for (let k = 0; k < columns; k++) fit += (a[i * columns + k] ?? 0) * (x[k] ?? 0);
        gradient += fit * (a[i * columns + j] ?? 0);
      }
      expect(Math.abs(gradient)).toBeLessThan(1e-11);
    }
  }
});

it("gives a dependent column the coefficient 0, and refuses a matrix of another size", () => {
  const x = leastSquares([1, 2, 1, 2, 4, 0, 3, 6, 1], [2, 4, 6], 3);
  expect([...x]).toEqual([expect.closeTo(2, 12), 0, expect.closeTo(0, 12)]);
  expect(() => leastSquares([1, 2, 3], [1, 2], 2)).toThrow(RangeError);
});

it("fits a line", () => {
  expect(fitLine([0, 1, 2], [1, 3, 5])).toEqual({ slope: 2, intercept: 1, rSquared: 1 });
  expect(fitLine([0, 1, 2, 3], [0, 1, 0, 1]).rSquared).toBeCloseTo(0.2, 12);
});
