import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { curveOf, drawnFrequencies, gridFrequencies, times } from "./curves";
import { readability } from "./readability";
import { twoFrequencies } from "./two-frequencies";

test("a curve is half the sum of two sines, and frequencies lie in their ranges", () => {
  const curve = curveOf([1.5, 3.25], 64);
  times(64).forEach((t, i) => expect(curve[i]).toBeCloseTo((Math.sin(1.5 * t) + Math.sin(3.25 * t)) / 2, 6));
  for (const [low, high] of [...drawnFrequencies(200, 4), ...gridFrequencies()]) {
    expect(low >= 1 && low <= 2 && high >= 3 && high <= 4).toBe(true);
  }
  expect(gridFrequencies()).toHaveLength(400);
});

test("frequencies are read from codes that are bent by a quadratic, and not from codes that are folded", () => {
  const grid = gridFrequencies();
  const bent = Float32Array.from(grid.flatMap(([a, b]) => [a + 0.1 * (a - 1.5) * (b - 3.5), 5 - b]));
  expect(readability(bent, grid)).toBeGreaterThan(0.999);
  const folded = Float32Array.from(grid.flatMap(([a, b]) => [(a - 1.5) ** 2, b]));
  expect(readability(folded, grid)).toBeLessThan(0.1);
  expect(readability(folded.fill(Number.NaN, 3, 4), grid)).toBeNaN();
});

test("perfect curves meet the criterion, and the linear code of width 2 is far from it", () => {
  const { problem } = twoFrequencies;
  if (problem.kind !== "reconstruction") throw new Error("no reconstruction");
  const parameters = configurationOf(twoFrequencies, {});
  const inputs = problem.evaluationInputs(parameters, noResources);
  const codes = Float32Array.from(gridFrequencies().flat());
  const figures = problem.evaluate(parameters, { inputs, images: inputs, codes, latentWidth: 2 }, noResources);
  expect(figures["relativeError"]).toBe(0);
  expect(figures["frequencyR2"]).toBeGreaterThan(0.999999);
  expect(figures["linearError"]).toBeGreaterThan(0.3);
  const wide = problem.evaluate(
    { ...parameters, latentWidth: 20 },
    { inputs, images: inputs, codes, latentWidth: 20 },
    noResources,
  );
  expect(wide["linearError"]).toBeLessThan(0.01);
  expect(wide).not.toHaveProperty("frequencyR2");
});
