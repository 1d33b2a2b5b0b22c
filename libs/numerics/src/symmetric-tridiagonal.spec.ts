import { expect, it } from "vitest";
import { randomStream } from "./random-stream";
import { eigenvaluesBelow, solveTridiagonal, tridiagonalEigenvalue, tridiagonalEigenvector } from "./symmetric-tridiagonal";

const n = 60;
const second = { diagonal: new Float64Array(n).fill(2), beside: new Float64Array(n - 1).fill(-1) };

function product({ diagonal, beside }: typeof second, x: Float64Array): Float64Array {
  return x.map((value, i) => diagonal[i]! * value + (beside[i - 1] ?? 0) * (x[i - 1] ?? 0) + (beside[i] ?? 0) * (x[i + 1] ?? 0));
}

it("of second differences has the eigenvalues 2 − 2cos(kπ/(n + 1)) and sines as vectors", () => {
  for (let k = 0; k < n; k++) {
    const angle = ((k + 1) * Math.PI) / (n + 1);
    const found = tridiagonalEigenvalue(second, k);
    expect(Math.abs(found - (2 - 2 * Math.cos(angle)))).toBeLessThan(1e-14 * n);
    const vector = tridiagonalEigenvector(second, found);
    vector.forEach((value, i) =>
      expect(Math.abs(value - Math.sqrt(2 / (n + 1)) * Math.sin((i + 1) * angle))).toBeLessThan(1e-12),
    );
  }
  expect([-1, 2, 5].map((x) => eigenvaluesBelow(second, x))).toEqual([0, n / 2, n]);
});

it("of a random matrix has vectors that it only stretches", () => {
  const stream = randomStream(3, "symmetric-tridiagonal-spec");
  const matrix = { diagonal: new Float64Array(40), beside: new Float64Array(39) };
  stream.fillNormal(matrix.diagonal);
  stream.fillNormal(matrix.beside, 100);
  let trace = 0;
  for (let k = 0; k < 40; k++) {
    const found = tridiagonalEigenvalue(matrix, k);
    trace += found;
    const vector = tridiagonalEigenvector(matrix, found);
    product(matrix, vector).forEach((value, i) => expect(Math.abs(value - found * vector[i]!)).toBeLessThan(1e-12));
    expect(Math.hypot(...vector)).toBeCloseTo(1, 13);
    expect(vector[0]).toBeGreaterThanOrEqual(0);
  }
  expect(trace).toBeCloseTo(
    matrix.diagonal.reduce((a, b) => a + b, 0),
    11,
  );
});

it("solves what is dominated by its diagonal", () => {
  const matrix = { diagonal: Float64Array.from([3, 4, 5, 6, 7]), beside: Float64Array.from([1, -1, 2, 2]) };
  const x = Float64Array.from([1, -2, 3, 0.5, 4]);
  solveTridiagonal(matrix, product(matrix, x)).forEach((value, i) => expect(value).toBeCloseTo(x[i]!, 14));
  expect(solveTridiagonal({ diagonal: [4], beside: [] }, [2])).toEqual(Float64Array.of(0.5));
});

it("has no eigenvalue beyond its rows", () => {
  expect(() => tridiagonalEigenvalue(second, n)).toThrow(`a matrix of ${n} rows has no eigenvalue ${n}`);
});
