import type { RightHandSide } from "../ode";

/** Rates of predators and prey, all positive. */
export interface LotkaVolterraRates {
  preyGrowth: number;
  predation: number;
  predatorGrowth: number;
  predatorDeath: number;
}

/**
 * Predators y and prey x: x' = preyGrowth·x − predation·xy, y' = predatorGrowth·xy − predatorDeath·y; state [x, y].
 * (A. J. Lotka 1925, V. Volterra 1926.)
 */
export function lotkaVolterra({ preyGrowth, predation, predatorGrowth, predatorDeath }: LotkaVolterraRates): RightHandSide {
  return (_, [x = 0, y = 0], out) => {
    out[0] = preyGrowth * x - predation * x * y;
    out[1] = predatorGrowth * x * y - predatorDeath * y;
  };
}

/** Van der Pol's oscillator x'' = damping·(1 − x²)x' − x; state [x, x']. (B. van der Pol, Phil. Mag. 2 (1926).) */
export function vanDerPol(damping: number): RightHandSide {
  return (_, [x = 0, v = 0], out) => {
    out[0] = v;
    out[1] = damping * (1 - x * x) * v - x;
  };
}
