import { noResources } from "./kinds/resources";
import { expect, test } from "vitest";
import { configurationOf } from "./describe-experiment";
import { diagnostic, diagnosticMetricNames, diagnosticValues } from "./diagnostic/diagnostic";
import { logicGates } from "./logic-gates/logic-gates";
import { lossMinimization } from "./loss-minimization/loss-minimization";
import { targetFunction } from "./loss-minimization/target-function";

const supervised = (definition: typeof lossMinimization) => {
  if (definition.problem.kind !== "supervised") throw new Error("not supervised");
  return { problem: definition.problem, defaults: configurationOf(definition, {}) };
};

test("B0: the function is the source's, with its maximum 0.942", () => {
  for (const [x, y] of [
    [0.3, -0.7],
    [1.5, 1.5],
    [-1.1, 0.2],
    [0, 0],
  ] as const) {
    expect(targetFunction(x, y)).toBeCloseTo(
      Math.sin(2 * Math.PI * x) * Math.cos(2 * Math.PI * y) * Math.exp(-(x * x + y * y)),
      14,
    );
  }
  const { problem, defaults } = supervised(lossMinimization);
  const fine = problem.evaluationInputs({ ...defaults, evaluationPoints: 601 }, noResources);
  let greatest = 0;
  for (let i = 0; i < fine.length; i += 2) greatest = Math.max(greatest, Math.abs(targetFunction(fine[i]!, fine[i + 1]!)));
  expect(greatest).toBeCloseTo(0.942, 3);
});

test("B0: 2,000 points fill the square, the variance of targets is the source's plateau, and the data seed decides", () => {
  const { problem, defaults } = supervised(lossMinimization);
  const { inputs, targets, samples } = problem.data(defaults, noResources);
  expect(samples).toBe(2000);
  const [low, high] = [inputs.reduce((a, b) => Math.min(a, b)), inputs.reduce((a, b) => Math.max(a, b))];
  expect(low).toBeGreaterThanOrEqual(-1.5);
  expect(high).toBeLessThanOrEqual(1.5);
  expect([low, high].map((v) => Number(v.toFixed(2)))).toEqual([-1.5, 1.5]);
  const greatest = targets.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const ofAnotherDraw = problem
    .data({ ...defaults, dataSeed: 0 }, noResources)
    .targets.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  expect(ofAnotherDraw).toBeGreaterThan(0.9);
  const centre = targets.reduce((a, b) => a + b, 0) / samples;
  // The source's loss at epoch 100, when the network still predicts the mean.
  expect(targets.reduce((a, b) => a + (b - centre) ** 2, 0) / samples).toBeCloseTo(0.041865, 4);
  expect(greatest).toBeLessThanOrEqual(0.9425);
  expect(targets[17]).toBe(Math.fround(targetFunction(inputs[34]!, inputs[35]!)));
  expect(problem.data({ ...defaults, dataSeed: 1 }, noResources).inputs).not.toEqual(inputs);
  expect(problem.data({ ...defaults, samples: 3000 }, noResources).inputs.slice(0, 4000)).toEqual(inputs);
  expect([...inputs.slice(0, 4)]).toMatchInlineSnapshot(`
    [
      -0.8303000330924988,
      -1.1213796138763428,
      -0.642615556716919,
      -0.6542872786521912,
    ]
  `);
});

test("B0: the grid is 100 × 100 with both ends; predicting zero has the scores computed by hand", () => {
  const { problem, defaults } = supervised(lossMinimization);
  const grid = problem.evaluationInputs(defaults, noResources);
  expect(grid.length).toBe(20_000);
  expect([...grid.slice(0, 4)].map((v) => Number(v.toFixed(4)))).toEqual([-1.5, -1.5, -1.4697, -1.5]);
  expect([...grid.slice(-2)]).toEqual([1.5, 1.5]);
  let absolute = 0;
  for (let i = 0; i < grid.length; i += 2) absolute += Math.abs(targetFunction(grid[i]!, grid[i + 1]!)) / 10_000;
  const figures = problem.evaluate(defaults, new Float32Array(10_000), noResources);
  expect(figures.mae).toBeCloseTo(absolute, 12);
  expect(figures.rSquared).toBeCloseTo(0, 12); // f is odd in x, so its mean is zero
});

test("D2: truth tables, and the single neuron's optimum on XOR", () => {
  const { problem, defaults } = supervised(logicGates);
  expect(defaults).toMatchObject({
    gate: "XOR",
    hiddenLayers: [4],
    learningRate: 0.1,
    batchSize: 0,
    epochs: 1000,
    optimizer: "adam",
  });
  expect([...problem.data(defaults, noResources).inputs]).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
  expect([...problem.data(defaults, noResources).targets]).toEqual([0, 1, 1, 0]);
  expect([...problem.data({ ...defaults, gate: "AND" }, noResources).targets]).toEqual([0, 0, 0, 1]);
  expect([...problem.data({ ...defaults, gate: "OR" }, noResources).targets]).toEqual([0, 1, 1, 1]);
  const half = problem.evaluate(defaults, Float32Array.from([0.5, 0.5, 0.5, 0.5]), noResources);
  expect(half.bce).toBeCloseTo(Math.LN2, 14);
  expect(half.accuracy).toBe(0);
  expect(problem.evaluate(defaults, Float32Array.from([0.1, 0.9, 0.9, 0.9]), noResources).accuracy).toBe(0.75);
  expect(problem.evaluate(defaults, Float32Array.from([1, 0, 0, 1]), noResources).bce).toBeCloseTo(-Math.log(1e-12), 6);
});

test("diagnostic: values are a function of seed and step, fall towards the level, and diverge on demand", () => {
  const at = diagnosticValues(5, { level: 2, valuesPerStep: 3, divergeAtStep: 8 });
  const again = diagnosticValues(5, { level: 2, valuesPerStep: 3, divergeAtStep: 8 });
  expect([at(1, 0), at(1, 1), at(7, 2)]).toEqual([again(1, 0), again(1, 1), again(7, 2)]);
  expect(at(1, 0)).not.toBe(diagnosticValues(6, { level: 2, valuesPerStep: 3, divergeAtStep: 8 })(1, 0));
  expect(at(1, 0)).toBeGreaterThanOrEqual(2.5);
  expect(at(1, 0)).toBeLessThan(2.51);
  expect(at(7, 0)).toBeLessThan(2.14);
  expect([at(8, 0), at(9, 0)]).toEqual([NaN, NaN]);
  expect(Number.isFinite(at(8, 1))).toBe(true);
  expect(diagnosticMetricNames({ valuesPerStep: 2 })).toEqual(["value0", "value1"]);
  expect(diagnostic.metrics).toHaveLength(16);
  expect(Number.isFinite(diagnosticValues(1, { level: 0, valuesPerStep: 0, divergeAtStep: 0 })(0, 0))).toBe(true);
});
