import { Space } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { configurationOf } from "./describe-experiment";
import { irisPerceptron } from "./iris-perceptron/iris-perceptron";
import { logicGates } from "./logic-gates/logic-gates";
import { lossMinimization } from "./loss-minimization/loss-minimization";
import { perceptronRegression } from "./perceptron-regression/perceptron-regression";
import { effectiveConfiguration, idleParameters, withoutEffect } from "./without-effect";

const choice = (...values: unknown[]) => ({ type: "choice", values });
const idle = (definition: typeof logicGates, space: Record<string, unknown>, seeds = 5) =>
  idleParameters(definition, Space.parse(space), seeds);

describe("parameters without effect", () => {
  it("an activation has none where there is no hidden layer", () => {
    expect(idle(irisPerceptron, { activation: choice("tanh", "relu", "gelu") })).toEqual([
      { name: "activation", everywhere: true },
    ]);
    expect(idle(logicGates, { activation: choice("tanh", "relu"), hiddenLayers: choice([], [4]) })).toEqual([
      { name: "activation", everywhere: false },
    ]);
    expect(idle(logicGates, { activation: choice("tanh", "relu") })).toEqual([]);
  });

  it("an optimizer's own parameters have none under another", () => {
    expect(idle(lossMinimization, { momentum: choice(0.5, 0.9), optimizer: choice("sgd", "momentum") })).toEqual([
      { name: "momentum", everywhere: false },
    ]);
    expect(idle(lossMinimization, { beta1: choice(0.8, 0.9), optimizer: { type: "fixed", value: "sgd" } })).toEqual([
      { name: "beta1", everywhere: true },
    ]);
    expect(
      idle(lossMinimization, {
        optimizer: choice("sgd", "momentum"),
        momentum: { ...choice(0.5, 0.9), when: { parameter: "optimizer", in: ["momentum"] } },
      }),
      "where it applies, it matters",
    ).toEqual([]);
  });

  it("a seed has none where nothing is drawn", () => {
    expect(idle(perceptronRegression, { start: { type: "fixed", value: "source" } })).toContainEqual({
      name: "seed",
      everywhere: true,
    });
    expect(idle(perceptronRegression, { start: { type: "fixed", value: "source" } }, 1)).toEqual([]);
    expect(idle(perceptronRegression, { start: choice("source", "drawn") })).toContainEqual({ name: "seed", everywhere: false });
  });

  it("equal effective configurations are what trains the same network", () => {
    const one = configurationOf(irisPerceptron, { activation: "tanh" });
    const other = configurationOf(irisPerceptron, { activation: "gelu" });
    expect(effectiveConfiguration(irisPerceptron, one)).toEqual(effectiveConfiguration(irisPerceptron, other));
    expect(withoutEffect(irisPerceptron, one)).toContain("activation");
  });
});
