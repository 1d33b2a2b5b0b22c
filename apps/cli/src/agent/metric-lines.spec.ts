import { expect, test } from "vitest";
import { argumentsOf, environmentOf } from "./run-command";
import { MetricLines } from "./metric-lines";

const metric = (name: string, series = true, final = true) => ({
  name,
  title: name,
  unit: "",
  series,
  final,
  scale: "linear" as const,
});
const experiment = {
  metrics: [metric("loss"), metric("error", false)],
  objective: { metric: "loss", direction: "minimize" as const },
};

test("lines of JSON are points, final figures and words; everything else belongs into the log", () => {
  const lines = new MetricLines(experiment);
  expect(lines.take("epoch 3 of 7")).toBe(false);
  expect(lines.take('{"config": 3}')).toBe(false);
  expect(lines.take('{"step": 0, "loss": NaN}')).toBe(true);
  expect(lines.take('  {"step": 2, "loss": 0.5}')).toBe(true);
  expect(lines.take('{"error": 0.25}')).toBe(true);
  expect(lines.take('{"labels": {"law": "x = 2"}}')).toBe(true);
  expect(lines.takePoints().get("loss")).toEqual({ steps: [0, 2], values: [Number.NaN, 0.5] });
  expect(lines.takePoints().size).toBe(0);
  expect(lines.results).toEqual({ error: 0.25, loss: 0.5 });
  expect([lines.steps, lines.labels, lines.fault]).toEqual([3, { law: "x = 2" }, null]);
});

test.each([
  ['{"step": 1, "los": 2}', 'no series "los"; did you mean loss?'],
  ['{"step": 1, "error": 2}', 'no series "error"'],
  ['{"step": 1, "loss": "much"}', 'loss is "much"'],
  ['{"step": 0, "loss": 1}', "steps go forward"],
  ['{"step": 1.5, "loss": 1}', "whole number"],
])("%s fails the run, and says why", (line, words) => {
  const lines = new MetricLines(experiment);
  lines.take('{"step": 0, "loss": 1}');
  expect(lines.take(line)).toBe(true);
  expect(lines.fault?.message).toContain(words);
});

test("parameters and seed come as arguments, where they are named or behind, and in the environment", () => {
  const run = { run: "aaaaaaaa-0-1", sweep: "aaaaaaaa", attempt: 2, seed: 7, parameters: { learningRate: 0.1, layers: [8, 8] } };
  expect(argumentsOf(["./train.sh"], run)).toEqual(["./train.sh", "--learningRate", "0.1", "--layers", "[8,8]", "--seed", "7"]);
  expect(argumentsOf(["fit", "-r{learningRate}", "{seed}", "{other}"], run)).toEqual(["fit", "-r0.1", "7", "{other}"]);
  expect(environmentOf(run, { folder: "/f", slot: 1, gpu: "3" })).toMatchObject({
    BASIN_PARAM_LEARNING_RATE: "0.1",
    BASIN_PARAMETERS: '{"learningRate":0.1,"layers":[8,8]}',
    BASIN_SEED: "7",
    BASIN_ATTEMPT: "2",
    CUDA_VISIBLE_DEVICES: "3",
  });
});
