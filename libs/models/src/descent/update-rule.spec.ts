import { DescentParameters, updateRuleNames } from "@basin/contracts";
import { configurationOf, findExperiment } from "@basin/problems";
import { describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { freshMemory, takeStep } from "./update-rule";

const definition = findExperiment("optimizers");
if (!definition) throw new Error("no experiment optimizers");

it("Adam's first three steps are those computed by hand for the gradients 1, 2, 3, to 1e-12", () => {
  const parameters = DescentParameters.parse({ rule: "adam", learningRate: 0.1 });
  const memory = freshMemory(1);
  const point = Float64Array.of(5);
  // β₁ = 0.9: m = 0.1, 0.29, 0.561 over 1 − β₁ᵗ = 0.1, 0.19, 0.271; β₂ = 0.999: s = 0.001, 0.004999, 0.013994001 over
  // 1 − β₂ᵗ = 0.001, 0.001999, 0.002997001.
  const steps = [
    0.1 / (1 + 1e-8),
    (0.1 * (0.29 / 0.19)) / (Math.sqrt(0.004999 / 0.001999) + 1e-8),
    (0.1 * (0.561 / 0.271)) / (Math.sqrt(0.013994001 / 0.002997001) + 1e-8),
  ];
  let want = 5;
  steps.forEach((step, i) => {
    takeStep(parameters, memory, point, Float64Array.of(i + 1));
    want -= step;
    expect(Math.abs((point[0] ?? Number.NaN) - want)).toBeLessThan(1e-12);
  });
});

describe("the race on the quadratic of condition 100", () => {
  // Rates at which each rule gets there: a constant rate above 2/κ = 0.02 diverges, and RMSprop ends up swinging by η/2.
  const rates = {
    constant: 0.0198,
    momentum: 0.01,
    nesterov: 0.01,
    adagrad: 1,
    "adagrad-momentum": 0.3,
    rmsprop: 2.5e-4,
    adam: 0.05,
  };

  it.each(updateRuleNames)("%s reaches 1e-6, and its first steps agree with the written-out rule", async (rule) => {
    const parameters = configurationOf(definition, { rule, learningRate: rates[rule], maxSteps: 20_000 });
    const [recording] = await trainPack(definition, [{ seed: 1, parameters }]);
    expect(recording?.result?.metrics["reached"]).toBe(1);
    expect(recording?.result?.metrics["firstStepsError"]).toBeLessThanOrEqual(1e-12);
    expect(recording?.result?.metrics["stepsToTolerance"]).toBe(recording?.series["value"]?.length);
    expect(recording?.result?.artifacts.map(({ name }) => name)).toEqual(["plots/path.json", "plots/value.json"]);
  });

  it("a rate beyond 2/κ diverges; too few steps leave the tolerance out of reach", async () => {
    const [wild, short] = await trainPack(definition, [
      { seed: 1, parameters: configurationOf(definition, { rule: "constant", learningRate: 0.5, maxSteps: 5000 }) },
      { seed: 1, parameters: configurationOf(definition, { rule: "constant", learningRate: 1e-3, maxSteps: 50 }) },
    ]);
    expect(wild?.result?.outcome).toBe("diverged");
    expect(wild?.result?.reason).toMatch(/^value became (Infinity|NaN) at step \d+$/);
    expect(short?.result?.metrics).toMatchObject({ reached: 0, stepsToTolerance: Number.NaN, steps: 50 });
  });
});

it("gradients are those of the functions, by central differences", () => {
  const { problem } = definition;
  if (problem.kind !== "descent") throw new Error("not a descent problem");
  for (const landscape of ["quadratic", "rosenbrock"]) {
    const parameters = configurationOf(definition, { landscape });
    const point = Float64Array.of(0.7, -1.3);
    const gradient = problem.gradient(parameters, point, 1, 1);
    gradient.forEach((got, i) => {
      const at = (change: number): number =>
        problem.value(
          parameters,
          point.map((v, j) => (j === i ? v + change : v)),
          1,
        );
      expect(got).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5);
    });
  }
});
