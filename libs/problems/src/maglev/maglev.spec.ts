import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { evaluateExpression } from "../differential-equations/expression";
import type { LearnedLoop } from "../kinds/rollout";
import { judgedCourse, maglevFiguresOf, maglevPlots } from "./judge-maglev";
import { maglev } from "./maglev";
import { maglevLoop, stepSeconds } from "./maglev-loop";

const loop = maglevLoop({ trajectories: 9, horizon: 20, dataSeed: 0 });

/** The plant's formulas in double precision. */
function step(state: readonly number[], current: number): number[] {
  return loop.next.map((expression) =>
    evaluateExpression(expression, ({ kind, index }) => (kind === "state" ? (state[index] ?? Number.NaN) : current)),
  );
}

test("the plant is semi-implicit Euler of ẍ = 1 − u²/x²", () => {
  // By hand: a = 1 − 0.25/1.21, v = 0.1 + 0.02 a, x = 1.1 + 0.02 v.
  const [x, v] = step([1.1, 0.1], 0.5);
  expect(v).toBeCloseTo(0.1 + 0.02 * (1 - 0.25 / 1.21), 14);
  expect(x).toBeCloseTo(1.1 + 0.02 * (0.1 + 0.02 * (1 - 0.25 / 1.21)), 14);
  // At rest where u = x, also after many steps.
  let rest = [0.9, 0];
  for (let n = 0; n < 100; n++) rest = step(rest, 0.9);
  expect(rest[0]).toBeCloseTo(0.9, 12);
  // Unstable: a little too far away it falls with the rate √2/x.
  let falling = [1.001, 0];
  for (let n = 0; n < 100; n++) falling = step(falling, 1);
  expect((falling[0] ?? 0) - 1).toBeCloseTo(0.001 * Math.cosh(Math.SQRT2 * 100 * stepSeconds), 3);
});

test("at the stop the gap is 0.2 and the velocity is what it moved by", () => {
  const [x, v] = step([0.205, -1], 3);
  expect(x).toBeCloseTo(0.2, 12);
  expect(v).toBeCloseTo((0.2 - 0.205) / stepSeconds, 10);
  // From there a body that is not pulled falls at once.
  const [next] = step(step([0.2, 0], 3), 0);
  expect(next).toBeGreaterThan(0.2);
});

/** A controller that knows the plant: it asks for the acceleration −k(x − b) − d v + b̈ around b = r/(1 + λ), and u² = x²(1 − ẍ). */
function knowing(energyWeight: number): LearnedLoop["roll"] {
  return ({ count, steps, starts, signals }) => {
    const states = new Float32Array(2 * (steps + 1) * count);
    const outputs = new Float32Array(steps * count);
    states.set(starts);
    for (let n = 0; n < steps; n++)
      for (let row = 0; row < count; row++) {
        const at = 2 * (n * count + row);
        const [x, v] = [states[at] ?? 0, states[at + 1] ?? 0];
        const reference = (signals[n * count + row] ?? 0) / (1 + energyWeight);
        const before = (signals[Math.max(n - 1, 0) * count + row] ?? 0) / (1 + energyWeight);
        const slope = (reference - before) / stepSeconds;
        const asked = Math.min(-16 * (x - reference) - 8 * (v - slope), 0.95);
        outputs[n * count + row] = x * Math.sqrt(1 - asked);
        states.set(step([x, v], outputs[n * count + row] ?? 0), at + 2 * count);
      }
    return { states, outputs };
  };
}

test.each([0, 0.1])("a controller that knows the plant meets the criterion with λ = %d", (energyWeight) => {
  const course = judgedCourse(knowing(energyWeight), 0);
  const figures = maglevFiguresOf(course, energyWeight);
  expect(figures.inRange).toBe(1);
  expect(figures.restError).toBeLessThan(1e-3);
  expect(figures.restGap).toBeCloseTo(1 / (1 + energyWeight), 3);
  if (energyWeight === 0) expect(figures.rmsError).toBeLessThan(0.02);
  // At rest u = x: the mean of r²/(1 + λ)² over the five constants is 1.02/(1 + λ)², and the sine has about the same.
  expect(figures.meanEnergy * (1 + energyWeight) ** 2).toBeCloseTo(1.02, 1);
  expect(Object.keys(maglevPlots(course, energyWeight))).toEqual(maglev.plots.map(({ id }) => id));
});

test("a body that is dropped, or held against the stop, meets nothing", () => {
  for (const current of [0, 3]) {
    const course = judgedCourse(({ count, steps, starts }) => {
      const states = new Float32Array(2 * (steps + 1) * count);
      states.set(starts);
      for (let i = 0; i < steps * count; i++)
        states.set(step([states[2 * i] ?? 0, states[2 * i + 1] ?? 0], current), 2 * (i + count));
      return { states, outputs: new Float32Array(steps * count).fill(current) };
    }, 0);
    const figures = maglevFiguresOf(course, 0);
    expect(figures.inRange).toBe(0);
    expect(figures.restError).toBeGreaterThan(0.5);
  }
});

test("starts and references are within their ranges, and other ones for the test", () => {
  const { starts, signals, count } = loop.training;
  starts.forEach((value, i) => {
    expect(Math.abs(value - (i % 2 === 0 ? 1.05 : 0))).toBeLessThanOrEqual(i % 2 === 0 ? 0.25 : 0.3);
  });
  signals.forEach((value, i) => {
    if ((i % count) % 3 === 2) expect(value).toBeCloseTo(1 + 0.2 * Math.sin(Math.floor(i / count) * stepSeconds), 6);
    else expect(value).toBe(signals[i % count]);
  });
  expect(maglevLoop({ trajectories: 9, horizon: 20, dataSeed: 1 }).training.starts).not.toEqual(starts);
});

test("a horizon that begins beyond its end, and a memory of no layer, are refused with their field", () => {
  const issues = (changes: Record<string, unknown>) => maglev.check?.(configurationOf(maglev, changes as never)) ?? [];
  expect(issues({})).toEqual([]);
  expect(issues({ firstHorizon: 400 })).toMatchObject([
    { path: "firstHorizon", message: "is more than the horizon of 300 steps" },
  ]);
  expect(issues({ reportEvery: 7 })).toMatchObject([{ path: "reportEvery" }]);
  expect(issues({ cell: "elman", hiddenLayers: [] })).toMatchObject([{ path: "hiddenLayers" }]);
});
