import { MlpParameters, activationNames, type Configuration } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import { configurationOf, type ExperimentDefinition, type SupervisedProblem } from "@basin/problems";
import { beforeAll, describe, expect, it } from "vitest";
import { startPack, trainPack, type Recording } from "../testing/recorded-pack";
import { logicGates, lossMinimization, smallNetwork } from "../testing/small-experiments";

beforeAll(async () => {
  await openBackend("wasm");
});

const losses = (recording: Recording | undefined, metric = "loss"): number[] =>
  (recording?.series[metric] ?? []).map(([, value]) => value);

/** The run's artifact, read back. */
function weightsOf(recording: Recording | undefined) {
  const [artifact] = recording?.result?.artifacts ?? [];
  if (!artifact) throw new Error("no weights");
  return readSafetensors(artifact.content);
}

describe("a run that diverges", () => {
  it("ends with the reason and leaves its neighbours as they were", async () => {
    const calm = [1, 2, 3].map((seed) => ({
      seed,
      parameters: smallNetwork({ optimizer: "sgd", activation: "relu", epochs: 9 }),
    }));
    const wild = { seed: 9, parameters: { ...calm[0]!.parameters, learningRate: 1e6 } };
    const whole = await trainPack(lossMinimization, calm);
    const [first, diverged, ...others] = await trainPack(lossMinimization, [calm[0]!, wild, calm[1]!, calm[2]!]);
    expect([first, ...others]).toEqual(whole);
    expect(diverged?.result?.outcome).toBe("diverged");
    expect(diverged?.result?.reason).toMatch(/^loss became (NaN|Infinity) at epoch \d$/);
    expect(diverged?.result?.artifacts).toEqual([]);
    const series = losses(diverged);
    expect(series.length).toBeLessThan(9);
    expect(Number.isFinite(series.at(-1))).toBe(false);
    expect(diverged?.result?.metrics["loss"]).toBe(series.at(-1));
  });
});

describe("early stopping", () => {
  // A rate so high that the validation loss of run 1 soon rises; run 0 learns steadily.
  const parameters = (learningRate: number): Configuration =>
    smallNetwork({ learningRate, epochs: 60, earlyStoppingPatience: 3, restoreBestWeights: true });
  const runs = [
    { seed: 1, parameters: parameters(1e-4) },
    { seed: 2, parameters: parameters(0.3) },
  ];

  it("stops after `patience` epochs without a lower validation loss; neighbours go on as if alone", async () => {
    const together = await trainPack(lossMinimization, runs);
    const stopped = losses(together[1], "validationLoss");
    expect(stopped.length).toBeLessThan(60);
    const lowest = Math.min(...stopped);
    expect(stopped.length - 1 - stopped.indexOf(lowest)).toBe(3);
    expect(losses(together[0]).length).toBeGreaterThan(stopped.length);
    expect((await trainPack(lossMinimization, [runs[0]!]))[0]).toEqual(together[0]);
    expect(together[1]?.result?.metrics["validationLoss"]).toBe(lowest);
    // The curve has the means over the batches of the epoch that led there, saved-loss.spec.ts what the final figure is.
    expect(together[1]?.result?.metrics["loss"]).not.toBe(losses(together[1])[stopped.indexOf(lowest)]);
  });

  it("saves the weights of the best epoch", async () => {
    const [, stopped] = await trainPack(lossMinimization, runs);
    const bestEpoch = losses(stopped, "validationLoss").length - 3;
    const upToBest = { ...runs[1]!.parameters, epochs: bestEpoch };
    const [direct] = await trainPack(lossMinimization, [{ seed: 2, parameters: upToBest }]);
    expect(weightsOf(stopped).tensors).toEqual(weightsOf(direct).tensors);
    expect(stopped?.result?.metrics).toEqual(direct?.result?.metrics);
  });
});

describe("weights artifact", () => {
  it("holds every layer with its shape, and describes the network", async () => {
    const [recording] = await trainPack(lossMinimization, [{ seed: 5, parameters: smallNetwork({ epochs: 1 }) }]);
    const { tensors, metadata } = weightsOf(recording);
    expect(Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]))).toEqual({
      "layers.0.weight": [2, 19],
      "layers.0.bias": [19],
      "layers.1.weight": [19, 6],
      "layers.1.bias": [6],
      "layers.2.weight": [6, 1],
      "layers.2.bias": [1],
    });
    expect(metadata).toMatchObject({
      widths: "2,19,6,1",
      familyVersion: "2",
      activation: "tanh",
      outputActivation: "linear",
      seed: "5",
      epoch: "1",
    });
  });
});

