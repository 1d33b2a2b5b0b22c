import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { irisPerceptron } from "./iris-perceptron";
import { irisPlants, samplesOf, testRows, trainingRows } from "./iris-rows";
import { firstUpdate, perceptron, workedSample } from "./plots";

const file = readFileSync(new URL("iris.csv", import.meta.url), "utf8");

test("the file is the one whose origin is noted, and what bundles carry is the file", () => {
  const digest = createHash("sha256").update(file).digest("hex");
  expect(readFileSync(new URL("ORIGIN.md", import.meta.url), "utf8")).toContain(digest);
  const lines = irisPlants().map(({ features, label }) => [...features, label]);
  const rows = file.trim().split("\n");
  expect(lines).toEqual(rows.map((line) => line.split(",").map(Number)));
  expect(lines.map((line) => line[4])).toEqual([...new Array<number>(50).fill(0), ...new Array<number>(50).fill(1)]);
  expect(lines[0]).toEqual([5.1, 3.5, 1.4, 0.2, 0]);
  expect(lines[99]).toEqual([5.9, 3, 5.1, 1.8, 1]);
});

test("80 training and 20 test rows, disjoint and together everything; training inputs have mean 0 and deviation 1", () => {
  expect([trainingRows.length, testRows.length]).toEqual([80, 20]);
  expect([...trainingRows, ...testRows].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  const { inputs, targets } = samplesOf(trainingRows);
  for (let j = 0; j < 4; j++) {
    const column = trainingRows.map((_, i) => inputs[4 * i + j] ?? Number.NaN);
    expect(column.reduce((a, b) => a + b) / 80).toBeCloseTo(0, 6);
    expect(column.reduce((sum, value) => sum + value * value, 0) / 80).toBeCloseTo(1, 5);
  }
  // Row 55 comes first in training, row 83 in the test.
  expect([targets[0], samplesOf(testRows).targets[0]]).toEqual([1, 1]);
});

test("the worked sample: z = 6.24, ŷ = 0.998, loss 0.99611", () => {
  const { z, output, loss } = perceptron(workedSample.features, workedSample.weights, workedSample.bias, workedSample.label);
  expect(z).toBeCloseTo(6.24, 12);
  expect(output).toBeCloseTo(0.998, 3);
  expect(loss).toBeCloseTo(0.99611, 5);
});

test("the source's start has its digits; a drawn one leaves the weights to the initialization and draws the bias by the seed", () => {
  const { problem } = irisPerceptron;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const given = problem.initialWeights?.(configurationOf(irisPerceptron, { start: "source" }), 3) ?? {};
  const rounded = Array.from(given["layers.0.weight"] ?? [], (value) => value.toFixed(5));
  expect(rounded).toEqual(["1.33159", "0.71528", "-1.54540", "-0.00838"]);
  expect(given["layers.0.bias"]?.[0]?.toFixed(5)).toBe("0.62134");
  const drawn = [1, 2].map((seed) => problem.initialWeights?.(configurationOf(irisPerceptron, {}), seed));
  expect(Object.keys(drawn[0] ?? {})).toEqual(["layers.0.bias"]);
  expect(drawn[0]).not.toEqual(drawn[1]);
  expect(problem.initialWeights?.(configurationOf(irisPerceptron, { hiddenLayers: [3] }), 1)).toEqual({});
  expect(irisPerceptron.check?.(configurationOf(irisPerceptron, { start: "source", hiddenLayers: [3] }))).toMatchObject([
    { path: "start" },
  ]);
});

test("with the source's start, trained in double precision, accuracy and error are those of its plots", () => {
  const { problem } = irisPerceptron;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const parameters = configurationOf(irisPerceptron, { start: "source" });
  const start = problem.initialWeights?.(parameters, 0) ?? {};
  let weights = Array.from(start["layers.0.weight"] ?? []);
  let bias = start["layers.0.bias"]?.[0] ?? Number.NaN;
  const training = samplesOf(trainingRows);
  const held = samplesOf(testRows);
  const row = (inputs: Float32Array, i: number): number[] => [...inputs.subarray(4 * i, 4 * i + 4)];
  const accuracies: number[] = [];
  let mse = Number.NaN;
  for (let epoch = 1; epoch <= 100; epoch++) {
    training.targets.forEach((label, i) => {
      const x = row(training.inputs, i);
      const { output } = perceptron(x, weights, bias, label);
      const factor = 2 * 0.01 * (label - output) * output * (1 - output);
      weights = weights.map((weight, j) => weight + factor * (x[j] ?? 0));
      bias += factor;
    });
    const outputs = Float32Array.from(held.targets, (label, i) => perceptron(row(held.inputs, i), weights, bias, label).output);
    const figures = problem.evaluate(parameters, outputs, noResources);
    accuracies.push(figures["testAccuracy"] ?? Number.NaN);
    mse = figures["testMse"] ?? Number.NaN;
    if (epoch === 1) expect(mse).toBeCloseTo(0.43, 2);
  }
  expect(accuracies[0]).toBe(0.2);
  // The source counts epochs from 0.
  expect(accuracies.findIndex((value) => value === 1)).toBe(8);
  expect(accuracies.slice(8).every((value) => value === 1)).toBe(true);
  expect(mse).toBeCloseTo(2e-3, 3);
});

test("the first update of the worked sample descends, where the source's sign would climb", () => {
  const { features, weights, bias, label } = workedSample;
  // In NumPy's double precision: ŷ = 0.998054…, step = 2·0.01·(0 − ŷ)·ŷ·(1 − ŷ) = −3.876988e-5.
  const after = firstUpdate(features, weights, bias, label, 0.01);
  [0.99980227, -0.00013569, 0.49994572, -0.30000775].forEach((want, j) => expect(after.weights[j]).toBeCloseTo(want, 8));
  expect(after.bias).toBeCloseTo(0.49996123, 8);
  const loss = (w: readonly number[], b: number): number => perceptron(features, w, b, label).loss;
  expect(loss(after.weights, after.bias)).toBeLessThan(loss(weights, bias));
  const climbed = firstUpdate(features, weights, bias, label, -0.01);
  expect(loss(climbed.weights, climbed.bias)).toBeGreaterThan(loss(weights, bias));
});
