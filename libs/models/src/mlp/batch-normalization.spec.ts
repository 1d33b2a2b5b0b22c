import type { Configuration } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import { configurationOf, findExperiment, type ExperimentDefinition } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack, type Recording } from "../testing/recorded-pack";

beforeAll(async () => {
  await openBackend("wasm");
});

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

describe("batch normalization and single samples", () => {
  const runge = experiment("runge-interpolation");
  const parameters = (changes: Configuration): Configuration =>
    configurationOf(runge, { hiddenLayers: [6], batchNormalization: true, epochs: 30, plots: false, ...changes });
  const train = async (definition: ExperimentDefinition, changes: Configuration): Promise<Recording> =>
    (await trainPack(definition, [{ seed: 3, parameters: parameters(changes) }]))[0]!;

  /** The first fourteen of the fifteen points. */
  const { problem } = runge;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const fourteen: ExperimentDefinition = {
    ...runge,
    problem: {
      ...problem,
      data: (given, resources) => {
        const { inputs, targets } = problem.data(given, resources);
        return { samples: 14, inputs: inputs.slice(0, 14), targets: targets.slice(0, 14) };
      },
    },
  };

  it("a last batch of one sample is left out: 7, 7 and 1 of 15 train as 7 and 7 of the first 14", async () => {
    const changes = { batchSize: 7, shuffle: false };
    const [whole, without] = [await train(runge, changes), await train(fourteen, changes)];
    expect(whole.series["loss"]).toEqual(without.series["loss"]);
    const { tensors } = readSafetensors(whole.result!.artifacts[0]!.content);
    expect(tensors).toEqual(readSafetensors(without.result!.artifacts[0]!.content).tensors);
    // With a batch of one the running variance of every unit would fall by a tenth in every epoch: 0.9³⁰ = 0.04.
    for (const variance of tensors["layers.0.runningVariance"]!.values) expect(variance).toBeGreaterThan(1e-3);
  });

  it("a last batch of two is trained on, and of one where nothing is normalized", async () => {
    const two = { batchSize: 13, shuffle: false };
    expect((await train(runge, two)).series["loss"]).not.toEqual((await train(fourteen, two)).series["loss"]);
    const plain = { batchSize: 7, shuffle: false, batchNormalization: false };
    expect((await train(runge, plain)).series["loss"]).not.toEqual((await train(fourteen, plain)).series["loss"]);
    const linear = { batchSize: 1, hiddenLayers: [] };
    expect((await train(runge, linear)).result?.outcome).toBe("succeeded");
  });

  it("batches of one are refused", async () => {
    await expect(async () => train(runge, { batchSize: 1 })).rejects.toThrow(
      "Batch normalization needs batches of at least 2 samples, as one sample has no variance, but batchSize is 1.",
    );
    const one: ExperimentDefinition = {
      ...runge,
      problem: { ...problem, data: () => ({ samples: 1, inputs: Float32Array.of(0), targets: Float32Array.of(1) }) },
    };
    await expect(async () => train(one, { batchSize: 0 })).rejects.toThrow("but there is 1 sample to train on.");
  });
});
