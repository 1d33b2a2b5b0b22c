import { Space, type Configuration } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { configurationOf } from "./describe-experiment";
import { datasetRegression } from "./datasets/dataset-regression";
import { irisPerceptron } from "./iris-perceptron/iris-perceptron";
import { logicGates } from "./logic-gates/logic-gates";
import { lossMinimization } from "./loss-minimization/loss-minimization";
import { perceptronRegression } from "./perceptron-regression/perceptron-regression";
import { optimizers } from "./optimizers/optimizers";
import { rungeInterpolation } from "./runge-interpolation/runge-interpolation";
import { trainedSamples } from "./training-samples";
import { effectiveConfiguration, equalValues, idleParameters, inapplicableIn, withoutEffect } from "./without-effect";

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

  it("batches that hold every sample are one value, and leave nothing to shuffle", () => {
    // 15 points; 4 rows; of 150 flowers 105 are trained on.
    const samples = configurationOf(rungeInterpolation, {}).samples as number;
    const sizes = choice(1, samples - 1, samples, 4096, 0);
    expect(equalValues(rungeInterpolation, Space.parse({ batchSize: sizes }))).toEqual([
      { name: "batchSize", values: [samples, 4096, 0], samples },
    ]);
    const ofSize = (batchSize: number, more: Configuration = {}) =>
      effectiveConfiguration(rungeInterpolation, configurationOf(rungeInterpolation, { batchSize, ...more }));
    expect(ofSize(samples)).toEqual(ofSize(0));
    expect(ofSize(samples - 1)).not.toEqual(ofSize(0));
    expect(ofSize(samples, { shuffle: false })).toEqual(ofSize(0, { shuffle: true }));
    expect(ofSize(1, { shuffle: false })).not.toEqual(ofSize(1, { shuffle: true }));
    // A third held out: 10 of 15 are left.
    const left = samples - Math.floor(samples / 3);
    expect(ofSize(left, { validationFraction: 1 / 3 })).toEqual(ofSize(0, { validationFraction: 1 / 3 }));
    expect(ofSize(left - 1, { validationFraction: 1 / 3 })).not.toEqual(ofSize(0, { validationFraction: 1 / 3 }));
    expect(ofSize(samples, { samples: 4 * samples })).not.toEqual(ofSize(0, { samples: 4 * samples }));
    expect(idle(rungeInterpolation, { batchSize: choice(0, 2), shuffle: choice(true, false) })).toEqual([
      { name: "shuffle", everywhere: false },
    ]);
    expect(
      idle(perceptronRegression, { start: { type: "fixed", value: "source" }, batchSize: choice(0), shuffle: choice(true) }),
    ).toEqual([{ name: "seed", everywhere: true }]);
  });

  it("of a range the greatest batches count, and of a dataset the rows that training has", () => {
    const range = (min: number, max: number) => Space.parse({ batchSize: { type: "int", min, max } });
    expect(equalValues(logicGates, range(1, 4))).toEqual([]);
    expect(equalValues(logicGates, range(1, 5))).toEqual([{ name: "batchSize", values: [4, 5], samples: 4 }]);
    const id = "ab".repeat(32);
    const column = (name: string) => ({ name, type: "number" as const, categories: [] });
    const table = { rows: 100, columns: [column("x"), column("y")], arrays: [] };
    const space = Space.parse({
      dataset: { type: "fixed", value: id },
      targets: { type: "fixed", value: ["y"] },
      testFraction: { type: "fixed", value: 0.2 },
      batchSize: choice(64, 80, 128),
    });
    const known = trainedSamples(datasetRegression, (asked) => (asked === id ? table : undefined));
    expect(equalValues(datasetRegression, space, known)).toEqual([{ name: "batchSize", values: [80, 128], samples: 80 }]);
    expect(equalValues(datasetRegression, space)).toEqual([]);
  });

  it("numbers that single precision cannot tell apart are one value, where networks are trained in it", () => {
    // The neighbours of 0.1 in float32 are 7.45e-9 away (numpy.spacing(numpy.float32(0.1))).
    const rates = choice(0.1, 0.1 + 1e-9, 0.1 + 1e-8, 1);
    expect(equalValues(lossMinimization, Space.parse({ learningRate: rates }))).toEqual([
      { name: "learningRate", values: [0.1, 0.1 + 1e-9], samples: null },
    ]);
    expect(equalValues(optimizers, Space.parse({ learningRate: rates })), "in double precision").toEqual([]);
    const float = (points: number) => Space.parse({ learningRate: { type: "float", min: 0.1, max: 0.1 + 1e-7, points } });
    expect(equalValues(lossMinimization, float(5))).toEqual([]);
    expect(equalValues(lossMinimization, float(100))).toMatchObject([{ name: "learningRate" }]);
    const of = (learningRate: number) =>
      effectiveConfiguration(lossMinimization, configurationOf(lossMinimization, { learningRate }));
    expect(of(0.1)).toEqual(of(0.1 + 1e-9));
    expect(of(0.1)).not.toEqual(of(0.1 + 1e-8));
  });

  it("do not apply where they have none, if they have one elsewhere in the space", () => {
    const space = Space.parse({ optimizer: choice("sgd", "momentum", "adam"), momentum: choice(0.5, 0.9), l2: choice(0, 1) });
    const inapplicable = inapplicableIn(lossMinimization, space);
    expect(inapplicable({ optimizer: "sgd", momentum: 0.5, l2: 0 })).toEqual(["momentum"]);
    expect(inapplicable({ optimizer: "adam", momentum: 0.9, l2: 0 })).toEqual(["momentum"]);
    expect(inapplicable({ optimizer: "momentum", momentum: 0.9, l2: 0 })).toEqual([]);
    expect(inapplicable({ optimizer: "momentum", momentum: 0.9 })).toEqual(["l2"]);
    // Behind more configurations than are looked at one by one.
    const wide = Object.fromEntries(
      ["epochs", "samples"].map((name) => [name, choice(...Array.from({ length: 60 }, (_, i) => 10 + i))]),
    );
    const among = inapplicableIn(
      lossMinimization,
      Space.parse({ ...wide, optimizer: choice("sgd", "adam"), beta1: choice(0.8, 0.9) }),
    );
    expect(among({ epochs: 10, samples: 10, optimizer: "sgd", beta1: 0.8 })).toEqual(["beta1"]);
    expect(among({ epochs: 10, samples: 10, optimizer: "adam", beta1: 0.8 })).toEqual([]);
    const nowhere = inapplicableIn(irisPerceptron, Space.parse({ activation: choice("tanh", "relu") }));
    expect(nowhere({ activation: "tanh" }), "what has no effect anywhere is shown as it was given").toEqual([]);
    const layers = inapplicableIn(logicGates, Space.parse({ activation: choice("tanh", "relu"), hiddenLayers: choice([], [4]) }));
    expect(layers({ activation: "tanh", hiddenLayers: [] })).toEqual(["activation"]);
  });

  it("equal effective configurations are what trains the same network", () => {
    const one = configurationOf(irisPerceptron, { activation: "tanh" });
    const other = configurationOf(irisPerceptron, { activation: "gelu" });
    expect(effectiveConfiguration(irisPerceptron, one)).toEqual(effectiveConfiguration(irisPerceptron, other));
    expect(withoutEffect(irisPerceptron, one)).toContain("activation");
  });

  it("a stored configuration that the catalogue does not read any more is taken as it is", () => {
    const stored = { ...configurationOf(lossMinimization, { batchSize: 128 }), layerWidth: 8 };
    expect(effectiveConfiguration(lossMinimization, stored)).toMatchObject({ batchSize: 128, layerWidth: 8 });
    const space = Space.parse({ layerWidth: choice(4, 8), batchSize: choice(0, 128) });
    expect(inapplicableIn(lossMinimization, space)({ layerWidth: 4, batchSize: 0 })).toEqual([]);
  });
});
