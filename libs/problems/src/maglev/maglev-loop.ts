import { randomStream, sinPi } from "@basin/numerics";
import { absolute, constant, difference, power, product, sum } from "../differential-equations/expression";
import { output, signal, state, type ClosedLoop, type Trajectories } from "../kinds/rollout";

/** Of a step, in the units of the plant. */
export const stepSeconds = 0.02;
/** The gap closes no further. */
const leastGap = 0.2;

const [gap, velocity, reference, current] = [state(0), state(1), signal(0), output(0)];

/** ẍ = 1 − u²/x² by semi-implicit Euler: the gap moves with the new velocity. */
const freeVelocity = sum(
  velocity,
  product(constant(stepSeconds), difference(constant(1), product(power(current, 2), power(gap, -2)))),
);
const freeGap = sum(gap, product(constant(stepSeconds), freeVelocity));
/** How far the stop pushes the body back: max(least − x, 0), and with it the velocity to what the gap really did. */
const missing = difference(constant(leastGap), freeGap);
const push = product(constant(0.5), sum(missing, absolute(missing)));

/** The gap that is asked for: a constant, or 1 + 0.2 sin t. */
export type Reference = { constant: number } | { sine: true };

export function referenceAt(course: Reference, step: number): number {
  return "sine" in course ? 1 + 0.2 * sinPi((step * stepSeconds) / Math.PI) : course.constant;
}

/** Trajectories under the references, one after the other, from gaps in [0.8, 1.3] and velocities in [−0.3, 0.3]. */
function trajectories(references: readonly Reference[], steps: number, seed: number, purpose: string): Trajectories {
  const stream = randomStream(seed, `maglev/${purpose}`);
  const starts = new Float32Array(2 * references.length);
  references.forEach((_, row) => {
    starts[2 * row] = 0.8 + 0.5 * stream.uniform(2 * row);
    starts[2 * row + 1] = -0.3 + 0.6 * stream.uniform(2 * row + 1);
  });
  const signals = Float32Array.from({ length: steps * references.length }, (_, i) => {
    const course = references[i % references.length];
    return course ? referenceAt(course, Math.floor(i / references.length)) : Number.NaN;
  });
  return { count: references.length, steps, starts, signals };
}

interface Settings {
  trajectories: number;
  horizon: number;
  dataSeed: number;
}

/** Every third reference is the sine, the others are constants drawn from [0.8, 1.2]. */
function trainingTrajectories({ trajectories: count, horizon, dataSeed: seed }: Settings): Trajectories {
  const stream = randomStream(seed, "maglev/references");
  const references = Array.from({ length: count }, (_, row): Reference =>
    row % 3 === 2 ? { sine: true } : { constant: 0.8 + 0.4 * stream.uniform(row) },
  );
  return trajectories(references, horizon, seed, "training");
}

export const testReferences: readonly Reference[] = [
  { constant: 0.8 },
  { constant: 0.9 },
  { constant: 1 },
  { constant: 1.1 },
  { constant: 1.2 },
  { sine: true },
];
export const testSteps = Math.round(10 / stepSeconds);
const testStarts = 8;

/** Ten seconds from other starts: row i has the reference i modulo their number. */
export function testTrajectories(seed: number): Trajectories {
  const references = Array.from({ length: testStarts }, () => testReferences).flat();
  return trajectories(references, testSteps, seed, "test");
}

export function maglevLoop(settings: Settings): ClosedLoop<{ energyWeight: number }> {
  return {
    states: 2,
    signals: 1,
    outputs: 1,
    outputActivation: "softplus",
    inputs: [gap, velocity, reference],
    next: [sum(freeGap, push), sum(freeVelocity, product(constant(1 / stepSeconds), push))],
    terms: [
      { metric: "trackingLoss", weight: () => 1, value: power(difference(gap, reference), 2) },
      { metric: "energyLoss", weight: ({ energyWeight }) => energyWeight, value: power(current, 2) },
    ],
    training: trainingTrajectories(settings),
  };
}
