import { Dataset, DatasetId, packDataset, unpackDataset, type DatasetContent } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import type { SupervisedProblem } from "../kinds/supervised";
import { checkDatasets, datasetsOf } from "./check-datasets";
import { datasetClassification } from "./dataset-classification";
import { datasetRegression } from "./dataset-regression";

const id = DatasetId.parse("ab".repeat(32));
const rows = 50;
const draws = randomStream(7, "datasets-spec");
const x = Float64Array.from({ length: rows }, (_, i) => 100 + 10 * draws.uniform(i));
const content: DatasetContent = {
  id,
  name: "t.csv",
  rows,
  columns: [
    { name: "x", type: "number", values: x, categories: [] },
    { name: "gap", type: "number", values: x.map((value, i) => (i < 5 ? Number.NaN : value)), categories: [] },
    { name: "kind", type: "category", values: x.map((_, i) => i % 3), categories: ["a", "b", "c"] },
    { name: "y", type: "number", values: x.map((value) => 3 * value), categories: [] },
    { name: "label", type: "number", values: x.map((_, i) => 4 + (i % 2)), categories: [] },
  ],
  arrays: [],
};
const dataset = Dataset.parse({
  id,
  name: "t.csv",
  format: "csv",
  bytes: 1,
  rows,
  delimiter: "comma",
  decimal: ".",
  columns: content.columns.map(({ name, type, values, categories }) => ({
    name,
    type,
    missing: values.filter(Number.isNaN).length,
    min: null,
    max: null,
    mean: null,
    categories: categories.map((category) => ({ name: category, count: 1 })),
  })),
  arrays: [],
  missing: { count: 5, first: [] },
  createdAt: "2026-01-01T00:00:00Z",
});
const resources = { dataset: () => content };

function problemOf(definition: typeof datasetRegression, changes: object): SupervisedProblem {
  const problem = definition.problemOf?.(configurationOf(definition, { dataset: id, ...changes }), resources);
  if (problem?.kind !== "supervised") throw new Error("not supervised");
  return problem;
}

test("a content survives its file to the bit, in the narrowest type that holds it", () => {
  const odd: DatasetContent = {
    ...content,
    columns: [
      { name: "double", type: "number", values: Float64Array.of(0.1, Number.NaN, -0), categories: [] },
      { name: "single", type: "number", values: Float64Array.of(0.5, Number.NaN, -0), categories: [] },
      { name: "byte", type: "category", values: Float64Array.of(0, 255, 3), categories: ["ä", "b"] },
      { name: "code", type: "category", values: Float64Array.of(0, -1, 3), categories: ["ä", "b"] },
    ],
    arrays: [{ name: "images", shape: [3, 1, 1], values: Float64Array.of(1, 2, 3) }],
  };
  const narrow = { ...odd, arrays: odd.arrays.map((one) => ({ ...one, values: Uint8Array.from(one.values) })) };
  expect(unpackDataset(packDataset(odd))).toEqual(narrow);
  expect(() => unpackDataset(new Uint8Array(40))).toThrow();
});

