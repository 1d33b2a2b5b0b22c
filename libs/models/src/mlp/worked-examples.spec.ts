import { configurationOf, findExperiment, holdsFor, type ExperimentDefinition } from "@basin/problems";
import { beforeAll, expect, test } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { openSuiteBackend } from "../testing/suite-backend";

beforeAll(openSuiteBackend);

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

test("B2: the printed sequence of lines and losses, and the loss that the source dates 100 epochs too early", async () => {
  const definition = experiment("perceptron-regression");
  const parameters = configurationOf(definition, { epochs: 201, plots: false });
  const [recording] = await trainPack(definition, [{ seed: 5, parameters }]);
  expect(recording?.result?.metrics["sourceDeviation"]).toBeLessThanOrEqual(1e-5);
  const summedLoss = (epoch: number): number => 5 * (recording?.series["loss"]?.[epoch - 1]?.[1] ?? Number.NaN);
  expect(summedLoss(1)).toBeCloseTo(0.01733, 5);
  expect(summedLoss(101).toExponential(4)).toBe("1.2154e-5");
  // In single precision the errors of 1e-4 keep three digits.
  expect(Math.abs(summedLoss(201) / 1.059e-7 - 1)).toBeLessThan(0.01);
});

test("B1: from the source's start the test accuracy is 0.2 after the first epoch and 1 from the ninth on", async () => {
  const definition = experiment("iris-perceptron");
  const parameters = configurationOf(definition, { start: "source", epochs: 20, plots: false });
  const [recording] = await trainPack(definition, [{ seed: 5, parameters }]);
  const accuracy = (recording?.series["testAccuracy"] ?? []).map(([, value]) => value);
  expect(accuracy).toHaveLength(20);
  expect(accuracy[0]).toBeCloseTo(0.2, 6);
  expect(accuracy.indexOf(1)).toBe(8);
  expect(accuracy.slice(8).every((value) => value === 1)).toBe(true);
  expect(recording?.series["testMse"]?.[0]?.[1]).toBeCloseTo(0.43, 2);
});

test("C2, C3, C4, D4: a few epochs yield every declared figure and every declared plot", async () => {
  const small: Record<string, object> = {
    "iris-perceptron": { epochs: 2 },
    "perceptron-regression": { epochs: 101 },
    "runge-interpolation": { hiddenLayers: [6], epochs: 2 },
    "cylinder-flow": { hiddenLayers: [6], epochs: 2, evaluationPoints: 12 },
    "lorenz-interpolation": { hiddenLayers: [6], layerActivations: "sine", epochs: 2 },
    "polynomial-regression": { epochs: 100 },
    "breast-cancer": { hiddenLayers: [6], epochs: 2, folds: 2 },
  };
  for (const [id, changes] of Object.entries(small)) {
    const definition = experiment(id);
    const parameters = configurationOf(definition, { ...changes });
    const [recording] = await trainPack(definition, [{ seed: 1, parameters }]);
    expect(recording?.result?.outcome, id).toBe("succeeded");
    const finals = definition.metrics
      .filter(
        ({ final, name, where = [] }) => final && name !== "validationLoss" && where.every((rule) => holdsFor(rule, parameters)),
      )
      .map(({ name }) => name);
    expect(Object.keys(recording?.result?.metrics ?? {}).sort(), id).toEqual(finals.sort());
    const stored = (recording?.result?.artifacts ?? []).filter(({ kind }) => kind === "plot").map(({ name }) => name);
    expect(stored, id).toEqual(definition.plots.map((plot) => `plots/${plot.id}.json`));
  }
});
