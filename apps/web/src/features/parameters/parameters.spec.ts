import { ParameterGrid, ParameterSample } from "@basin/contracts";
import { expect, it } from "vitest";
import { countedSteps } from "./counted-steps";
import { gridHeatMap } from "./grid-plot";
import { evenlyInLog, mergedText, parameterPlotAxis, placedItems, sampleCoordinates, samplePoints } from "./sample-points";

const figure = { metric: "loss", isObjective: true, better: "lower", scale: "log", unit: "", title: "Loss" };
const axis = (name: string, kind: "number" | "category", min: number | null, max: number | null) => ({
  name,
  title: name,
  unit: "",
  kind,
  scale: "linear",
  distinct: 2,
  min,
  max,
});
const sample = ParameterSample.parse({
  sweep: "k3v9x2mq",
  per: "trial",
  figure,
  axes: [axis("rate", "number", 0.001, 0.1), axis("layers", "category", null, null)],
  trials: [4, 2, 7],
  runs: [],
  seeds: [],
  ranks: [1, 2, null],
  values: [0.1, 0.2, null],
  n: [3, 3, 0],
  succeeded: [3, 0, 0],
  parameters: { rate: [0.001, 0.1, 0.1], layers: [[16, 8], null, [4]] },
  coverage: { shown: 3, of: 3 },
});

it("draws only what has a value, numbers as numbers and the rest in words", () => {
  const { items, coordinates } = sampleCoordinates(sample, { label: "Loss", unit: "", scale: "log" });
  expect(items).toEqual([0, 1]);
  expect(coordinates.map(({ values }) => values)).toEqual([
    [0.001, 0.1],
    ["16 × 8", null],
    [0.1, 0.2],
  ]);
  expect(samplePoints(sample).points[0]).toEqual({ id: "k3v9x2mq-4", label: "trial 4", value: 0.1, trial: 4 });
});

it("places what has both parameters", () => {
  const [x, y] = sample.axes;
  expect(x && y && placedItems(sample, x, y)).toMatchObject([{ x: 0.001, y: "16 × 8", value: 0.1 }]);
});

it("says how many share a dot", () => {
  const at = (x: number, y: string) => ({ id: "k3v9x2mq-0-0", value: 1, x, y });
  const runs = [at(1, "a"), at(1, "a"), at(1, "a"), at(2, "a"), at(2, "b"), at(2, "b")];
  expect(mergedText(runs, "run")).toBe(
    "3 dots stand for 6 runs: 5 runs share 2 of the dots, up to 3 in one, each with their mean.",
  );
  expect(mergedText([at(1, "a"), at(2, "a")], "trial")).toBe("");
});

it("takes logarithms of parameters over more than a factor of twenty", () => {
  const [rate] = sample.axes;
  expect(rate && parameterPlotAxis(rate).scale).toBe("log");
  expect(rate && parameterPlotAxis({ ...rate, min: 0 }).scale).toBe("linear");
  expect(rate && parameterPlotAxis({ ...rate, min: 0.05 }).scale).toBe("linear");
});

it("turns a grid so that numbers rise upwards", () => {
  const grid = ParameterGrid.parse({
    sweep: "k3v9x2mq",
    figure,
    statistic: "mean",
    x: { name: "a", title: "A", unit: "s", scale: "linear", values: ["x", "y"], edges: null },
    y: { name: "b", title: "B", unit: "", scale: "linear", values: [1, 2], edges: null },
    z: [
      [1, null],
      [3, 4],
    ],
    n: [
      [1, 0],
      [2, 2],
    ],
  });
  const { plot, runs, binned } = gridHeatMap(grid);
  expect([plot.rows, plot.z, plot.columnTitle, runs, binned]).toEqual([
    ["2", "1"],
    [
      [3, 4],
      [1, null],
    ],
    "A (s)",
    5,
    false,
  ]);
});

it.each([
  [[3e-4, 1e-3, 3e-3], true],
  [[1, 2, 4, 8], true],
  [[1, 2, 3], false],
  [[16, 32, 48], false],
  [[0, 1, 10], false],
  [[1, 10], false],
  [["a", 1, 10], false],
])("%o: evenly spread in the logarithm: %s", (values, even) => {
  expect(evenlyInLog(values)).toBe(even);
});

it("distributions count finished runs without a value as worse than any", () => {
  const own = { n: 3, without: 1, x: [1, 2, 5], y: [1 / 3, 2 / 3, 1] };
  expect(countedSteps(own, "lower")).toEqual({ of: 4, start: 0, x: own.x, y: [0.25, 0.5, 0.75] });
  expect(countedSteps(own, "higher")).toEqual({ of: 4, start: 0.25, x: own.x, y: [0.5, 0.75, 1] });
  expect(countedSteps(own, null)).toEqual({ of: 3, start: 0, x: own.x, y: own.y });
});
