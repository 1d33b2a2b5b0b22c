import { DatasetId, type DatasetContent, type Space } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { checkData, dependsOnData } from "./check-data";
import { noResources } from "./kinds/resources";
import { findExperiment } from "./registry";

const id = "ab".repeat(32);
const fixed = (value: string | number | boolean | string[]) => ({ type: "fixed" as const, value });
const numbers = (name: string, values: number[]) => ({
  name,
  type: "number" as const,
  values: Float64Array.from(values),
  categories: [],
});
const words = (name: string, texts: string[]) => {
  const categories = [...new Set(texts)];
  return { name, type: "category" as const, values: Float64Array.from(texts, (text) => categories.indexOf(text)), categories };
};
const table = (...columns: DatasetContent["columns"]): DatasetContent => ({
  id: DatasetId.parse(id),
  name: "t.csv",
  rows: columns[0]?.values.length ?? 0,
  columns,
  arrays: [],
});
const range = (n: number, f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));

function findings(experiment: string, space: Space, content?: DatasetContent) {
  const definition = findExperiment(experiment);
  if (!definition) throw new Error("no experiment");
  const named: Space = content ? { dataset: fixed(id), ...space } : space;
  const found = checkData(
    definition,
    named,
    content ? { dataset: () => content, held: new Set([id]) } : { ...noResources, held: new Set() },
  );
  const told = (issues: { path: string; message: string }[]): string[] =>
    issues.map(({ path, message }) => `${path}: ${message}`);
  return { issues: told(found.issues), warnings: told(found.warnings) };
}

describe("samples of the experiments' own data", () => {
  test.each([
    ["loss-minimization", { samples: fixed(9), folds: fixed(20) }, 9, 20],
    ["logic-gates", { folds: fixed(5) }, 4, 5],
    ["runge-interpolation", { samples: fixed(7), folds: fixed(8) }, 7, 8],
    ["backpropagation", { samples: fixed(3), folds: fixed(4) }, 3, 4],
  ])("%s with more folds than samples", (experiment, space, samples, folds) => {
    expect(findings(experiment, space).issues).toEqual([
      `space.folds: there are ${samples} training samples, which cannot be cut into ${folds} folds`,
    ]);
  });

  test("as many folds as samples leave one out at a time", () => {
    expect(findings("logic-gates", { folds: fixed(4) }).issues).toEqual([]);
    expect(findings("logic-gates", { folds: fixed(0) })).toEqual({ issues: [], warnings: [] });
  });

  test("a single sample to train on, or none to hold out", () => {
    expect(findings("batch-normalization", { trainingSamples: fixed(2), validationFraction: fixed(0.5) }).issues).toEqual([
      "space.batchNormalization: there are 2 training samples, of which one is trained on: batch normalization needs more than one sample per batch",
    ]);
    expect(findings("backpropagation", { samples: fixed(1), validationFraction: fixed(0.2) }).issues).toEqual([
      "space.validationFraction: there is 1 training sample: none can be held out for validation",
    ]);
  });

  test("of a list of values each is looked at", () => {
    const samples = { type: "choice" as const, values: [9, 5, 50] };
    expect(findings("loss-minimization", { samples, folds: { type: "int", min: 2, max: 10, step: 1 } }).issues).toHaveLength(2);
  });
});

