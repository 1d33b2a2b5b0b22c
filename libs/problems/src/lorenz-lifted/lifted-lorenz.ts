import { randomStream } from "@basin/numerics";
import { lorenzLaw, lorenzOrbit } from "../dynamics/lorenz";
import type { Jet } from "../kinds/latent-dynamics";

export interface LiftSetting {
  gridPoints: number;
  frames: number;
  frameInterval: number;
  dataSeed: number;
}

/** States are divided by this, as the source does, so that fields are of order 1. */
export const stateScale = 40;

/** Legendre polynomials P₀ … P₅ on a grid over [−1, 1], by (n+1)P_{n+1} = (2n+1)sP_n − nP_{n−1}. */
export function legendreModes(points: number): Float64Array[] {
  const grid = Float64Array.from({ length: points }, (_, i) => (2 * i) / (points - 1) - 1);
  const modes = [grid.map(() => 1), grid];
  for (let n = 1; n < 5; n++) {
    const [before, now] = [modes[n - 1], modes[n]];
    modes.push(grid.map((s, i) => ((2 * n + 1) * s * (now?.[i] ?? 0) - n * (before?.[i] ?? 0)) / (n + 1)));
  }
  return modes;
}

/** Lorenz states, scaled, row-major [samples, 3], from `orbits` initial states uniform on [−36, 36] × [−48, 48] × [−16, 66]. */
export function liftedStates(
  { frames, frameInterval, dataSeed }: LiftSetting,
  part: "training" | "validation",
  orbits: number,
): Float64Array {
  const stream = randomStream(dataSeed, `lorenz-lifted/${part}`);
  const states = new Float64Array(orbits * frames * 3);
  for (let n = 0; n < orbits; n++) {
    const draw = (v: number, low: number, high: number): number => low + (high - low) * stream.uniform(3 * n + v);
    const orbit = lorenzOrbit([draw(0, -36, 36), draw(1, -48, 48), draw(2, -16, 66)], frames, frameInterval);
    orbit.forEach((state, i) =>
      states.set(
        state.map((value) => value / stateScale),
        (n * frames + i) * 3,
      ),
    );
  }
  return states;
}

/** The scaled states' rates by Lorenz' equations, [samples, 3]. */
export function liftedRates(states: Float64Array): Float64Array {
  const rates = new Float64Array(states.length);
  const out = new Float64Array(3);
  for (let i = 0; i < states.length; i += 3) {
    lorenzLaw(
      0,
      states.subarray(i, i + 3).map((value) => value * stateScale),
      out,
    );
    rates.set(
      out.map((value) => value / stateScale),
      i,
    );
  }
  return rates;
}

/**
 * Fields x(t) = u₁z₁ + u₂z₂ + u₃z₃ + u₄z₁³ + u₅z₂³ + u₆z₃³ on the grid, u_j = P_{j−1}, and ẋ by the chain rule (K. Champion et al., PNAS 116
 * (2019), supplement): high-dimensional, and curved in the three states.
 */
export function liftedFields(points: number, states: Float64Array): Jet {
  const modes = legendreModes(points);
  const rates = liftedRates(states);
  const samples = states.length / 3;
  const x = new Float32Array(samples * points);
  const rate = new Float32Array(samples * points);
  for (let n = 0; n < samples; n++) {
    for (let i = 0; i < points; i++) {
      let field = 0;
      let slope = 0;
      for (let v = 0; v < 3; v++) {
        const [z, dz] = [states[3 * n + v] ?? 0, rates[3 * n + v] ?? 0];
        const [linear, cubic] = [modes[v]?.[i] ?? 0, modes[v + 3]?.[i] ?? 0];
        field += linear * z + cubic * z * z * z;
        slope += (linear + 3 * cubic * z * z) * dz;
      }
      x[n * points + i] = field;
      rate[n * points + i] = slope;
    }
  }
  return [x, rate];
}
