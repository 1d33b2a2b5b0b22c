import { describe, expect, it } from "vitest";
import { gaussianOrthogonalMatrix } from "./gaussian-orthogonal";
import { hessian, hessianProduct } from "./hessian";
import { dominantEigenvalue, greatestEigenvalue } from "./power-iteration";
import { randomStream } from "./random-stream";
import { symmetricEigen } from "./symmetric-eigenvalues";

const stream = randomStream(9, "power-iteration-spec");
const n = 12;
const matrix = gaussianOrthogonalMatrix(stream, n, 1);
const map = (v: Float64Array): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => v.reduce((sum, x, j) => sum + matrix[i * n + j]! * x, 0));

/** f = Σ cos(x_i·x_{i+1}) + x_i⁴/12: gradient and, by hand, Hessian. */
const f = {
  gradient: (x: Float64Array): Float64Array =>
    x.map((v, i) => {
      const [left, right] = [x[i - 1], x[i + 1]];
      const pull = (other: number | undefined): number => (other === undefined ? 0 : -other * Math.sin(v * other));
      return v ** 3 / 3 + pull(left) + pull(right);
    }),
  hessian: (x: Float64Array): number[] =>
    Array.from({ length: x.length ** 2 }, (_, at) => {
      const [i, j] = [Math.floor(at / x.length), at % x.length];
      const bend = (other: number | undefined): number => (other === undefined ? 0 : -other * other * Math.cos(x[i]! * other));
      if (i === j) return x[i]! ** 2 + bend(x[i - 1]) + bend(x[i + 1]);
      const product = x[i]! * x[j]!;
      return Math.abs(i - j) === 1 ? -Math.sin(product) - product * Math.cos(product) : 0;
    }),
};
const point = Float64Array.from({ length: n }, (_, i) => 1.5 * Math.sin(i + 1));

describe("power iteration", () => {
  const { values } = symmetricEigen(matrix, n);

  it("finds the eigenvalue of greatest size and the greatest one of a matrix", () => {
    const dominant = values.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
    const found = dominantEigenvalue(map, n, stream, { tolerance: 1e-8 });
    expect(found.converged).toBe(true);
    expect(Math.abs(found.value - dominant)).toBeLessThan(1e-8 * Math.abs(dominant));
    map(found.vector).forEach((x, i) => expect(Math.abs(x - found.value * found.vector[i]!)).toBeLessThan(1e-7));
    for (const sign of [1, -1]) {
      const greatest = greatestEigenvalue((v) => map(v).map((x) => sign * x), n, stream, { tolerance: 1e-8 });
      expect(Math.abs(greatest.value - (sign === 1 ? values[n - 1]! : -values[0]!))).toBeLessThan(1e-7);
    }
  });

  it("says when it has not converged: both signs of the same size, or too few steps", () => {
    const mirror = dominantEigenvalue((v) => Float64Array.of(v[1]!, v[0]!), 2, stream, { maxIterations: 500 });
    expect(mirror.converged).toBe(false);
    expect(dominantEigenvalue(map, n, stream, { maxIterations: 2 }).converged).toBe(false);
    expect(dominantEigenvalue((v) => v.map(() => NaN), n, stream).converged).toBe(false);
    expect(() => dominantEigenvalue(map, 0, stream)).toThrow("1 or more numbers, not 0");
  });

  it("of Hessian products is the dense Hessian's greatest eigenvalue", () => {
    const exact = symmetricEigen(f.hessian(point), n).values[n - 1]!;
    const found = greatestEigenvalue((v) => hessianProduct(f.gradient, point, v), n, stream);
    expect(found.converged).toBe(true);
    expect(Math.abs(found.value / exact - 1)).toBeLessThan(1e-6);
  });
});

describe("hessianProduct and hessian", () => {
  it("are the Hessian by hand", () => {
    const exact = f.hessian(point);
    hessian(f.gradient, point).forEach((value, at) => expect(Math.abs(value - exact[at]!)).toBeLessThan(1e-9));
    const v = Float64Array.from({ length: n }, (_, i) => 300 * Math.cos(i));
    hessianProduct(f.gradient, point, v).forEach((value, i) => {
      const want = v.reduce((sum, x, j) => sum + exact[i * n + j]! * x, 0);
      expect(Math.abs(value - want)).toBeLessThan(300 * 1e-8);
    });
    expect(hessianProduct(f.gradient, point, new Float64Array(n))).toEqual(new Float64Array(n));
  });

  it("may be asked with a gradient that reuses its array", () => {
    const shared = new Float64Array(n);
    const reused = (x: Float64Array): Float64Array => {
      shared.set(f.gradient(x));
      return shared;
    };
    expect(hessian(reused, point)).toEqual(hessian(f.gradient, point));
  });

  it("has an error of order 2 in the step", () => {
    const exact = f.hessian(point);
    const error = (h: number): number =>
      hessian(f.gradient, point, h).reduce((most, value, at) => Math.max(most, Math.abs(value - exact[at]!)), 0);
    expect(error(2e-2) / error(1e-2)).toBeGreaterThan(3.9);
    expect(error(2e-2) / error(1e-2)).toBeLessThan(4.1);
  });

  it("names what does not fit", () => {
    expect(() => hessianProduct(f.gradient, point, [1])).toThrow(`a vector of 1 does not belong to a point of ${n}`);
    expect(() => hessianProduct(f.gradient, point, point, 0)).toThrow("the step must be a positive number");
  });
});
