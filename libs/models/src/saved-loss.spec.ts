import type { Configuration } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import { configurationOf, experiments, findExperiment, noResources, type ExperimentDefinition } from "@basin/problems";
import { beforeAll, describe, expect, it, test } from "vitest";
import { equationCases } from "./testing/small-equations";
import { loopCases } from "./testing/small-loops";
import { lossMinimization, smallNetwork } from "./testing/small-experiments";
import { pendulumImages, pendulumNetwork, stripes, stripesNetwork } from "./testing/small-image-experiments";
import { trainPack, type Recording, type TestRun } from "./testing/recorded-pack";

/** The final figure `loss` is the loss of the weights that are saved; the curve's last value is that of the weights before the last step. */

beforeAll(async () => {
  await openBackend("wasm");
});

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

const finalLoss = (recording: Recording | undefined): number => recording?.result?.metrics["loss"] ?? Number.NaN;

/** Mean squared error of a saved network with hidden layers of tanh, in double precision. */
function savedLoss(recording: Recording | undefined, inputs: readonly number[][], targets: readonly number[]): number {
  const { tensors } = readSafetensors(recording!.result!.artifacts[0]!.content);
  const layers = Object.keys(tensors).filter((name) => name.endsWith(".weight")).length;
  const squares = inputs.map((input, sample) => {
    let values = input;
    for (let layer = 0; layer < layers; layer++) {
      const weight = tensors[`layers.${layer}.weight`]!.values;
      const bias = tensors[`layers.${layer}.bias`]!.values;
      const z = Array.from(bias, (b, j) => values.reduce((sum, v, i) => sum + v * weight[i * bias.length + j]!, b));
      values = layer + 1 < layers ? z.map(Math.tanh) : z;
    }
    return (values[0]! - targets[sample]!) ** 2;
  });
  return squares.reduce((a, b) => a + b, 0) / squares.length;
}

describe("Runge's function with steps far too long", () => {
  const runge = experiment("runge-interpolation");
  const train = async (changes: Configuration): Promise<Recording | undefined> => {
    const parameters = configurationOf(runge, { hiddenLayers: [8], optimizer: "sgd", plots: false, ...changes });
    return (await trainPack(runge, [{ seed: 1, parameters }]))[0];
  };
  // 15 points of 1/(1 + 25x²) on [−1, 1], each axis scaled to [−1, 1].
  const places = Array.from({ length: 15 }, (_, i) => -1 + i / 7);
  const heights = places.map((x) => 1 / (1 + 25 * x * x));
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const { problem } = runge;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const data = problem.data(configurationOf(runge, {}), noResources);
  const shown = Array.from(data.inputs, (x) => [x]);

  test("the problem's samples are those points", () => {
    expect(data.targets).toHaveLength(15);
    data.targets.forEach((y, i) =>
      expect((y - data.targets[7]!) / (data.targets[0]! - data.targets[7]!)).toBeCloseTo(
        ((heights[i] ?? 0) - high) / (low - high),
        5,
      ),
    );
  });

  // With numpy from the saved weights: 1.777 for two epochs at 0.5, where the curve ended at 0.289.
  it("two epochs at 0.5", async () => {
    const recording = await train({ learningRate: 0.5, epochs: 2 });
    expect(finalLoss(recording)).toBeCloseTo(1.777, 3);
    expect(recording?.series["loss"]?.at(-1)?.[1]).toBeCloseTo(0.289, 3);
    expect(Math.abs(finalLoss(recording) / savedLoss(recording, shown, [...data.targets]) - 1)).toBeLessThan(1e-6);
  });

  it("one epoch at 10⁶: as large as the error on the grid says", async () => {
    const recording = await train({ learningRate: 1e6, epochs: 1 });
    expect(recording?.series["loss"]?.at(-1)?.[1]).toBeLessThan(1);
    expect(Math.abs(finalLoss(recording) / savedLoss(recording, shown, [...data.targets]) - 1)).toBeLessThan(1e-6);
    expect(Math.sqrt(finalLoss(recording))).toBeGreaterThan(1e5);
  });

  it("a loss that overflows only after the last step is a divergence", async () => {
    const recording = await train({ learningRate: 1e6, epochs: 3, activation: "relu" });
    expect(recording?.series["loss"]?.every(([, value]) => Number.isFinite(value))).toBe(true);
    expect(recording?.result).toMatchObject({ outcome: "diverged", reason: "loss became Infinity at epoch 3", artifacts: [] });
    expect(finalLoss(recording)).toBe(Infinity);
  });
});

