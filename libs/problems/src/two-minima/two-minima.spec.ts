import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { twoMinima } from "./two-minima";

/** Plain descent of both starts, as the family makes it with the rule `constant`. */
function descend(changes: Record<string, number>): Record<string, number> {
  const { problem } = twoMinima;
  if (problem.kind !== "descent") throw new Error("no descent");
  const parameters = configurationOf(twoMinima, changes);
  const points = [problem.start(parameters, 1)];
  for (let step = 0; step < 400; step++) {
    const at = points[step] ?? new Float64Array(4);
    const slope = problem.gradient(parameters, at, 1, step + 1);
    points.push(at.map((x, i) => x - 0.05 * (slope[i] ?? 0)));
  }
  return problem.evaluate(parameters, { seed: 1, points, values: points.map((point) => problem.value(parameters, point, 1)) });
}

test("starts on either side of the ridge end in different minima, however close they are", () => {
  for (const separation of [0.2, 0.02, 0.002]) {
    const { differentMinima, worstDistance, valueGap } = descend({ separation });
    expect(differentMinima).toBe(1);
    expect(worstDistance).toBeLessThan(1e-8);
    expect(valueGap).toBeGreaterThan(0.5);
  }
});

test("the paths part later by ln 10/ln(1 + η|f_xx|) steps for each tenth of the distance", () => {
  // f_xx = 12x² − 4 at the ridge, x = 0.0754…: 1 + 0.05·3.93.
  const perDecade = Math.log(10) / Math.log(1 + 0.05 * (4 - 12 * 0.0754 ** 2));
  const steps = [0.02, 0.002, 0.0002].map((separation) => descend({ separation })["partingSteps"] ?? NaN);
  expect(Math.abs(steps[1]! - steps[0]! - perDecade)).toBeLessThanOrEqual(1);
  expect(Math.abs(steps[2]! - steps[0]! - 2 * perDecade)).toBeLessThanOrEqual(1);
});

test("starts on one side of it end in one minimum", () => {
  const { differentMinima, endsApart, partingSteps } = descend({ separation: 0.02, offset: 0.5 });
  expect(differentMinima).toBe(0);
  expect(endsApart).toBeLessThan(1e-8);
  expect(partingSteps).toBeNaN();
});
