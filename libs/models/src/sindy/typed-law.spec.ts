import type { Configuration } from "@basin/contracts";
import { configurationOf, findExperiment, noResources } from "@basin/problems";
import { expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";

const lorenz: Configuration = {
  unknowns: ["x", "y", "z"],
  coordinates: ["t in [0, 10]"],
  equations: ["x_t = 10*(y - x)", "y_t = x*(28 - z) - y", "z_t = x*y - 8/3*z"],
  conditions: ["x(0) = -8", "y(0) = 7", "z(0) = 27"],
  samples: 5001,
};
const pendulum: Configuration = {
  unknowns: ["q", "p"],
  coordinates: ["t in [0, 20]"],
  equations: ["q_t = p", "p_t = -omega^2*sin(q)"],
  conditions: ["q(0) = 2", "p(0) = 0"],
  omega: 1.5,
  sine: true,
};

it.each<[string, Configuration, RegExp]>([
  ["predators and prey", {}, /dx\/dt \{x, x·y\}; dy\/dt \{y, x·y\}/],
  ["Lorenz' equations", lorenz, /dx\/dt \{x, y\}; dy\/dt \{x, y, x·z\}; dz\/dt \{z, x·y\}/],
  ["a pendulum", pendulum, /dq\/dt \{p\}; dp\/dt \{sin q\}/],
])("the typed law of %s is recovered from its simulated data", async (_, changes, support) => {
  const definition = findExperiment("typed-law");
  if (!definition) throw new Error("no typed-law");
  const parameters = configurationOf(definition, { ...changes, noise: 0.001 });
  expect(definition.check?.(parameters)).toEqual([]);
  const problem = definition.problemOf?.(parameters, noResources) ?? definition.problem;
  const [run] = await trainPack({ ...definition, problem }, [{ seed: 3, parameters }]);
  expect(run?.result?.labels?.["support"]).toMatch(support);
  expect(run?.result?.metrics["lawRecovered"]).toBe(1);
  expect(run?.result?.metrics["coefficientError"]).toBeLessThan(0.01);
});
