import { randomStream, solveOde } from "@basin/numerics";
import { lorenzConstants, lorenzLaw } from "../dynamics/lorenz";
import { evenPlaces } from "../interpolation-errors";

/** Points of the orbit on [0, 20], both ends included. */
export const orbitPoints = 2000;
const duration = 20;

/** Times, x(t) and ẋ = σ(y − x) of the orbit from (1, 1, 1). */
export interface LorenzSeries {
  t: readonly number[];
  x: readonly number[];
  slope: readonly number[];
}

let known: LorenzSeries | null = null;

/** The orbit at 2,000 equispaced times. Tolerances of 1e-13: errors grow by about e^0.9 per time unit. */
export function lorenzSeries(): LorenzSeries {
  if (known) return known;
  const t = evenPlaces(0, duration, orbitPoints);
  const states = solveOde(lorenzLaw, [1, 1, 1], t, { relativeTolerance: 1e-13, absoluteTolerance: 1e-13 });
  const x = states.map((state) => state[0] ?? Number.NaN);
  const slope = states.map((state) => lorenzConstants.sigma * ((state[1] ?? Number.NaN) - (state[0] ?? Number.NaN)));
  known = { t, x, slope };
  return known;
}

/** Every `stride`-th point of the orbit from the first on, with Gaussian noise of deviation `noise` on x. */
export function lorenzSamples(setting: { stride: number; noise: number; dataSeed: number }): { t: number[]; x: number[] } {
  const { t, x } = lorenzSeries();
  const stream = randomStream(setting.dataSeed, "lorenz-interpolation/noise");
  const rows = Array.from({ length: Math.ceil(orbitPoints / setting.stride) }, (_, i) => i * setting.stride);
  return {
    t: rows.map((row) => t[row] ?? Number.NaN),
    x: rows.map((row, i) => (x[row] ?? Number.NaN) + setting.noise * stream.normal(i)),
  };
}
