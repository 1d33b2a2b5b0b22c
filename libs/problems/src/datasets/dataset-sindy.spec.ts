import { Dataset, DatasetId, PlotData, type Configuration, type DatasetContent, type PlotDataInput } from "@basin/contracts";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { buildLibrary } from "../dynamics/library";
import type { MeasuredDynamicsProblem, MeasuredLaw } from "../kinds/measured-dynamics";
import { datasetSindy } from "./dataset-sindy";
import { timeSeriesOf, variableOf } from "./time-series";

const id = DatasetId.parse("ab".repeat(32));
const rows = 200;
const interval = 0.05;
const time = Float64Array.from({ length: rows }, (_, i) => Number((3 + i * interval).toFixed(4)));
// u̇ = 2 w, ẇ = −2 u.
const u = time.map((t) => Math.cos(2 * (t - 3)));
const w = time.map((t) => -Math.sin(2 * (t - 3)));
const numbers = (name: string, values: Float64Array) => ({ name, type: "number" as const, values, categories: [] });
const content: DatasetContent = {
  id,
  name: "t.csv",
  rows,
  columns: [
    numbers("t", time),
    numbers("u", u),
    numbers("w_1", w),
    { name: "kind", type: "category", values: u.map((_, i) => i % 2), categories: ["a", "b"] },
  ],
  arrays: [
    { name: "both", shape: [rows, 2], values: Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? w : u)[i >> 1] ?? 0) },
  ],
};
const summary = { min: null, max: null, mean: null };
const dataset = Dataset.parse({
  id,
  name: "t.csv",
  format: "csv",
  bytes: 1,
  rows,
  delimiter: "comma",
  decimal: ".",
  columns: content.columns.map(({ name, type, categories }) => ({
    name,
    type,
    missing: 0,
    ...summary,
    categories: categories.map((category) => ({ name: category, count: 1 })),
  })),
  arrays: content.arrays.map(({ name, shape }) => ({ name, shape, dtype: "f8", missing: 0, ...summary })),
  missing: { count: 0, first: [] },
  createdAt: "2026-01-01T00:00:00Z",
});
const configuration = (changes: object): Configuration =>
  configurationOf(datasetSindy, { dataset: id, timeColumn: "t", states: ["u", "w_1"], polynomialDegree: 1, ...changes });

function problemOf(changes: object, given = content): MeasuredDynamicsProblem {
  const problem = datasetSindy.problemOf?.(configuration(changes), { dataset: () => given });
  if (problem?.kind !== "measured-dynamics") throw new Error("no measured dynamics");
  return problem;
}

const captionOf = (plot: PlotDataInput | undefined): string => (plot && "caption" in plot ? (plot.caption ?? "") : "");

/** u̇ = a w, ẇ = −2 u in the library 1, u, w. */
function law(problem: MeasuredDynamicsProblem, a: number): MeasuredLaw {
  const parameters = {
    polynomialDegree: 1,
    crossTerms: true,
    constantTerm: true,
    sine: false,
    cosine: false,
    reciprocal: false,
    squareRoot: false,
  };
  const library = buildLibrary(parameters, problem.variables);
  expect(library.terms.map(({ text }) => text)).toEqual(["1", "u", "w_1"]);
  const coefficients = Float64Array.of(0, 0, 0, -2, a, 0);
  return { library, coefficients, history: [{ block: 1, coefficients }], residuals: [0.25] };
}

