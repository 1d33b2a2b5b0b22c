import { cosPi, exponential, sinPi } from "@basin/numerics";
import type { Jet } from "../kinds/latent-dynamics";
import { initialStates, orbit, type PendulumState } from "./pendulum-motion";

export interface ImageSetting {
  /** Pixels per side, over [−1.5, 1.5]² with both ends. */
  pixels: number;
  /** v in exp(−r²/v). */
  blobVariance: number;
}

/**
 * Below this a pixel is 0, and so are its derivatives. Nothing that a network computes from it in float32 can tell, but products with it
 * would be subnormal numbers, on which many processors take a hundred times as long.
 */
const dark = 2 ** -100;

/**
 * Images x, ẋ and ẍ of a pendulum's bob at (sin θ, −cos θ), row-major [states, pixels²], the row being Y from −1.5 upwards:
 * x = exp(−[(X − sin θ)² + (Y + cos θ)²]/v), with A = (2/v)[(X − sin θ)cos θ + (Y + cos θ)sin θ] and A′ = dA/dθ,
 * ẋ = xAθ̇ and ẍ = x[(A² + A′)θ̇² + Aθ̈], θ̈ = −sin θ. (Champion et al. 2019 with v = 0.05 and 51 pixels.)
 */
export function pendulumImages({ pixels, blobVariance }: ImageSetting, states: readonly PendulumState[]): Jet {
  const size = pixels * pixels;
  const [x, rate, acceleration] = [0, 1, 2].map(() => new Float32Array(states.length * size));
  if (!x || !rate || !acceleration) throw new Error("three arrays");
  const coordinates = Float64Array.from({ length: pixels }, (_, i) => 1.5 * ((2 * i) / (pixels - 1) - 1));
  const factor = 2 / blobVariance;
  states.forEach(({ theta, omega }, n) => {
    const sine = sinPi(theta / Math.PI);
    const cosine = cosPi(theta / Math.PI);
    const across = coordinates.map((X) => exponential(-((X - sine) * (X - sine)) / blobVariance));
    const along = coordinates.map((Y) => exponential(-((Y + cosine) * (Y + cosine)) / blobVariance));
    for (let row = 0; row < pixels; row++) {
      const dy = (coordinates[row] ?? 0) + cosine;
      for (let column = 0; column < pixels; column++) {
        const dx = (coordinates[column] ?? 0) - sine;
        const value = (across[column] ?? 0) * (along[row] ?? 0);
        const slope = factor * (dx * cosine + dy * sine);
        const bend = factor * (-1 - dx * sine + dy * cosine);
        if (value < dark) continue;
        const at = n * size + row * pixels + column;
        x[at] = value;
        rate[at] = value * slope * omega;
        acceleration[at] = value * ((slope * slope + bend) * omega * omega - slope * sine);
      }
    }
  });
  return [x, rate, acceleration];
}

export interface OrbitSetting {
  frames: number;
  frameInterval: number;
  dataSeed: number;
}

/** The states of `count` orbits, orbit by orbit. `part` names an independent draw of initial states. */
export function orbitStates(
  { frames, frameInterval, dataSeed }: OrbitSetting,
  part: "training" | "validation",
  count: number,
): PendulumState[] {
  return initialStates(dataSeed, `sindy-pendulum/${part}`, count).flatMap((start) => orbit(start, frames, frameInterval));
}
