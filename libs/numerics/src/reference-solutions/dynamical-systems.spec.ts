import { expect, it } from "vitest";
import { odeTrajectory } from "../ode";
import { lotkaVolterra, vanDerPol } from "./dynamical-systems";

const tight = { relativeTolerance: 1e-11, absoluteTolerance: 1e-12 };

it("predators and prey follow scipy, and keep their invariant", () => {
  const at = odeTrajectory(
    lotkaVolterra({ preyGrowth: 1.5, predation: 1, predatorGrowth: 1, predatorDeath: 3 }),
    [10, 5],
    [0, 10],
    tight,
  );
  const state = new Float64Array(2);
  // scipy 1.17.1, solve_ivp DOP853 with tolerances of 1e-13.
  for (const [t, x, y] of [
    [10, 0.287212964202105, 0.44977746350622194],
    [1, 0.2185389322323087, 1.3765927010135046],
    [5, 0.2641867721186669, 3.1341331610700722],
  ] as const) {
    at(t, state);
    expect(Math.abs((state[0] ?? NaN) - x)).toBeLessThan(1e-8);
    expect(Math.abs((state[1] ?? NaN) - y)).toBeLessThan(1e-8);
    const [a = NaN, b = NaN] = state;
    expect(a - 3 * Math.log(a) + b - 1.5 * Math.log(b)).toBeCloseTo(10 - 3 * Math.log(10) + 5 - 1.5 * Math.log(5), 8);
  }
});

it("van der Pol's oscillator follows scipy and has the known period", () => {
  const state = new Float64Array(2);
  const at = odeTrajectory(vanDerPol(2), [2, 0], [0, 20], tight);
  // scipy 1.17.1, solve_ivp DOP853 with tolerances of 1e-13.
  for (const [t, x, v] of [
    [1, 1.6980414594418751, -0.408729893687072],
    [5, -1.619601512811521, 0.44091186833016827],
    [20, -1.7283079289532255, 0.39788159580407934],
  ] as const) {
    at(t, state);
    expect(Math.abs((state[0] ?? NaN) - x)).toBeLessThan(1e-8);
    expect(Math.abs((state[1] ?? NaN) - v)).toBeLessThan(1e-8);
  }
  // Damping 1: 6.66328686 (M. Urabe, IRE Trans. Circuit Theory 7 (1960)). Ten periods after the cycle is reached, the state is the same.
  const cycle = odeTrajectory(vanDerPol(1), [2, 0], [0, 120], tight);
  const later = new Float64Array(2);
  cycle(50, state);
  cycle(50 + 10 * 6.66328686, later);
  expect(Math.abs((later[0] ?? NaN) - (state[0] ?? NaN))).toBeLessThan(1e-6);
});
