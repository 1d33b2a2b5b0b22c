import type { Configuration } from "@basin/contracts";
import { expect, it } from "vitest";
import { checkSpec } from "../check-spec";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import type { MeasuredDynamicsProblem } from "../kinds/measured-dynamics";
import { withoutEffect } from "../without-effect";
import { typedLaw } from "./typed-law";

const fixed = (changes: Configuration) =>
  Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, { type: "fixed" as const, value }]));
const line: Configuration = { unknowns: ["x"], conditions: ["x(0) = 1"] };

it.each<[string, Configuration, string, RegExp]>([
  [
    "an unknown symbol",
    { equations: ["x_t = a*x", "y_t = y"] },
    "space.equations[0]",
    /character 7 of "x_t = a\*x": there is no "a"/,
  ],
  [
    "a second order",
    { ...line, equations: ["x_tt = -x"], conditions: ["x(0) = 1", "x_t(0) = 0"] },
    "space.equations",
    /velocity as a further state/,
  ],
  ["a law of the time", { ...line, equations: ["x_t = -t*x"] }, "space.equations", /depends on t/],
  ["a start that is missing", { conditions: ["x(0) = 2"] }, "space.equations", /needs 2 conditions at t = 0, not 1/],
  ["an orbit that ends", { ...line, equations: ["x_t = x^2"] }, "space.equations", /there is no solution/],
  [
    "a law that is not in the library",
    { ...line, equations: ["x_t = -x^3"] },
    "space.polynomialDegree",
    /no sum of the functions/,
  ],
  ["a smoothing wider than the data", { samples: 50 }, "space.smoothingWindow", /more than half of the 50 samples/],
])("refuses %s", (_, changes, path, message) => {
  const [issue] = checkSpec(typedLaw, { space: fixed(changes) });
  expect(issue?.message).toMatch(message);
  expect(issue?.path).toBe(path);
});

it("measures the typed law's orbit at equal intervals, with the noise of the seed", () => {
  const parameters = configurationOf(typedLaw, {
    unknowns: ["x", "v"],
    coordinates: ["t in [0, 10]"],
    equations: ["x_t = v", "v_t = -omega^2*x"],
    conditions: ["x(0) = 1", "v(0) = 0"],
    omega: 2,
    samples: 101,
  });
  expect(checkSpec(typedLaw, { space: fixed(parameters) })).toEqual([]);
  const problem = typedLaw.problemOf?.(parameters, noResources) as MeasuredDynamicsProblem;
  const clean = problem.measure(parameters, 1, noResources);
  expect(clean).toMatchObject({ interval: 0.1, samples: 101 });
  for (const i of [0, 17, 100]) expect(clean.states[2 * i]).toBeCloseTo(Math.cos(0.2 * i), 7);
  const noisy = (seed: number) => problem.measure({ ...parameters, noise: 0.1 }, seed, noResources).states;
  expect(noisy(1)).not.toEqual(noisy(2));
  expect(noisy(1)).toEqual(noisy(1));
  expect(withoutEffect(typedLaw, parameters).has("omega")).toBe(false);
  expect(withoutEffect(typedLaw, parameters).has("alpha")).toBe(true);
});