describe("a time series from a dataset", () => {
  const resources = { dataset: () => content };

  test("is its first part for the regression, with the interval of the time column", () => {
    const measured = problemOf({ testFraction: 0.25 }).measure({}, 0, resources);
    expect(measured.samples).toBe(150);
    expect(measured.interval).toBeCloseTo(interval, 12);
    expect([...measured.states.slice(0, 4)]).toEqual([u[0], w[0], u[1], w[1]]);
    expect(measured.states.length).toBe(300);
    const given = timeSeriesOf(content, { timeColumn: "", timeUnit: "none", interval: 7, states: ["both"] });
    expect(given.variables.map(({ text }) => text)).toEqual(["both1", "both2"]);
    expect([given.interval, given.states[2], given.states[3]]).toEqual([7, u[1], w[1]]);
  });

  test("may be rescaled to unit standard deviation over the first part", () => {
    const { samples, states } = problemOf({ rescale: true }).measure({}, 0, resources);
    const column = Array.from({ length: samples }, (_, i) => states[2 * i] ?? Number.NaN);
    const mean = column.reduce((a, b) => a + b, 0) / samples;
    expect(column.reduce((a, b) => a + (b - mean) ** 2, 0) / samples).toBeCloseTo(1, 9);
  });

  test("refuses uneven times and gaps, with the row", () => {
    const changed = (name: string, row: number, value: number): DatasetContent => ({
      ...content,
      columns: content.columns.map((column) =>
        column.name === name ? { ...column, values: column.values.map((v, i) => (i === row ? value : v)) } : column,
      ),
    });
    expect(() => problemOf({}, changed("t", 9, 3.47))).toThrow(/"t" are 0\.07.* apart between rows 9 and 10, but 0\.05/);
    expect(() => problemOf({}, changed("t", rows - 1, 0))).toThrow(
      /"t" do not rise between rows 199 and 200, they fall by 12\.9/,
    );
    expect(() => problemOf({}, changed("t", 9, 3 + 8 * interval))).toThrow(/do not rise between rows 9 and 10, they stand still/);
    expect(() => problemOf({}, changed("u", 4, Number.NaN))).toThrow('Row 5 of "u" has no value');
    expect(() => problemOf({ states: ["kind"] })).toThrow("holds categories");
  });

  test("says how uneven times are that are taken as even", () => {
    // Steps that are longer and shorter by that share by turns.
    const given = (share: number): DatasetContent => ({
      ...content,
      columns: content.columns.map((column) =>
        column.name === "t" ? { ...column, values: time.map((_, i) => i * interval + (i % 2) * share * interval) } : column,
      ),
    });
    const judged = (share: number) => {
      const problem = problemOf({}, given(share));
      return problem.judge({}, law(problem, 2));
    };
    expect(judged(0.0098).metrics["intervalSpread"]).toBeCloseTo(0.0098, 4);
    expect(captionOf(judged(0.004).plots["forecast"])).toContain(
      "differ from their mean by up to 0.40 % of it; they were taken as equal",
    );
    expect(captionOf(judged(0).plots["forecast"])).not.toContain("differ");
    expect(judged(0).metrics["intervalSpread"]).toBeLessThan(1e-12);
    expect(problemOf({ timeColumn: "", states: ["u", "w_1"] }).judge({}, law(problemOf({}), 2)).metrics["intervalSpread"]).toBe(
      0,
    );
    expect(() => problemOf({}, given(0.011))).toThrow("bring them to equal intervals first");
  });

  test("counts the time of dates in the unit that is asked for", () => {
    const hourly = Float64Array.from({ length: rows }, (_, i) => 1.6e9 + 3600 * i);
    const dated: DatasetContent = {
      ...content,
      columns: content.columns.map((column) => (column.name === "t" ? { ...column, type: "date", values: hourly } : column)),
    };
    const intervalIn = (timeUnit: string): number => problemOf({ timeUnit }, dated).measure({}, 0, resources).interval;
    expect(intervalIn("second")).toBe(3600);
    expect(intervalIn("minute")).toBe(60);
    expect(intervalIn("day")).toBeCloseTo(1 / 24, 15);
    expect(() => intervalIn("none")).toThrow("say in which unit");
    expect(() => problemOf({ timeColumn: "", states: ["u", "t"] }, dated)).toThrow("holds dates");
    expect(problemOf({ timeColumn: "", states: [] }, dated).variables.map(({ text }) => text)).not.toContain("t");
  });

  test("writes names so that LaTeX reads them", () => {
    expect(variableOf("x").latex).toBe("x");
    expect(variableOf("w_1").latex).toBe("\\mathrm{w\\_1}");
    expect(variableOf("a$\\{b}").latex).toBe("\\mathrm{ab}");
  });
});

test("a run whose library is too large for its rows is refused", () => {
  const problem = problemOf({});
  expect(() => problem.measure(configuration({ polynomialDegree: 5, testFraction: 0.9 }), 0, { dataset: () => content })).toThrow(
    "are too few for 21 candidate terms",
  );
});

describe("the judgement of a law", () => {
  test("the true law forecasts the rows it has not seen, a wrong one does not", () => {
    const problem = problemOf({ horizon: 20 });
    const right = problem.judge({}, law(problem, 2));
    expect(right.metrics).toMatchObject({ residual: 0.25, activeTerms: 2, testRows: 40 });
    expect(right.metrics["forecastError"]).toBeLessThan(1e-5);
    expect(right.metrics["persistenceError"]).toBeGreaterThan(0.5);
    expect(right.labels["equation"]).toBe("du/dt = 2.00 w_1; dw_1/dt = −2.00 u");
    expect(right.labels["support"]).toBe("du/dt {w_1}; dw_1/dt {u}");
    for (const [plotId, plot] of Object.entries(right.plots))
      expect(PlotData.parse(plot).kind).toBe(datasetSindy.plots.find((one) => one.id === plotId)?.kind);
    expect(Object.keys(right.plots)).toEqual(datasetSindy.plots.map((one) => one.id));
    expect(problem.judge({}, law(problem, 1)).metrics["forecastError"]).toBeGreaterThan(0.3);
  });

  test("a law that cannot be integrated to the horizon has no error", () => {
    const problem = problemOf({ horizon: 20 });
    const wild = law(problem, 2);
    wild.coefficients.set([0, 0, 1e9, 0, 0, 0]);
    expect(problem.judge({}, wild).metrics["forecastError"]).toBeNaN();
  });
});

