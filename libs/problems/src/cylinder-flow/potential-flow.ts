import { randomStream } from "@basin/numerics";
import { evenPlaces } from "../interpolation-errors";

/** Uniform flow of speed 1 along x past a cylinder of radius 0.5 at the origin. */
const speed = 1;
const radius = 0.5;
/** Points lie on [−2, 2]² and farther than this from the origin. */
const halfWidth = 2;
const leastDistance = 0.6;

/** A velocity and its gradient at one point. */
export interface FlowPoint {
  u: number;
  v: number;
  ux: number;
  uy: number;
  vx: number;
  vy: number;
}

/** u = U(1 − R²(x² − y²)/r⁴), v = −2UR²xy/r⁴: potential flow, without vorticity v_x − u_y and divergence u_x + v_y. */
export function flowAt(x: number, y: number): FlowPoint {
  const squared = x * x + y * y;
  const strength = speed * radius * radius;
  // u − iv = U(1 − R²/z²) with derivative 2UR²/z³; 1/z³ = conj(z)³/r⁶.
  const sixth = squared * squared * squared;
  const real = (2 * strength * (x * x * x - 3 * x * y * y)) / sixth;
  const imaginary = (2 * strength * (y * y * y - 3 * x * x * y)) / sixth;
  return {
    u: speed - (strength * (x * x - y * y)) / (squared * squared),
    v: (-2 * strength * x * y) / (squared * squared),
    ux: real,
    vy: -real,
    vx: -imaginary,
    uy: -imaginary,
  };
}

/** Rows (x, y) that lie outside the forbidden disc. */
function outside(points: readonly (readonly [number, number])[]): [number, number][] {
  return points.flatMap(([x, y]) => (x * x + y * y > leastDistance * leastDistance ? [[x, y] satisfies [number, number]] : []));
}

/** Measured velocities: of `points` uniform points on the square those outside the disc, with Gaussian noise on u and v. */
export function flowSamples(setting: { points: number; noise: number; dataSeed: number }): {
  places: [number, number][];
  velocities: [number, number][];
} {
  const stream = randomStream(setting.dataSeed, "cylinder-flow/points");
  const noise = randomStream(setting.dataSeed, "cylinder-flow/noise");
  const coordinate = (i: number): number => halfWidth * (2 * stream.uniform(i) - 1);
  const places = outside(Array.from({ length: setting.points }, (_, i) => [coordinate(2 * i), coordinate(2 * i + 1)] as const));
  return {
    places,
    velocities: places.map(([x, y], i) => {
      const { u, v } = flowAt(x, y);
      return [u + setting.noise * noise.normal(2 * i), v + setting.noise * noise.normal(2 * i + 1)];
    }),
  };
}

/** A grid of perSide × perSide points on the square, ends included, row by row, without those in the disc. */
export function flowGrid(perSide: number): [number, number][] {
  const places = evenPlaces(-halfWidth, halfWidth, perSide);
  return outside(places.flatMap((y) => places.map((x) => [x, y] as const)));
}

/** Root mean square over the places of the true rate of strain √(S:S), S the symmetric part of the velocity gradient. */
export function trueStrain(places: readonly (readonly [number, number])[]): number {
  const squares = places.map(([x, y]) => {
    const { ux, uy, vx, vy } = flowAt(x, y);
    return ux * ux + vy * vy + (uy + vx) ** 2 / 2;
  });
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / places.length);
}
