import { DatasetId, type Configuration, type DatasetContent } from "@basin/contracts";
import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { networkPasses, pointsOf } from "../differential-equations/passes";
import type { Problem } from "../experiment";
import type { ProblemResources } from "../kinds/resources";
import { experiments, findExperiment } from "../registry";
import { valuesOf, type DataSizes } from "./data-sizes";

const rows = 50;
const table: DatasetContent = {
  id: DatasetId.parse("ab".repeat(32)),
  name: "table.csv",
  rows,
  columns: [
    { name: "a", type: "number", values: Float64Array.from({ length: rows }, (_, i) => Math.sin(i)), categories: [] },
    { name: "b", type: "number", values: Float64Array.from({ length: rows }, (_, i) => i % 3), categories: [] },
    {
      name: "kind",
      type: "category",
      values: Float64Array.from({ length: rows }, (_, i) => i % 4),
      categories: ["p", "q", "r", "s"],
    },
  ],
  arrays: [{ name: "images", shape: [rows, 4, 6], values: Float64Array.from({ length: rows * 24 }, (_, i) => Math.cos(i)) }],
};
const pixels = 28 * 28;
const mnistFile: DatasetContent = {
  ...table,
  id: DatasetId.parse("cd".repeat(32)),
  rows: 0,
  columns: [],
  arrays: ["train", "test"].flatMap((part) => [
    { name: `x_${part}`, shape: [20, 28, 28], values: new Uint8Array(20 * pixels) },
    { name: `y_${part}`, shape: [20], values: new Uint8Array(20) },
  ]),
};
const known = (id: string): DatasetContent | undefined => [table, mnistFile].find((one) => one.id === id);
const resources: ProblemResources = {
  dataset(id) {
    const found = known(id);
    if (!found) throw new RangeError(`no dataset ${id}`);
    return found;
  },
};

/** How much data there is once it is made. */
function madeBy(problem: Problem, parameters: Configuration): DataSizes | null {
  const vector = (width: number) => ({ rows: 1, columns: 1, channels: width });
  switch (problem.kind) {
    case "supervised": {
      const { samples, inputs, targets } = problem.data(parameters, resources);
      return { samples, input: vector(inputs.length / samples), outputs: targets.length / samples };
    }
    case "custom-loss": {
      const { samples, inputs, targets } = problem.data(parameters);
      return { samples, input: vector(inputs.length / samples), outputs: targets.length / samples };
    }
    case "labelled-images": {
      const { samples } = problem.training(parameters, resources);
      return { samples, input: problem.shape(parameters, resources), outputs: problem.classes.length };
    }
    case "reconstruction": {
      const input = problem.shape(parameters, resources);
      return { samples: problem.training(parameters, resources).length / valuesOf(input), input, outputs: 0 };
    }
    case "latent-dynamics": {
      const { width, trainingSamples, validationSamples } = problem.data(parameters, resources);
      return { samples: trainingSamples, input: vector(width), outputs: 0, heldOut: validationSamples };
    }
    case "differential-equation": {
      const system = problem.system(parameters, resources);
      const { coordinates, components } = system;
      const count = (grids: readonly number[]): number => grids.reduce((sum, grid) => sum + pointsOf(system, grid), 0);
      const passes = networkPasses(system);
      const samples = count(passes.flatMap(({ grids }) => grids));
      const all = passes.reduce((sum, { grids, plan }) => sum + count(grids) * (plan.entries.length - 1), 0);
      return { samples, input: vector(coordinates), outputs: components, derivatives: all / samples };
    }
    case "rollout": {
      const { inputs, outputs, training } = problem.loop(parameters, resources);
      return { samples: training.count, input: vector(inputs.length), outputs };
    }
    default:
      return null;
  }
}

