import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { lorenzInterpolation } from "./lorenz-interpolation";
import { lorenzSamples, lorenzSeries } from "./lorenz-series";

test("the orbit starts at 1, has 2,000 points on [0, 20], and its slope is that of its values", () => {
  const { t, x, slope } = lorenzSeries();
  expect([t.length, t[0], t.at(-1), x[0], slope[0]]).toEqual([2000, 0, 20, 1, 0]);
  const step = 20 / 1999;
  for (const i of [5, 700, 1500, 1990]) {
    const at = (k: number): number => x[i + k] ?? Number.NaN;
    const central = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step);
    expect(Math.abs((slope[i] ?? Number.NaN) - central)).toBeLessThan(0.02);
  }
  const greatest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(greatest).toBeGreaterThan(15);
  expect(greatest).toBeLessThan(20);
});

test("every tenth point with noise of the wanted deviation, another draw for another seed", () => {
  const { t, x } = lorenzSeries();
  const samples = lorenzSamples({ stride: 10, noise: 0.5, dataSeed: 0 });
  expect(samples.t).toEqual(t.filter((_, i) => i % 10 === 0));
  const noise = samples.x.map((value, i) => value - (x[10 * i] ?? Number.NaN));
  expect(Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / 200)).toBeCloseTo(0.5, 1);
  expect(lorenzSamples({ stride: 10, noise: 0.5, dataSeed: 1 }).x).not.toEqual(samples.x);
  expect(lorenzSamples({ stride: 7, noise: 0, dataSeed: 0 }).x).toEqual(x.filter((_, i) => i % 7 === 0));
});

test("time is scaled to the input range, and predictions are judged in the units of x", () => {
  const { problem } = lorenzInterpolation;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const parameters = configurationOf(lorenzInterpolation, { inputRange: 3, noise: 0 });
  const { inputs, targets, samples } = problem.data(parameters, noResources);
  expect(samples).toBe(200);
  expect([inputs[0], problem.evaluationInputs(parameters, noResources)[1999]]).toEqual([-3, 3]);
  const least = targets.reduce((a, b) => Math.min(a, b));
  expect([least, targets.reduce((a, b) => Math.max(a, b))]).toEqual([0, 1]);
  const { x } = lorenzSamples({ stride: 10, noise: 0, dataSeed: 0 });
  const low = Math.min(...x);
  const flat = problem.evaluate(parameters, new Float32Array(2000), noResources);
  const truth = lorenzSeries().x;
  expect(flat["rmse"]).toBeCloseTo(Math.sqrt(truth.reduce((sum, value) => sum + (value - low) ** 2, 0) / 2000), 6);
});
