import { optimizerNames, updateRuleNames, type Configuration } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import { configurationOf, trainedSamples, withoutEffect } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack, type Recording } from "../testing/recorded-pack";
import { lossMinimization, optimizers, smallNetwork } from "../testing/small-experiments";

beforeAll(async () => {
  await openBackend("wasm");
});

/** Another value of each parameter of the optimizers. */
const others: Configuration = { momentum: 0.3, rmspropAlpha: 0.5, beta1: 0.5, beta2: 0.7, epsilon: 0.01 };

const weightsOf = (recording: Recording): unknown => readSafetensors(recording.result!.artifacts[0]!.content).tensors;

describe("what is said to be without effect is, and nothing else", () => {
  it.each(optimizerNames)("networks trained with %s", async (optimizer) => {
    const plain = smallNetwork({ optimizer, epochs: 3 });
    const runs = [plain, ...Object.entries(others).map(([name, value]) => ({ ...plain, [name]: value }))];
    const [first, ...changed] = await trainPack(
      lossMinimization,
      runs.map((parameters) => ({ seed: 1, parameters })),
    );
    const idle = withoutEffect(lossMinimization, plain);
    Object.keys(others).forEach((name, i) => {
      if (idle.has(name)) expect(weightsOf(changed[i]!), name).toEqual(weightsOf(first!));
      else expect(weightsOf(changed[i]!), name).not.toEqual(weightsOf(first!));
    });
  });

  it("a batch that holds every sample, its order, and digits that single precision does not have", async () => {
    const plain = smallNetwork({ optimizer: "sgd", epochs: 3, batchSize: 0 });
    const samples = trainedSamples(lossMinimization)(plain) ?? Number.NaN;
    const train = async (...changes: Configuration[]): Promise<unknown[]> => {
      const runs = changes.map((change) => ({ seed: 1, parameters: { ...plain, ...change } }));
      const found: unknown[] = [];
      // Batches of another size are another shape, so each trains in a pack of its own.
      for (const run of runs) found.push(weightsOf((await trainPack(lossMinimization, [run]))[0]!));
      return found;
    };
    const rate = plain["learningRate"] as number;
    const [first, ...same] = await train(
      {},
      { batchSize: samples },
      { batchSize: 2 * samples, shuffle: false },
      { learningRate: rate * (1 + 1e-9) },
    );
    for (const weights of same) expect(weights).toEqual(first);
    const [fewer, unshuffled, faster] = await train(
      { batchSize: samples - 1 },
      { batchSize: samples - 1, shuffle: false },
      { learningRate: rate * (1 + 1e-3) },
    );
    for (const weights of [fewer, unshuffled, faster]) expect(weights).not.toEqual(first);
    expect(unshuffled).not.toEqual(fewer);
  });

  it.each(updateRuleNames)("descent by %s", async (rule) => {
    const plain = configurationOf(optimizers, { rule, maxSteps: 5, learningRate: 1e-3 });
    const names = Object.keys(others).filter((name) => name in plain);
    expect(names).toHaveLength(4);
    const [first, ...changed] = await trainPack(
      optimizers,
      [plain, ...names.map((name) => ({ ...plain, [name]: others[name] ?? 0 }))].map((parameters) => ({ seed: 1, parameters })),
    );
    const idle = withoutEffect(optimizers, plain);
    names.forEach((name, i) => {
      if (idle.has(name)) expect(changed[i]!.series, name).toEqual(first!.series);
      else expect(changed[i]!.series, name).not.toEqual(first!.series);
    });
  });
});
