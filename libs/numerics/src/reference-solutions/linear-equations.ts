import { cosPi, exponential, sinPi, square } from "../elementary";
import { requirePositive } from "../require-positive";

/** One term amplitude·sin(mode·πx/length) of a sine series. */
export interface SineTerm {
  mode: number;
  amplitude: number;
}

/**
 * Standing waves: u_tt = speed²·u_xx on [0, length] with u = 0 at both ends, u(x, 0) = Σ amplitude·sin(mode·πx/length) and u_t(x, 0) = 0, at
 * (x, t). Error of rounding only.
 */
export function standingWaves(speed: number, length: number, terms: readonly SineTerm[]): (x: number, t: number) => number {
  requirePositive("the speed", speed);
  requirePositive("the length", length);
  return (x, t) =>
    terms.reduce((sum, { mode, amplitude }) => {
      return sum + amplitude * sinPi((mode * x) / length) * cosPi((mode * speed * t) / length);
    }, 0);
}

/**
 * Heat conduction: u_t = diffusivity·u_xx on [0, length] with u(x, 0) = Σ amplitude·sin(mode·πx/length), at (x, t). Whole modes are zero at both
 * ends; those of n + ½ are zero at 0 and have no flux at the other end. Error of rounding only.
 */
export function heatModes(diffusivity: number, length: number, terms: readonly SineTerm[]): (x: number, t: number) => number {
  requirePositive("the diffusivity", diffusivity);
  requirePositive("the length", length);
  return (x, t) =>
    terms.reduce((sum, { mode, amplitude }) => {
      const rate = diffusivity * square((mode * Math.PI) / length);
      return sum + amplitude * sinPi((mode * x) / length) * exponential(-rate * t);
    }, 0);
}

/**
 * ∇²u = 0 on the unit square with u(x, 1) = sin(mode·πx) and zero on the other edges: sin(mode·πx)·sinh(mode·πy)/sinh(mode·π), at (x, y).
 * Relative error below 1e-14 times mode.
 */
export function laplaceSolution(mode = 1): (x: number, y: number) => number {
  const k = requirePositive("the mode", mode) * Math.PI;
  return (x, y) => (sinPi(mode * x) * exponential(k * (y - 1)) * -expm1(-2 * k * y)) / -expm1(-2 * k);
}

/** e^x − 1 without cancellation for small x: the Taylor series for |x| < ½. */
function expm1(x: number): number {
  if (Math.abs(x) >= 0.5) return exponential(x) - 1;
  let series = 0;
  for (let n = 18; n >= 1; n--) series = (x / n) * (1 + series);
  return series;
}

/** A drifting Gaussian's start: peak 1 at `centre`, standard deviation `width`. */
export interface GaussianStart {
  centre: number;
  width: number;
}

/**
 * Advection–diffusion on the line: u_t = −velocity·u_x + diffusivity·u_xx from a Gaussian of height 1, at (x, t):
 * u = (width/s)·e^(−(x − centre − velocity·t)²/(2s²)), s² = width² + 2·diffusivity·t. Error of rounding only.
 */
export function advectedGaussian(
  velocity: number,
  diffusivity: number,
  { centre, width }: GaussianStart,
): (x: number, t: number) => number {
  requirePositive("the diffusivity", diffusivity);
  requirePositive("the width", width);
  return (x, t) => {
    const variance = width * width + 2 * diffusivity * t;
    const distance = x - centre - velocity * t;
    return (width / Math.sqrt(variance)) * exponential((-distance * distance) / (2 * variance));
  };
}

/**
 * Advection–diffusion on a circle of circumference `period`: u_t = −velocity·u_x + diffusivity·u_xx from sin(2πx/period), at (x, t). Error of
 * rounding only.
 */
export function advectedSine(velocity: number, diffusivity: number, period: number): (x: number, t: number) => number {
  requirePositive("the diffusivity", diffusivity);
  const k = (2 * Math.PI) / requirePositive("the period", period);
  return (x, t) => sinPi((2 * (x - velocity * t)) / period) * exponential(-diffusivity * k * k * t);
}

/** A solution and the source that it needs, both at a point of as many coordinates as there are modes. */
export interface SourcedSolution {
  solution: (point: ArrayLike<number>) => number;
  source: (point: ArrayLike<number>) => number;
}

/**
 * Helmholtz' equation ∇²u + wavenumber²·u = q with the solution u = Π sin(mode_i·πx_i) and its source q, zero on the edges of every box with
 * whole corners; wavenumber 0 is Poisson's equation ∇²u = q. Error of rounding only.
 */
export function helmholtzSolution(modes: readonly number[], wavenumber = 0): SourcedSolution {
  const solution = (point: ArrayLike<number>): number =>
    modes.reduce((product, mode, i) => product * sinPi(mode * (point[i] ?? Number.NaN)), 1);
  const factor = modes.reduce((sum, mode) => sum - square(mode * Math.PI), wavenumber * wavenumber);
  return { solution, source: (point) => factor * solution(point) };
}
