import { DatasetId, type DatasetContent } from "@basin/contracts";
import { openBackend } from "@basin/engine";
import { configurationOf, findExperiment, type ExperimentDefinition } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { trainPack, type Recording } from "./testing/recorded-pack";

beforeAll(async () => {
  await openBackend("wasm");
});

const id = DatasetId.parse("ab".repeat(32));
const rows = 40;
const column = (name: string, at: (row: number) => number): DatasetContent["columns"][number] => ({
  name,
  type: "number",
  values: Float64Array.from({ length: rows }, (_, row) => at(row)),
  categories: [],
});
const content: DatasetContent = {
  id,
  name: "t.csv",
  rows,
  columns: [
    column("x", (row) => (row === 3 || row === 11 ? Number.NaN : row)),
    column("y", (row) => 2 * row),
    column("kind", (row) => row % 2),
  ],
  arrays: [],
};
const resources = { dataset: () => content };

function experiment(name: string): ExperimentDefinition {
  const found = findExperiment(name);
  if (!found) throw new Error(`no experiment ${name}`);
  return found;
}

interface SplitFile {
  rows: number;
  countedFrom: number;
  test: number[];
  validation: number[];
  leftOut: number[];
}

function splitOf(recording: Recording | undefined): SplitFile {
  const artifact = recording?.result?.artifacts.find(({ name }) => name === "split.json");
  if (!artifact) throw new Error("no split.json");
  expect(artifact).toMatchObject({ kind: "other", mediaType: "application/json" });
  return JSON.parse(new TextDecoder().decode(artifact.content)) as SplitFile;
}

const numbers = { hiddenLayers: [2], epochs: 2, missing: "leave-out", standardize: false, plots: false };
const cases: [string, object][] = [
  ["dataset-regression", { inputs: ["x"], targets: ["y"], ...numbers }],
  ["dataset-classification", { inputs: ["x"], classColumn: "kind", ...numbers }],
  ["dataset-autoencoder", { inputs: ["x", "y"], denseLayers: [2], epochs: 2, missing: "leave-out", plots: false }],
];

it.each(cases)("a run of %s stores which rows it held out", async (name, changes) => {
  const definition = experiment(name);
  const given = {
    ...definition,
    problem: definition.problemOf!(configurationOf(definition, { dataset: id, ...changes }), resources),
  };
  const parameters = (validationFraction: number) => configurationOf(definition, { dataset: id, validationFraction, ...changes });
  const [plain] = await trainPack(given, [{ seed: 1, parameters: parameters(0) }], resources);
  const [held, other] = await trainPack(
    given,
    [1, 2].map((seed) => ({ seed, parameters: parameters(0.25) })),
    resources,
  );
  const split = splitOf(plain);
  expect(split).toMatchObject({ rows, countedFrom: 1, validation: [], leftOut: [4, 12] });
  expect(split.test).toHaveLength(8);
  expect(split.test.every((row) => row >= 1 && row <= rows && row !== 4 && row !== 12)).toBe(true);
  expect(splitOf(held).test).toEqual(split.test);
  expect(splitOf(held).validation).toHaveLength(Math.floor(0.25 * 30));
  expect(splitOf(held).validation.some((row) => split.test.includes(row) || row === 4 || row === 12)).toBe(false);
  expect(splitOf(other).validation).not.toEqual(splitOf(held).validation);
});

it("a run of dataset-sindy holds out the last rows, which its regression never sees", async () => {
  const definition = experiment("dataset-sindy");
  const parameters = configurationOf(definition, { dataset: id, states: ["y"], polynomialDegree: 1, testFraction: 0.25 });
  const problem = definition.problemOf!(parameters, resources);
  const [recording] = await trainPack({ ...definition, problem }, [{ seed: 1, parameters }], resources);
  expect(splitOf(recording)).toEqual({
    rows,
    countedFrom: 1,
    test: Array.from({ length: 10 }, (_, i) => 31 + i),
    validation: [],
    leftOut: [],
  });
  expect(recording?.result?.metrics["testRows"]).toBe(10);
});

it("what is shown as held out is what was held out: the same network by least squares on the other rows", async () => {
  // y = 2x with one row far off: only a fit without that row is exact.
  const definition = experiment("dataset-regression");
  const parameters = configurationOf(definition, {
    dataset: id,
    inputs: ["x"],
    targets: ["y"],
    missing: "leave-out",
    hiddenLayers: [],
    optimizer: "sgd",
    learningRate: 0.3,
    batchSize: 0,
    epochs: 300,
  });
  const problem = definition.problemOf!(parameters, resources);
  const [first] = await trainPack({ ...definition, problem }, [{ seed: 1, parameters }], resources);
  const { test } = splitOf(first);
  const off: DatasetContent = {
    ...content,
    columns: [content.columns[0]!, column("y", (row) => (row + 1 === test[0] ? 1000 : 2 * row))],
  };
  const brought = { dataset: () => off };
  const [second] = await trainPack(
    { ...definition, problem: definition.problemOf!(parameters, brought) },
    [{ seed: 1, parameters }],
    brought,
  );
  expect(splitOf(second).test).toEqual(test);
  expect(first?.result?.metrics["testRmse"]).toBeLessThan(1e-3);
  // The weights did not see it, the error on the eight test rows does: (1000 − 2·row)/√8.
  expect(second?.result?.metrics["loss"]).toBe(first?.result?.metrics["loss"]);
  expect(second?.result?.metrics["testRmse"]).toBeCloseTo((1000 - 2 * (test[0]! - 1)) / Math.sqrt(8), 2);
});
