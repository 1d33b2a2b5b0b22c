import { configurationOf, findExperiment, holdsFor } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { trainPack } from "./testing/recorded-pack";
import { openSuiteBackend } from "./testing/suite-backend";

beforeAll(openSuiteBackend, 60_000);

it.each([
  ["loss-minimization", { epochs: 1 }],
  ["loss-minimization", { epochs: 100, hiddenLayers: [2], samples: 8, batchSize: 0, validationFraction: 0.25 }],
  ["perceptron-regression", { epochs: 1 }],
  ["perceptron-regression", { epochs: 101, start: "drawn" }],
  ["perceptron-regression", { epochs: 101 }],
  ["polynomial-regression", { epochs: 99 }],
  ["polynomial-regression", { epochs: 100, hiddenLayers: [2] }],
  ["cross-validation-search", { epochs: 1, folds: 2, trainingSamples: 10 }],
  ["breast-cancer", { epochs: 1, folds: 0 }],
])("%s with %j reports the figures that its descriptor says, and no others", async (id, changes) => {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  const parameters = configurationOf(definition, { ...changes, plots: false });
  const [run] = await trainPack(definition, [{ seed: 1, parameters }]);
  const finals = definition.metrics.filter(({ final }) => final);
  const expected = finals.filter(({ where = [] }) => where.every((rule) => holdsFor(rule, parameters)));
  // A loss that never fell to a quarter has no epoch at which it did.
  const reported = Object.keys(run?.result?.metrics ?? {}).filter((name) => name !== "dropEpoch");
  expect(reported.sort()).toEqual(
    expected
      .map(({ name }) => name)
      .filter((name) => name !== "dropEpoch")
      .sort(),
  );
});

it.each(["runge-interpolation", "polynomial-regression", "loss-minimization"])(
  "of %s the figures of the data alone are the same however it is trained, and no others",
  async (id) => {
    const definition = findExperiment(id);
    if (!definition) throw new Error(`no experiment ${id}`);
    const parameters = configurationOf(definition, { epochs: 101, hiddenLayers: [3], plots: false });
    const runs = await trainPack(definition, [
      { seed: 1, parameters },
      { seed: 2, parameters: { ...parameters, learningRate: 0.02 } },
    ]);
    const [one, other] = runs.map(({ result }) => result?.metrics ?? {});
    const same = Object.keys(one ?? {}).filter((name) => one?.[name] === other?.[name]);
    // The number of weights is one of the network, which is the same here.
    expect(same.filter((name) => name !== "weightCount").sort()).toEqual(
      definition.metrics.flatMap(({ name, ofData }) => (ofData ? [name] : [])).sort(),
    );
  },
);