/** What each step of a full batch begins with: after E epochs, the first loss of epoch E + 1, by the same sums. */
describe("is what a further epoch of the full batch would begin with, to the bit", () => {
  const cases: { name: string; definition: ExperimentDefinition; parameters: (epochs: number) => Configuration }[] = [
    { name: "mlp", definition: lossMinimization, parameters: (epochs) => smallNetwork({ epochs, batchSize: 0 }) },
    { name: "cnn", definition: stripes, parameters: (epochs) => stripesNetwork({ epochs, batchSize: 0 }) },
    {
      name: "autoencoder",
      definition: pendulumImages,
      parameters: (epochs) => pendulumNetwork({ epochs, batchSize: 0, trainingNoise: 0, plots: false }),
    },
    {
      name: "custom-loss",
      definition: experiment("spelling"),
      parameters: (epochs) =>
        configurationOf(experiment("spelling"), {
          epochs,
          trainingSamples: 100,
          hiddenLayers: [9],
          batchSize: 0,
          warmUp: 0,
          schedule: "constant",
          plots: false,
        }),
    },
    ...equationCases.map(({ name, definition, parameters }) => ({
      name,
      definition,
      // On the same points: a redraw before the further epoch would change them. Of Adam's: L-BFGS ends where it was best, see below.
      parameters: (epochs: number) => parameters({ epochs, plots: false, redrawEvery: 0, lbfgsSteps: 0 }),
    })),
    ...loopCases.map(({ name, definition, parameters }) => ({
      name,
      definition,
      // Over the whole horizon from the start: the curve is that of the horizon at the time.
      parameters: (epochs: number) => parameters({ epochs, plots: false, horizonGrowth: 0, schedule: "constant" }),
    })),
  ];
  it("covers every family that reports a final loss", () => {
    const reporting = experiments.filter(({ metrics }) => metrics.some(({ name, final }) => name === "loss" && final));
    expect(new Set(cases.map(({ definition }) => definition.family))).toEqual(new Set(reporting.map(({ family }) => family)));
  });

  it.each(cases)("$name", async ({ definition, parameters }) => {
    const runs = (epochs: number): TestRun[] => [3, 4].map((seed) => ({ seed, parameters: parameters(epochs) }));
    const ended = await trainPack(definition, runs(3));
    const longer = await trainPack(definition, runs(4));
    ended.forEach((recording, i) => {
      expect(recording.series["loss"]).toHaveLength(3);
      expect(finalLoss(recording)).toBe(longer[i]?.series["loss"]?.[3]?.[1]);
      expect(finalLoss(recording)).not.toBe(recording.series["loss"]?.[2]?.[1]);
    });
  });
});

it("is that of the best point where L-BFGS ends, which it had evaluated before", async () => {
  const minimizing = equationCases.find(({ name }) => name.includes("L-BFGS"))!;
  const parameters = minimizing.parameters({ epochs: 12, lbfgsSteps: 8, plots: false, late: 0.25 });
  const recordings = await trainPack(
    minimizing.definition,
    [3, 4].map((seed) => ({ seed, parameters })),
  );
  for (const recording of recordings) {
    const evaluated = (recording.series["loss"] ?? []).slice(4).map(([, value]) => value);
    expect(evaluated).toHaveLength(8);
    expect(finalLoss(recording)).toBe(Math.min(...evaluated));
    expect(finalLoss(recording)).toBeLessThan(evaluated[0]!);
  }
});

it("is that of the best weights where those are restored, over the samples that were trained on", async () => {
  const parameters = smallNetwork({ learningRate: 0.3, epochs: 60, earlyStoppingPatience: 3, restoreBestWeights: true });
  const [recording] = await trainPack(lossMinimization, [{ seed: 2, parameters }]);
  const validation = (recording?.series["validationLoss"] ?? []).map(([, value]) => value);
  const bestEpoch = validation.indexOf(Math.min(...validation)) + 1;
  expect(bestEpoch).toBeLessThan(validation.length);
  const direct = { ...parameters, epochs: bestEpoch, restoreBestWeights: false, earlyStoppingPatience: 0 };
  const [best] = await trainPack(lossMinimization, [{ seed: 2, parameters: direct }]);
  expect(finalLoss(recording)).toBe(finalLoss(best));
});

it("leaves dropout and the noise of training out, and normalizes by the running averages", async () => {
  // Nothing is learned at this rate, so the loss of the saved weights is that of the first ones, without what training adds.
  const still = { learningRate: 1e-30, epochs: 1, batchSize: 0, validationFraction: 0 };
  const plain = (await trainPack(lossMinimization, [{ seed: 5, parameters: smallNetwork(still) }]))[0];
  const dropped = (await trainPack(lossMinimization, [{ seed: 5, parameters: smallNetwork({ ...still, dropout: 0.5 }) }]))[0];
  expect(finalLoss(dropped)).toBe(finalLoss(plain));
  expect(dropped?.series["loss"]?.[0]?.[1]).not.toBe(plain?.series["loss"]?.[0]?.[1]);
  const image = (trainingNoise: number): TestRun => ({
    seed: 5,
    parameters: pendulumNetwork({ learningRate: 1e-30, epochs: 1, batchSize: 0, trainingNoise, plots: false }),
  });
  const [clean] = await trainPack(pendulumImages, [image(0)]);
  const [noisy] = await trainPack(pendulumImages, [image(0.2)]);
  expect(finalLoss(noisy)).toBe(finalLoss(clean));
});