function expectSizes(id: string, changes: Configuration): void {
  const definition = findExperiment(id);
  if (!definition) throw new Error(`no experiment ${id}`);
  const parameters = configurationOf(definition, changes);
  const problem = definition.problemOf?.(parameters, resources) ?? definition.problem;
  expect(definition.sizes?.(parameters, known)).toEqual(madeBy(problem, parameters));
}

/** Points inside the cylinder are left out. */
const notExactly = ["cylinder-flow"];

const withTensors = experiments.filter(({ family }) => !["sindy", "descent", "diagnostic"].includes(family));
const onDatasets = withTensors.filter((one) => one.datasets && !one.hasOwnData);

test.each(withTensors.filter((one) => !onDatasets.includes(one) && !notExactly.includes(one.id)).map(({ id }) => id))(
  "%s tells how much data there will be",
  (id) => expectSizes(id, {}),
);

test.each<[string, Configuration]>([
  ["loss-minimization", { samples: 37 }],
  ["polynomial-regression", { step: 0.3 }],
  ["polynomial-regression", { step: 0.1 }],
  ["runge-interpolation", { samples: 9 }],
  ["lorenz-interpolation", { stride: 7 }],
  ["breast-cancer", { testFraction: 0.33 }],
  ["digits", { testFraction: 0.5 }],
  ["digits-cnn", { testFraction: 0.11 }],
  ["dropout", { trainingSamples: 1700 }],
  ["backpropagation", { samples: 3 }],
  ["mnist", { trainingImages: 100 }],
  ["mnist", { dataset: mnistFile.id }],
  ["mnist", { dataset: mnistFile.id, trainingImages: 7 }],
  ["pendulum-images", { frames: 12, trainingFrames: 40, pixels: 16 }],
  ["sindy-pendulum", { orbits: 3, validationOrbits: 2, frames: 5, pixels: 8 }],
  ["sindy-autoencoder-lorenz", { orbits: 3, validationOrbits: 2, frames: 5, gridPoints: 16 }],
  ["harmonic-oscillator-pinn", { points: 11 }],
  ["pendulum-gravity", { samples: 13, estimate: "parameter" }],
  ["maglev", { trajectories: 11 }],
  ["delayed-echo", { sequences: 11 }],
  ["dataset-regression", { dataset: table.id, targets: ["a", "b"], testFraction: 0.33 }],
  ["dataset-regression", { dataset: table.id, inputs: ["a", "images"], targets: ["b"] }],
  ["dataset-classification", { dataset: table.id, classColumn: "kind" }],
  ["dataset-autoencoder", { dataset: table.id }],
  ["dataset-autoencoder", { dataset: table.id, inputs: ["images"] }],
  ["dataset-autoencoder", { dataset: table.id, inputs: ["kind", "a"] }],
])("%s tells how much data there will be with %j", (id, changes) => expectSizes(id, changes));

test("a part of the points of a flow is left out", () => {
  const definition = findExperiment("cylinder-flow");
  if (!definition) throw new Error("no experiment cylinder-flow");
  const parameters = configurationOf(definition, { points: 500 });
  const made = madeBy(definition.problem, parameters)?.samples ?? 0;
  const told = definition.sizes?.(parameters, known)?.samples ?? 0;
  expect(told).toBe(500);
  expect(made / told).toBeGreaterThan(0.8);
  expect(made / told).toBeLessThan(1);
});

test("what a dataset does not tell without its content is bounded from above, and one that is not known tells nothing", () => {
  const classification = findExperiment("dataset-classification");
  if (!classification) throw new Error("no experiment dataset-classification");
  const parameters = configurationOf(classification, { dataset: table.id, classColumn: "b" });
  expect(classification.sizes?.(parameters, known)?.outputs).toBe(100);
  const described = { ...table, columns: table.columns.map((column) => ({ ...column, min: 0, max: 2 })) };
  expect(classification.sizes?.(parameters, () => described)?.outputs).toBe(3);
  for (const definition of onDatasets)
    expect(definition.sizes?.(configurationOf(definition, { dataset: "ef".repeat(32) }), known)).toBeNull();
});
