import { describe, expect, it } from "vitest";
import { gaussianOrthogonalMatrix } from "./gaussian-orthogonal";
import { randomStream } from "./random-stream";
import { symmetricEigen } from "./symmetric-eigenvalues";

describe("symmetricEigen", () => {
  it("has numpy's eigenvalues", () => {
    // numpy.linalg.eigvalsh.
    const found = symmetricEigen([4, 1, -2, 0.5, 1, 3, 0, 1, -2, 0, -1, 2, 0.5, 1, 2, 2.5], 4).values;
    [-2.5399266654442254, 1.853513998257916, 4.01520566468923, 5.171207002497081].forEach((want, i) =>
      expect(Math.abs(found[i]! - want)).toBeLessThan(1e-14),
    );
    const hilbert = symmetricEigen(
      Float64Array.from({ length: 144 }, (_, at) => 1 / (Math.floor(at / 12) + (at % 12) + 1)),
      12,
    ).values;
    expect(hilbert[11]).toBeCloseTo(1.7953720595619975, 14);
    expect(hilbert[10]).toBeCloseTo(0.3802752459550371, 14);
    // 2.6e-17 by D. E. Knuth's exact inverse: zero to rounding.
    expect(Math.abs(hilbert[0]!)).toBeLessThan(1e-15);
  });

  it("has vectors that the matrix only stretches and that are orthogonal", () => {
    const n = 30;
    const matrix = gaussianOrthogonalMatrix(randomStream(1, "symmetric-eigenvalues-spec"), n);
    const { values, vectors } = symmetricEigen(matrix, n);
    for (let k = 0; k < n; k++) {
      const vector = vectors.subarray(k * n, (k + 1) * n);
      for (let i = 0; i < n; i++) {
        let image = 0;
        for (let j = 0; j < n; j++) image += matrix[i * n + j]! * vector[j]!;
        expect(Math.abs(image - values[k]! * vector[i]!)).toBeLessThan(1e-13);
      }
      if (k > 0) expect(values[k]!).toBeGreaterThanOrEqual(values[k - 1]!);
      for (let other = 0; other <= k; other++) {
        const product = vector.reduce((sum, v, i) => sum + v * vectors[other * n + i]!, 0);
        expect(Math.abs(product - (other === k ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
  });

  it("takes what is diagonal, of one row, or zero", () => {
    expect(Array.from(symmetricEigen([3, 0, 0, -1], 2).values)).toEqual([-1, 3]);
    expect(symmetricEigen([7], 1)).toEqual({ values: Float64Array.of(7), vectors: Float64Array.of(1) });
    expect(Array.from(symmetricEigen(new Float64Array(9), 3).values)).toEqual([0, 0, 0]);
    expect(() => symmetricEigen([1, 2, 3], 2)).toThrow("3 values does not have 2 rows");
    expect(() => symmetricEigen([1, NaN, NaN, 1], 2)).toThrow("row 0, column 1");
  });
});

describe("gaussianOrthogonalMatrix", () => {
  // P(all eigenvalues > 0): ½, (2 − √2)/4, (π − 2√2)/4π (D. S. Dean, S. N. Majumdar, Phys. Rev. E 77 (2008)); within 4 standard errors.
  it.each([
    [1, 0.5],
    [2, (2 - Math.SQRT2) / 4],
    [3, (Math.PI - 2 * Math.SQRT2) / (4 * Math.PI)],
  ])("of %i rows is a minimum with probability %f", (n, probability) => {
    const draws = 6000;
    const stream = randomStream(11, "gaussian-orthogonal-spec", n);
    let minima = 0;
    for (let draw = 0; draw < draws; draw++)
      if (symmetricEigen(gaussianOrthogonalMatrix(stream, n, draw), n).values[0]! > 0) minima += 1;
    const standardError = Math.sqrt((probability * (1 - probability)) / draws);
    expect(Math.abs(minima / draws - probability)).toBeLessThan(4 * standardError);
  });

  it("is symmetric, with variance 1 on the diagonal and ½ beside it, and another for every draw", () => {
    const stream = randomStream(2, "gaussian-orthogonal-spec");
    const a = gaussianOrthogonalMatrix(stream, 80, 3);
    let [on, beside] = [0, 0];
    for (let i = 0; i < 80; i++) {
      for (let j = 0; j < i; j++) {
        expect(a[i * 80 + j]).toBe(a[j * 80 + i]);
        beside += a[i * 80 + j]! ** 2 / 3160;
      }
      on += a[i * 81]! ** 2 / 80;
    }
    // A variance of n draws has the relative standard error √(2/n).
    expect(Math.abs(on - 1)).toBeLessThan(4 * Math.sqrt(2 / 80));
    expect(Math.abs(beside - 0.5)).toBeLessThan(4 * 0.5 * Math.sqrt(2 / 3160));
    expect(gaussianOrthogonalMatrix(stream, 80, 4)).not.toEqual(a);
    expect(() => gaussianOrthogonalMatrix(stream, 0)).toThrow("1 or more rows, not 0");
  });
});
