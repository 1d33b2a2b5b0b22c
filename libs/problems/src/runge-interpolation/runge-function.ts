import { interpolatingPolynomial, interpolatingSpline, type Interpolant } from "@basin/numerics";
import { evenPlaces, rootMeanSquare } from "../interpolation-errors";

/** C. Runge's example (1901): f(x) = 1/(1 + 25x²) and its derivative. */
export const runge: Interpolant = {
  value: (x) => 1 / (1 + 25 * x * x),
  derivative: (x) => (-50 * x) / (1 + 25 * x * x) ** 2,
};

/** Its second and third derivative, with u = 1 + 25x²: 50(75x² − 1)/u³ and 15,000x(1 − 25x²)/u⁴. */
export const rungeSecond = (x: number): number => (50 * (75 * x * x - 1)) / (1 + 25 * x * x) ** 3;
export const rungeThird = (x: number): number => (15_000 * x * (1 - 25 * x * x)) / (1 + 25 * x * x) ** 4;

/** Equispaced samples on [−1, 1]. */
export function rungeSamples(count: number): { x: number[]; y: number[] } {
  const x = evenPlaces(-1, 1, count);
  return { x, y: x.map(runge.value) };
}

/** What else passes through the samples: splines of degree 5 (the source's rival) and 3, and the polynomial of degree count − 1. */
export function rivals(count: number): Record<"spline" | "cubicSpline" | "polynomial", Interpolant> {
  const { x, y } = rungeSamples(count);
  return {
    spline: interpolatingSpline(x, y, 5),
    cubicSpline: interpolatingSpline(x, y, 3),
    polynomial: interpolatingPolynomial(x, y),
  };
}

/** Root mean square errors of value and derivative at the places. */
export function interpolantErrors(fit: Interpolant, places: readonly number[]): { value: number; derivative: number } {
  return {
    value: rootMeanSquare(places.map(fit.value), places.map(runge.value)),
    derivative: rootMeanSquare(places.map(fit.derivative), places.map(runge.derivative)),
  };
}