describe("what does not fit together", () => {
  it("refuses runs that differ in shape", async () => {
    const runs = [smallNetwork(), smallNetwork({ batchSize: 16 })].map((parameters, seed) => ({ seed, parameters }));
    await expect(async () => startPack(lossMinimization, runs)).rejects.toThrow('Runs 0 and 1 differ in "batchSize"');
  });

  it("refuses a checkpoint of another network, seed or kind", async () => {
    const { program } = await startPack(lossMinimization, [{ seed: 1, parameters: smallNetwork() }]);
    const checkpoint = await program.checkpoint(0);
    program.dispose();
    const resume = (seed: number, parameters: Configuration, bytes = checkpoint) =>
      startPack(lossMinimization, [{ seed, parameters, checkpoint: bytes }]);
    await expect(async () => resume(2, smallNetwork())).rejects.toThrow('The checkpoint has seed "1", but this run needs "2".');
    await expect(async () => resume(1, smallNetwork({ hiddenLayers: [19, 7] }))).rejects.toThrow('has widths "2,19,6,1"');
    await expect(async () => resume(1, smallNetwork({ optimizer: "sgd" }))).rejects.toThrow('has optimizer "adam"');
    await expect(async () => resume(1, smallNetwork(), checkpoint.subarray(0, 40))).rejects.toThrow("header claims");
  });

  it("refuses a loss that has no meaning with the output activation", async () => {
    const broken: ExperimentDefinition = { ...logicGates, problem: { ...supervised(logicGates), outputActivation: "tanh" } };
    await expect(async () => startPack(broken, [{ seed: 1, parameters: configurationOf(logicGates, {}) }])).rejects.toThrow(
      'The loss "bce" does not go with the output activation "tanh"',
    );
  });
});

function supervised(definition: ExperimentDefinition): SupervisedProblem {
  if (definition.problem.kind !== "supervised") throw new Error("not supervised");
  return definition.problem;
}

/** Three classes of points on a plane, to train softmax with cross-entropy. */
const threeClasses: ExperimentDefinition = {
  ...lossMinimization,
  parameters: MlpParameters,
  problem: {
    kind: "supervised",
    inputWidth: 2,
    outputWidth: 3,
    outputActivation: "softmax",
    loss: "cce",
    data: () => ({
      samples: 6,
      inputs: Float32Array.of(0, 1, 0.2, 1.2, 1, 0, 1.2, 0.1, -1, -1, -0.8, -1.1),
      targets: Float32Array.of(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1),
    }),
    evaluationInputs: () => Float32Array.of(0.1, 1.1, 1.1, 0.05, -0.9, -1),
    evaluate: (_, p) => ({ right: Math.min(p[0] ?? 0, p[4] ?? 0, p[8] ?? 0), mass: (p[0] ?? 0) + (p[1] ?? 0) + (p[2] ?? 0) }),
  },
};

describe("learning", () => {
  it.each(activationNames)("XOR with 4 units of %s: the loss falls", async (activation) => {
    const runs = [1, 2].map((seed) => ({ seed, parameters: configurationOf(logicGates, { activation, epochs: 150 }) }));
    for (const recording of await trainPack(logicGates, runs)) {
      const series = losses(recording);
      expect(series.at(-1)).toBeLessThan(series[0] ?? 0);
    }
  });

  it("a single neuron learns OR but stays at ln 2 on XOR (D2)", async () => {
    const single = (gate: string) => configurationOf(logicGates, { gate, hiddenLayers: [], epochs: 600 });
    const [or] = await trainPack(logicGates, [{ seed: 1, parameters: single("OR") }]);
    const [xor] = await trainPack(logicGates, [{ seed: 1, parameters: single("XOR") }]);
    expect(or?.result?.metrics).toMatchObject({ accuracy: 1 });
    expect(xor?.result?.metrics["bce"]).toBeCloseTo(Math.LN2, 3);
  });

  it("softmax separates three classes", async () => {
    const parameters = MlpParameters.parse({ hiddenLayers: [8], learningRate: 0.05, epochs: 120, batchSize: 4 });
    const [recording] = await trainPack(threeClasses, [{ seed: 3, parameters }]);
    expect(recording?.result?.metrics["right"]).toBeGreaterThan(0.9);
    expect(recording?.result?.metrics["mass"]).toBeCloseTo(1, 6);
  });

  it("B0's network leaves its start within 40 epochs", async () => {
    const parameters = configurationOf(lossMinimization, { epochs: 40, plots: false });
    const [recording] = await trainPack(lossMinimization, [{ seed: 1, parameters }]);
    const series = losses(recording);
    expect(series[0]).toBeLessThan(0.1);
    expect(series.at(-1)).toBeLessThan(series[0] ?? 0);
    expect(series.at(-1)).toBeGreaterThan(0.02);
  });
});
