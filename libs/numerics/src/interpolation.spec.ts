import { describe, expect, test } from "vitest";
import { interpolatingPolynomial, interpolatingSpline } from "./interpolation";

const places = [-1, -0.7, -0.1, 0.2, 0.25, 0.8, 1.3, 1.4];

describe("interpolatingPolynomial", () => {
  test("gives a polynomial of its degree back, with its derivative", () => {
    const f = (x: number): number => 2 - x + 3 * x ** 4 - x ** 7;
    const fit = interpolatingPolynomial(places, places.map(f));
    for (const x of [-1, -0.33, 0.2, 0.77, 1.6]) {
      expect(fit.value(x)).toBeCloseTo(f(x), 9);
      expect(fit.derivative(x)).toBeCloseTo(-1 + 12 * x ** 3 - 7 * x ** 6, 8);
    }
  });
});

describe("interpolatingSpline", () => {
  test.each([1, 3, 5, 7])("of degree %i passes through every point", (degree) => {
    const values = places.map((x) => Math.sin(3 * x));
    const fit = interpolatingSpline(places, values, degree);
    places.forEach((x, i) => expect(fit.value(x)).toBeCloseTo(values[i] ?? Number.NaN, 10));
  });

  test.each([3, 5])("of degree %i gives polynomials of that degree back, beyond the ends too", (degree) => {
    const f = (x: number): number => 1 - 2 * x + x ** degree;
    const fit = interpolatingSpline(places, places.map(f), degree);
    for (const x of [-1.2, -0.99, 0.1, 0.9, 1.5]) {
      expect(fit.value(x)).toBeCloseTo(f(x), 8);
      expect(fit.derivative(x)).toBeCloseTo(-2 + degree * x ** (degree - 1), 7);
    }
  });

  test("its derivative is that of its value", () => {
    const fit = interpolatingSpline(
      places,
      places.map((x) => Math.exp(-x * x)),
      5,
    );
    for (const x of [-0.9, 0.05, 0.6, 1.25]) {
      expect(fit.derivative(x)).toBeCloseTo((fit.value(x + 1e-5) - fit.value(x - 1e-5)) / 2e-5, 6);
    }
  });

  test("not-a-knot: |x|³ is its own cubic interpolant when 0 is an inner point", () => {
    const x = [-3, -2, -1, 0, 1, 2, 3];
    const fit = interpolatingSpline(
      x,
      x.map((u) => u * u * Math.abs(u)),
      3,
    );
    expect(fit.value(0.5)).toBeCloseTo(0.125, 12);
    expect(fit.derivative(-0.5)).toBeCloseTo(-0.75, 12);
  });

  test("refuses even degrees, too few points and places that do not ascend", () => {
    expect(() => interpolatingSpline(places, places, 4)).toThrow("must be odd");
    expect(() => interpolatingSpline([0, 1, 2], [0, 1, 2], 3)).toThrow("at least 4 points");
    expect(() => interpolatingSpline([0, 1, 1, 2], [0, 1, 2, 3], 3)).toThrow("ascend");
    expect(() => interpolatingPolynomial([0, 1], [0])).toThrow("do not go together");
  });
});