test("a sweep is told what its dataset lacks", () => {
  const check = (changes: object, given = dataset): string[] =>
    (datasetSindy.checkDataset?.(configuration(changes), given) ?? []).map(({ path, message }) => `${path}: ${message}`);
  expect(check({})).toEqual([]);
  expect(check({ states: [] })).toEqual([]);
  expect(check({ timeColumn: "time" })).toEqual(['timeColumn: the dataset t.csv has no column "time"']);
  expect(check({ states: ["u", "kind"] })).toEqual(['states[1]: column "kind" holds categories, not numbers']);
  expect(check({ testFraction: 0.9, polynomialDegree: 5 })[0]).toMatch(
    /^dataset: 20 rows before the test part are too few for 21/,
  );
  const gaps = { ...dataset, columns: dataset.columns.map((one) => (one.name === "u" ? { ...one, missing: 3 } : one)) };
  expect(check({}, gaps)).toEqual(['states[0]: column "u" lacks 3 values']);
  expect(datasetSindy.checkDataset?.(configuration({}), gaps)[0]?.hint).toMatch(/every row/);
  const dates = {
    ...dataset,
    columns: dataset.columns.map((one) => (one.name === "t" ? { ...one, type: "date" as const } : one)),
  };
  expect(check({}, dates)).toEqual(['timeUnit: column "t" holds dates: say in which unit time is counted']);
  expect(check({ timeUnit: "day" }, dates)).toEqual([]);
  expect(check({ timeUnit: "day" })).toEqual(["timeUnit: only a column of dates is counted in a unit, here day"]);
  expect(check({ timeColumn: "", states: ["u", "t"] }, dates)).toEqual([
    'states[1]: column "t" holds dates, which are no numbers',
  ]);
  const many = { ...dataset, rows: 10_000_000 };
  expect(check({ polynomialDegree: 3 }, many)[0]).toMatch(/^polynomialDegree: 10 candidate terms at 8000000 rows/);
  const rules = (changes: object): string[] => (datasetSindy.check?.(configuration(changes)) ?? []).map(({ path }) => path);
  expect(rules({})).toEqual([]);
  expect(rules({ smoothingWindow: 10 })).toEqual(["smoothingWindow"]);
  expect(rules({ states: ["u", "t"] })).toEqual(["states[1]"]);
});

describe("states that do not vary", () => {
  const still = (value: number, from = 0): DatasetContent => ({
    ...content,
    columns: [
      ...content.columns,
      { name: "c", type: "number", values: u.map((_, i) => (i < from ? value + i : value)), categories: [] },
    ],
  });

  test("keep their size where states are rescaled", () => {
    for (const value of [0.1, 0.7, 3, 1e-300]) {
      const given = still(value);
      const { samples, states } = problemOf({ rescale: true, states: ["u", "c"] }, given).measure({}, 0, {
        dataset: () => given,
      });
      for (let i = 0; i < samples; i++) expect(states[2 * i + 1] === value).toBe(true);
    }
  });

  test("have no standard deviation that a forecast's error could be given in: those that vary have the figure alone", () => {
    const one = problemOf({ states: ["u", "w_1"] });
    const alone = one.judge({}, law(one, 1)).metrics;
    const both = problemOf({ states: ["u", "w_1", "c"] }, still(0.7, 30));
    const library = buildLibrary(
      {
        polynomialDegree: 1,
        crossTerms: true,
        constantTerm: true,
        sine: false,
        cosine: false,
        reciprocal: false,
        squareRoot: false,
      },
      both.variables,
    );
    const coefficients = Float64Array.of(0, 0, 0, 0, -2, 0, 1, 0, 0, 0, 0, 0);
    const beside = both.judge({}, { library, coefficients, history: [{ block: 1, coefficients }], residuals: [0.25] }).metrics;
    expect(beside["forecastError"]).toBeCloseTo(alone["forecastError"] ?? Number.NaN, 6);
    expect(beside["persistenceError"]).toBeCloseTo(alone["persistenceError"] ?? Number.NaN, 9);
    const none = problemOf({ states: ["c"] }, still(0.7));
    const nothing = buildLibrary(
      {
        polynomialDegree: 1,
        crossTerms: true,
        constantTerm: true,
        sine: false,
        cosine: false,
        reciprocal: false,
        squareRoot: false,
      },
      none.variables,
    );
    const zero = new Float64Array(2);
    const judged = none.judge(
      {},
      { library: nothing, coefficients: zero, history: [{ block: 1, coefficients: zero }], residuals: [Number.NaN] },
    );
    expect(judged.metrics).toMatchObject({ forecastError: Number.NaN, persistenceError: Number.NaN });
  });
});