describe("tables", () => {
  const x = range(50, (i) => i / 7);

  test("of one row, or of none that is complete", () => {
    const space = { targets: fixed(["y"]), missing: fixed("leave-out") };
    expect(findings("dataset-regression", space, table(numbers("x", [1]), numbers("y", [2]))).issues).toEqual([
      "space.dataset: 1 row is usable; at least 2 are needed, to train and to test.",
    ]);
    const gaps = table(numbers("x", [1, Number.NaN]), numbers("y", [Number.NaN, 2]));
    expect(findings("dataset-regression", space, gaps).issues[0]).toContain("No row is usable");
  });

  test("a class column of measurements, of a class for each row, or of one class", () => {
    const space = { classColumn: fixed("c") };
    const of = (values: number[]): string[] =>
      findings("dataset-classification", space, table(numbers("x", x), numbers("c", values))).issues;
    expect(of(range(50, (i) => i + 0.5))[0]).toContain(
      'space.classColumn: Column "c" holds numbers like 0.5, which measure something',
    );
    expect(of(range(50, (i) => i))[0]).toContain('Every class of "c" has a single row');
    expect(of(range(50, (i) => (i >> 1 < 20 ? i : 50)))[0]).toContain('Column "c" has 41 classes in 50 rows');
    expect(of(range(50, () => 3))[0]).toContain('Column "c" has 1 class;');
    expect(of(range(50, (i) => i % 5))).toEqual([]);
    const many = table(
      numbers(
        "x",
        range(150, (i) => i),
      ),
      numbers(
        "c",
        range(150, (i) => i),
      ),
    );
    expect(findings("dataset-classification", space, many).issues[0]).toContain("has 150 classes; 2 to 100 can be told apart");
  });

  test("a class of which no row is left to test on is told", () => {
    const rare = words(
      "c",
      Array.from({ length: 50 }, (_, i) => (i === 7 ? "rare" : "common")),
    );
    const { issues, warnings } = findings("dataset-classification", { classColumn: fixed("c") }, table(numbers("x", x), rare));
    expect(issues).toEqual([]);
    expect(warnings).toEqual(['space.classColumn: class "rare" has 1 of 50 rows and none in the test part']);
  });

  test("folds of a table's training rows", () => {
    const small = table(numbers("x", [1, 2, 3, 4]), numbers("y", [1, 2, 3, 5]));
    const space = { targets: fixed(["y"]), testFraction: fixed(0.25), folds: fixed(4) };
    expect(findings("dataset-regression", space, small).issues).toEqual([
      "space.folds: there are 3 training samples, which cannot be cut into 4 folds",
    ]);
  });
});

test("a configuration whose dataset is not held is passed over", () => {
  const definition = findExperiment("dataset-regression");
  if (!definition) throw new Error("no experiment");
  const space: Space = { dataset: fixed(id), targets: fixed(["y"]) };
  expect(checkData(definition, space, { ...noResources, held: new Set() })).toEqual({ issues: [], warnings: [] });
});

test("what cannot depend on data is known without them", () => {
  const depends = (experiment: string, space: Space): boolean | undefined => {
    const definition = findExperiment(experiment);
    return definition ? dependsOnData(definition, space) : undefined;
  };
  expect(depends("loss-minimization", { learningRate: { type: "float", min: 0.1, max: 1 } })).toBe(false);
  expect(depends("loss-minimization", { folds: { type: "choice", values: [0, 3] } })).toBe(true);
  expect(depends("cross-validation-search", {})).toBe(true);
  expect(depends("dataset-sindy", {})).toBe(true);
  expect(depends("optimizers", {})).toBe(false);
});

describe("time series", () => {
  const y = range(60, (i) => Math.sin(i / 5));
  const space = { timeColumn: fixed("t"), states: fixed(["y"]) };
  const of = (times: number[], changes: Space = space) =>
    findings("dataset-sindy", changes, table(numbers("t", times), numbers("y", y)));

  test("times that fall, stand still or jump are refused with their rows", () => {
    expect(of(range(60, (i) => (i === 30 ? 0 : i))).issues[0]).toMatch(
      /^space.timeColumn: The times in "t" do not rise between rows 30 and 31/,
    );
    expect(of(range(60, (i) => (i > 30 ? i + 5 : i))).issues[0]).toMatch(/are 6 apart between rows 31 and 32/);
    expect(of(range(60, (i) => i / 10))).toMatchObject({ issues: [], warnings: [] });
  });

  test("steps that are equal only nearly are told", () => {
    expect(of(range(60, (i) => i + (i % 2) * 0.004)).warnings).toEqual([
      expect.stringMatching(/^space.timeColumn: steps of "t" differ from their mean by up to 0\.\d+ %/),
    ]);
  });

  test("a state of the name and shape of a time is told", () => {
    const states = { states: fixed(["t", "y"]) };
    expect(
      of(
        range(60, (i) => i),
        states,
      ).warnings,
    ).toEqual([
      'space.timeColumn: "t" rises from row to row and seems to be the time, but is taken for a state whose law is sought',
    ]);
    expect(
      of(
        range(60, (i) => i % 7),
        states,
      ).warnings,
    ).toEqual([]);
    const named = (name: string) =>
      findings(
        "dataset-sindy",
        {},
        table(
          numbers(
            name,
            range(60, (i) => i),
          ),
          numbers("y", y),
        ),
      ).warnings.length;
    expect(["time", "Time (s)", "time_s", "T [h]"].map(named)).toEqual([1, 1, 1, 1]);
    expect(["theta", "tension", "x"].map(named)).toEqual([0, 0, 0]);
  });
});