describe("regression on a table", () => {
  test("spreads categories, standardizes on the training rows alone, and keeps test rows out of training", () => {
    const problem = problemOf(datasetRegression, { inputs: ["x", "kind"], targets: ["y"], testFraction: 0.2 });
    expect([problem.inputWidth, problem.outputWidth]).toEqual([4, 1]);
    const parameters = configurationOf(datasetRegression, { dataset: id });
    const { samples, inputs, targets } = problem.data(parameters, resources);
    expect(samples).toBe(40);
    const column = Array.from({ length: samples }, (_, i) => inputs[i * 4] ?? Number.NaN);
    const mean = column.reduce((a, b) => a + b, 0) / samples;
    expect(mean).toBeCloseTo(0, 5);
    expect(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples).toBeCloseTo(1, 5);
    const held = problem.evaluationInputs(parameters, resources);
    expect(held.length).toBe(10 * 4);
    const test = Array.from({ length: 10 }, (_, i) => held[i * 4] ?? Number.NaN);
    expect(test.some((value) => column.includes(value))).toBe(false);
    for (let i = 0; i < samples; i++) expect([...inputs.slice(i * 4 + 1, i * 4 + 4)].sort()).toEqual([0, 0, 1]);
    // y = 3 x, so the standardized target is the standardized input.
    expect([...targets].every((target, i) => Math.abs(target - (column[i] ?? 0)) < 1e-4)).toBe(true);
    const figures = problem.evaluate(parameters, Float32Array.from(test), resources);
    expect(figures["testRSquared"]).toBeCloseTo(1, 6);
    expect(figures["testRmse"]).toBeLessThan(1e-3);
    const guess = problem.evaluate(parameters, new Float32Array(10), resources);
    expect(guess["testRSquared"]).toBeLessThan(0.1);
    expect(guess["testMae"]).toBeGreaterThan(1);
  });

  test("another split seed tests other rows; the same gives the same", () => {
    const held = (splitSeed: number): number[] => {
      const problem = problemOf(datasetRegression, { inputs: ["x"], targets: ["y"], splitSeed, standardize: false });
      return [...problem.evaluationInputs({}, resources)].sort();
    };
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  test("leaves rows with missing values out", () => {
    const problem = problemOf(datasetRegression, { inputs: ["gap"], targets: ["y"], testFraction: 0.2 });
    expect(problem.data({}, resources).samples).toBe(36);
  });
});

describe("a column that is constant on the training rows", () => {
  const n = 50;
  const table = (usual: number, other: number, targets = (i: number) => i / 5): DatasetContent => {
    const number = (name: string, at: (i: number) => number) => ({
      name,
      type: "number" as const,
      values: Float64Array.from({ length: n }, (_, i) => at(i)),
      categories: [],
    });
    // Row 22 is among the test rows of split 0.
    const columns = [number("x", (i) => i / 10), number("c", (i) => (i === 22 ? other : usual)), number("y", targets)];
    return { id, name: "nc.csv", rows: n, columns, arrays: [] };
  };
  const open = (own: DatasetContent, changes: object): SupervisedProblem => {
    const brought = { dataset: () => own };
    const problem = datasetRegression.problemOf?.(configurationOf(datasetRegression, { dataset: id, ...changes }), brought);
    if (problem?.kind !== "supervised") throw new Error("not supervised");
    return problem;
  };

  test.each([
    [1, 2],
    [0.1, 0.2],
    [0.7, 0.7000001],
    [1e-300, 1],
    [0, 1],
    [3e9, 3e9 + 1],
  ])("%f, is centred and not stretched, so that %f among the test rows is no outlier of 10¹⁷ deviations", (usual, other) => {
    const problem = open(table(usual, other), { inputs: ["x", "c"], targets: ["y"] });
    const trained = problem.data({}, resources).inputs.filter((_, i) => i % 2 === 1);
    expect(new Set(trained)).toEqual(new Set([0]));
    const tested = problem.evaluationInputs({}, resources).filter((_, i) => i % 2 === 1);
    // As scikit-learn's StandardScaler, which has scale_ 1 for it: (2 − 1) / 1.
    expect([...tested].filter((value) => value !== 0)).toEqual([Math.fround(other - usual)]);
  });

  test("has no R² where it is the target, whatever it is and whatever is predicted", () => {
    for (const value of [3, 0.7, 0.1, 1e-300, 1e12]) {
      const problem = open(
        table(1, 2, () => value),
        { inputs: ["x"], targets: ["y"] },
      );
      const figures = problem.evaluate(
        {},
        Float32Array.from({ length: 10 }, (_, i) => i / 100),
        resources,
      );
      expect(figures["testRSquared"]).toBeNaN();
      expect(problem.evaluate({}, new Float32Array(10), resources)).toMatchObject({ testRmse: 0, testMae: 0 });
    }
  });

  test("leaves the mean R² to the targets that vary, and large targets keep their digits", () => {
    const problem = open(
      table(5, 5, (i) => 1e8 + i / 7),
      { inputs: ["x"], targets: ["c", "y"] },
    );
    const test = 10;
    const exact = problem.evaluate({}, new Float32Array(2 * test), resources);
    // Both targets guessed by their training means; scikit-learn 1.9.1 on the same rows: r2_score of y, RMSE over both.
    expect(exact["testRSquared"]).toBeCloseTo(-0.11460750217468885, 7);
    expect(exact["testRmse"]).toBeCloseTo(1.4176007308327525, 7);
  });
});

test("classification reads categories and whole numbers as classes and judges ties as wrong", () => {
  const problem = problemOf(datasetClassification, { inputs: ["x"], classColumn: "kind" });
  expect([problem.outputWidth, problem.outputActivation, problem.loss]).toEqual([3, "softmax", "cce"]);
  const { samples, targets } = problem.data({}, resources);
  for (let i = 0; i < samples; i++) expect([...targets.slice(i * 3, i * 3 + 3)].sort()).toEqual([0, 0, 1]);
  const tie = problem.evaluate({}, new Float32Array(30).fill(1 / 3), resources);
  expect(tie["testAccuracy"]).toBe(0);
  expect(tie["testCrossEntropy"]).toBeCloseTo(Math.log(3), 6);
  expect(problemOf(datasetClassification, { inputs: ["x"], classColumn: "label" }).outputWidth).toBe(2);
  expect(() => problemOf(datasetClassification, { inputs: ["x"], classColumn: "nope" })).toThrow(/no column "nope"/);
});

describe("what a sweep asks of a dataset", () => {
  const fixed = (value: string | string[]) => ({ type: "fixed" as const, value });
  const check = (space: Parameters<typeof checkDatasets>[1], definition = datasetRegression): string[] =>
    checkDatasets(definition, space, [dataset]).map(({ path, message }) => `${path}: ${message}`);

  test("names the datasets of all its configurations", () => {
    const other = "cd".repeat(32);
    expect(datasetsOf(datasetRegression, { dataset: { type: "choice", values: [id, other] } })).toEqual([id, other]);
    expect(datasetsOf(datasetRegression, {})).toEqual([]);
  });

  test("is checked with the path of what is wrong", () => {
    const named = { dataset: fixed(id) };
    expect(check({ ...named, inputs: fixed(["x", "kind"]), targets: fixed(["y"]) })).toEqual([]);
    expect(check({})).toEqual(["space.dataset: no dataset is named"]);
    expect(check({ dataset: fixed("cd".repeat(32)) })[0]).toMatch(/^space\.dataset: there is no dataset cdcd/);
    expect(check(named)).toContain("space.targets: name at least one target column");
    expect(check({ ...named, inputs: fixed(["x", "why"]), targets: fixed(["y"]) })).toEqual([
      'space.inputs[1]: the dataset t.csv has no column "why"',
    ]);
    expect(check({ ...named, inputs: fixed(["x"]), targets: fixed(["kind"]) })).toEqual([
      'space.targets[0]: column "kind" holds categories, not numbers',
    ]);
    expect(check({ ...named, inputs: fixed(["gap"]), targets: fixed(["y"]) })).toEqual([
      'space.inputs[0]: column "gap" lacks 5 values',
    ]);
    expect(check({ ...named, inputs: fixed(["gap"]), targets: fixed(["y"]), missing: fixed("leave-out") })).toEqual([]);
    expect(check({ ...named, inputs: fixed(["x", "y"]), targets: fixed(["y"]) })).toEqual([
      'space.inputs[1]: "y" is a target as well; leave it out of the inputs',
    ]);
    expect(check({ ...named, inputs: fixed(["x", "x"]), targets: fixed(["y", "y"]) })).toEqual([
      'space.inputs[1]: "x" is named twice; leave it out here',
      'space.targets[1]: "y" is named twice; leave it out here',
    ]);
    expect(check(named, datasetClassification)).toEqual(["space.classColumn: name the class column"]);
  });
});

describe("the split of a table with rare classes", () => {
  const table = (classes: readonly number[]): DatasetContent => ({
    id,
    name: "classes.csv",
    rows: classes.length,
    columns: [
      { name: "x", type: "number", values: Float64Array.from(classes, (_, i) => i), categories: [] },
      { name: "kind", type: "number", values: Float64Array.from(classes), categories: [] },
    ],
    arrays: [],
  });
  const open = (classes: readonly number[], changes: object): SupervisedProblem => {
    const parameters = configurationOf(datasetClassification, {
      dataset: id,
      classColumn: "kind",
      standardize: false,
      ...changes,
    });
    const problem = datasetClassification.problemOf?.(parameters, { dataset: () => table(classes) });
    if (problem?.kind !== "supervised") throw new Error("not supervised");
    return problem;
  };
  const tally = (classes: readonly number[], rows: Int32Array | undefined): number[] =>
    [0, 1, 2].map((kind) => [...(rows ?? [])].filter((row) => classes[row] === kind).length);

  // 90 %, 8 % and 2 % of 50 rows. Drawn without classes, the rarest is missing from the test part of six splits in ten.
  const classes = Array.from({ length: 50 }, (_, i) => (i === 7 ? 2 : i % 12 === 5 ? 1 : 0));

  test("gives every class its share of the test rows, at least one and not all, with any split seed", () => {
    for (let splitSeed = 0; splitSeed < 40; splitSeed++) {
      const own = classes.map((kind, i) => (i === 30 ? 2 : kind));
      const { rows } = open(own, { splitSeed });
      expect(tally(own, rows?.test)).toEqual([9, 1, 1]);
      expect(tally(own, rows?.training)).toEqual([tally(own, Int32Array.from(own.keys()))[0]! - 9, 3, 1]);
      expect([...(rows?.training ?? []), ...(rows?.test ?? [])].sort((a, b) => a - b)).toEqual([...own.keys()]);
    }
  });

  test("trains on the only row of a class, and counts the class as untested", () => {
    const problem = open(classes, {});
    expect([...(problem.rows?.training ?? [])]).toContain(7);
    const width = 3;
    const predictions = new Float32Array((problem.rows?.test.length ?? 0) * width).fill(1 / 3);
    expect(problem.evaluate({}, predictions, resources)["untestedClasses"]).toBe(1);
  });

  test("a smaller test fraction gives a part of the same test rows", () => {
    const of = (testFraction: number): number[] => [...(open(classes, { testFraction }).rows?.test ?? [])];
    expect(of(0.5)).toEqual(expect.arrayContaining(of(0.2)));
    expect(of(0.5).length).toBeGreaterThan(of(0.2).length);
  });

  test("the samples are the rows in their order", () => {
    const problem = open(classes, {});
    expect([...problem.data({}, resources).inputs]).toEqual([...(problem.rows?.training ?? [])]);
    expect([...problem.evaluationInputs({}, resources)]).toEqual([...(problem.rows?.test ?? [])]);
  });

  test("a table in which every class has one row cannot be split", () => {
    expect(() => open([0, 1, 2, 3], {})).toThrow('Every class of "kind" has a single row');
  });
});
