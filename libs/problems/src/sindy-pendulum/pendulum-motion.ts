import { cosPi, DormandPrince, randomStream, sinPi, solveOde, type RightHandSide } from "@basin/numerics";

/** θ̈ = −sin θ, in units of √(ℓ/g). */
const pendulumLaw: RightHandSide = (_, y, out) => {
  out[0] = y[1] ?? Number.NaN;
  out[1] = -sinPi((y[0] ?? Number.NaN) / Math.PI);
};

export interface PendulumState {
  theta: number;
  omega: number;
}

/** Highest energy θ̇²/2 − cos θ of an initial state: below 1, the pendulum swings and never turns over. */
const highestEnergy = 0.99;

/** The first `count` states of the stream, uniform on [−π, π] × [−2.1, 2.1], that swing. */
export function initialStates(dataSeed: number, purpose: string, count: number): PendulumState[] {
  const stream = randomStream(dataSeed, purpose);
  const states: PendulumState[] = [];
  for (let i = 0; states.length < count; i++) {
    const theta = Math.PI * (2 * stream.uniform(2 * i) - 1);
    const omega = 2.1 * (2 * stream.uniform(2 * i + 1) - 1);
    if (Math.abs((omega * omega) / 2 - cosPi(theta / Math.PI)) <= highestEnergy) states.push({ theta, omega });
  }
  return states;
}

/** θ and θ̇ at t = 0, interval, 2·interval … */
export function orbit({ theta, omega }: PendulumState, frames: number, interval: number): PendulumState[] {
  const times = Float64Array.from({ length: frames }, (_, i) => i * interval);
  return solveOde(pendulumLaw, [theta, omega], times).map(([a = Number.NaN, b = Number.NaN]) => ({ theta: a, omega: b }));
}

/** Period of a swing of that amplitude: T = 4K(sin(θ₀/2)) = 2π/agm(1, cos(θ₀/2)) (C. F. Gauss). */
export function pendulumPeriod(amplitude: number): number {
  let a = 1;
  let b = cosPi(amplitude / (2 * Math.PI));
  for (let i = 0; i < 40 && Math.abs(a - b) > 1e-15; i++) [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  return (2 * Math.PI) / a;
}

/**
 * Time from release at rest at z0 until a second-order law has come back to rest on the same side, by its second change of the sign
 * of ż. NaN when it does not within `limit`.
 */
export function periodOf(acceleration: (z: number, rate: number) => number, z0: number, limit: number): number {
  const law: RightHandSide = (_, y, out) => {
    out[0] = y[1] ?? Number.NaN;
    out[1] = acceleration(y[0] ?? Number.NaN, y[1] ?? Number.NaN);
  };
  const solver = new DormandPrince(law, 0, [z0, 0], { relativeTolerance: 1e-9, absoluteTolerance: 1e-10, maxSteps: 3000 });
  const state = new Float64Array(2);
  const rateAt = (t: number): number => {
    solver.at(t, state);
    return state[1] ?? Number.NaN;
  };
  let sign = 0;
  let turns = 0;
  while (solver.t < limit && solver.advance(limit)) {
    const now = Math.sign(solver.y[1] ?? Number.NaN);
    if (Number.isNaN(now) || now === 0) return Number.NaN;
    if (sign !== 0 && now !== sign) {
      turns += 1;
      if (turns === 2) return crossing(rateAt, solver.previous, solver.t, sign);
    }
    sign = now;
  }
  return Number.NaN;
}

/** Where a function that has the given sign at `low` and the other at `high` is zero, by bisection. */
function crossing(f: (t: number) => number, low: number, high: number, sign: number): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 60; i++) {
    const middle = (a + b) / 2;
    if (Math.sign(f(middle)) === sign) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}
