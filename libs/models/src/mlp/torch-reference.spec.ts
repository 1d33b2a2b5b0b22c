import { MlpParameters, optimizerNames, activationNames, type LossName } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import type { ExperimentDefinition } from "@basin/problems";
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { trainPack } from "../testing/recorded-pack";
import { lossMinimization } from "../testing/small-experiments";

/** What PyTorch makes of the same weights, samples and parameters in 20 steps: ../testing/torch_reference.py wrote it, and says how. */
const Reference = z.object({
  given: z.object({
    inputs: z.array(z.number()),
    targets: z.record(z.string(), z.array(z.number())),
    start: z.record(z.string(), z.array(z.array(z.number()))),
  }),
  cases: z.array(
    z.object({
      loss: z.enum(["mse", "mae", "bce", "cce"]),
      parameters: z.looseObject({ optimizer: z.string(), activation: z.string() }),
      before: z.array(z.number()).length(20),
      after: z.number(),
      weights: z.record(z.string(), z.array(z.number())),
    }),
  ),
});
const { given, cases } = Reference.parse(
  JSON.parse(readFileSync(new URL("../testing/torch-reference.json", import.meta.url), "utf8")),
);

beforeAll(async () => {
  await openBackend("wasm");
});

function experimentOf(loss: LossName): ExperimentDefinition {
  const targets = Float32Array.from(given.targets[loss] ?? []);
  const outputWidth = loss === "cce" ? 3 : 1;
  const start = given.start[String(outputWidth)] ?? [];
  return {
    ...lossMinimization,
    parameters: MlpParameters,
    problem: {
      kind: "supervised",
      inputWidth: 2,
      outputWidth,
      loss,
      outputActivation: loss === "cce" ? "softmax" : loss === "bce" ? "sigmoid" : "linear",
      data: () => ({ samples: given.inputs.length / 2, inputs: Float32Array.from(given.inputs), targets }),
      evaluationInputs: () => Float32Array.from(given.inputs),
      evaluate: () => ({}),
      initialWeights: () =>
        Object.fromEntries(start.map((values, i) => [`layers.${i >> 1}.${i % 2 === 0 ? "weight" : "bias"}`, values])),
    },
  };
}

it("has every optimizer with every activation", () => {
  const pairs = new Set(cases.map(({ parameters: { optimizer, activation } }) => `${optimizer} ${activation}`));
  for (const optimizer of optimizerNames)
    for (const activation of activationNames) expect(pairs).toContain(`${optimizer} ${activation}`);
});

/** Float32 against double precision; PyTorch in single precision is as far from itself. */
const tolerance = 1e-5;

it.each(cases.map((one) => [`${one.loss} ${Object.values(one.parameters).join(" ")}`, one] as const))(
  "%s",
  async (_, { loss, parameters, before, after, weights }) => {
    const all = MlpParameters.parse({ ...parameters, hiddenLayers: [5, 3], epochs: 20, batchSize: 0, plots: false });
    const [recording] = await trainPack(experimentOf(loss), [{ seed: 1, parameters: all }]);
    const far = (got: number, want: number): number => Math.abs(got - want) / Math.max(0.1, Math.abs(want));
    const losses = (recording?.series["loss"] ?? []).map(([, value]) => value);
    expect(losses).toHaveLength(20);
    losses.forEach((value, i) => expect(far(value, before[i] ?? Number.NaN)).toBeLessThan(tolerance));
    expect(far(recording?.result?.metrics["loss"] ?? Number.NaN, after)).toBeLessThan(tolerance);
    const { tensors } = readSafetensors(recording!.result!.artifacts[0]!.content);
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(weights).sort());
    for (const [name, want] of Object.entries(weights))
      want.forEach((value, i) => expect(far(tensors[name]!.values[i]!, value), name).toBeLessThan(tolerance));
  },
);
