import { optimizerNames, type MlpParameters, type OptimizerName } from "@basin/contracts";
import { openBackend, readSafetensors } from "@basin/engine";
import { permutation, randomStream } from "@basin/numerics";
import { noResources } from "@basin/problems";
import { beforeAll, expect, it } from "vitest";
import { startPack, trainPack } from "../testing/recorded-pack";
import { lossMinimization, smallNetwork } from "../testing/small-experiments";

beforeAll(async () => {
  await openBackend("wasm");
});

/** The rules' updates of one weight in double precision: returns the step to subtract. */
type Update = (g: number, slot: { m: number; s: number }, t: number) => number;
const updates: Record<OptimizerName, (p: MlpParameters) => Update> = {
  sgd: (p) => (g) => p.learningRate * g,
  momentum: (p) => (g, slot) => p.learningRate * (slot.m = p.momentum * slot.m + g),
  nesterov: (p) => (g, slot) => {
    slot.m = p.momentum * slot.m + g;
    return p.learningRate * (g + p.momentum * slot.m);
  },
  adagrad: (p) => (g, slot) => {
    slot.s += g * g;
    return (p.learningRate * g) / (Math.sqrt(slot.s) + p.epsilon);
  },
  rmsprop: (p) => (g, slot) => {
    slot.s = p.rmspropAlpha * slot.s + (1 - p.rmspropAlpha) * g * g;
    return (p.learningRate * g) / (Math.sqrt(slot.s) + p.epsilon);
  },
  adam: (p) => (g, slot, t) => {
    slot.m = p.beta1 * slot.m + (1 - p.beta1) * g;
    slot.s = p.beta2 * slot.s + (1 - p.beta2) * g * g;
    return (p.learningRate * (slot.m / (1 - p.beta1 ** t))) / (Math.sqrt(slot.s / (1 - p.beta2 ** t)) + p.epsilon);
  },
  "adagrad-momentum": (p) => (g, slot) => {
    slot.s += g * g;
    return (slot.m = p.momentum * slot.m + (p.learningRate * g) / (Math.sqrt(slot.s) + p.epsilon));
  },
};

/** A tanh network with linear output trained on the mean squared error, in plain double precision. */
function referenceTraining(
  weights: Float64Array[],
  widths: number[],
  data: { inputs: Float32Array; targets: Float32Array },
  orders: Int32Array[],
  batchSize: number,
  update: Update,
): number[] {
  const slots = weights.map((all) => Array.from(all, () => ({ m: 0, s: 0 })));
  let t = 0;
  return orders.map((order) => {
    let epochLoss = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.slice(start, start + batchSize);
      const gradients = weights.map((all) => new Float64Array(all.length));
      for (const sample of batch) {
        const activations = [Array.from({ length: widths[0]! }, (_, i) => data.inputs[sample * widths[0]! + i]!)];
        for (let layer = 0; layer + 1 < widths.length; layer++) {
          const out = widths[layer + 1]!;
          const z = Array.from({ length: out }, (_, j) =>
            activations[layer]!.reduce((sum, v, i) => sum + v * weights[2 * layer]![i * out + j]!, weights[2 * layer + 1]![j]!),
          );
          activations.push(layer + 2 < widths.length ? z.map(Math.tanh) : z);
        }
        const error = activations.at(-1)![0]! - data.targets[sample]!;
        epochLoss += error * error;
        let delta = [(2 * error) / batch.length];
        for (let layer = widths.length - 2; layer >= 0; layer--) {
          const input = activations[layer]!;
          const out = widths[layer + 1]!;
          input.forEach((v, i) => delta.forEach((d, j) => (gradients[2 * layer]![i * out + j]! += v * d)));
          delta.forEach((d, j) => (gradients[2 * layer + 1]![j]! += d));
          delta = input.map((v, i) => (1 - v * v) * delta.reduce((sum, d, j) => sum + d * weights[2 * layer]![i * out + j]!, 0));
        }
      }
      t += 1;
      weights.forEach((all, k) => all.forEach((w, i) => (all[i] = w - update(gradients[k]![i]!, slots[k]![i]!, t))));
    }
    return epochLoss / order.length;
  });
}

it.each(optimizerNames)("%s: eight epochs agree with a plain double-precision training", async (optimizer) => {
  const learningRate = optimizer === "sgd" ? 0.1 : 0.01;
  const configuration = smallNetwork({ optimizer, learningRate, epochs: 8, validationFraction: 0, epsilon: 1e-6 });
  const parameters = configuration as MlpParameters & typeof configuration;
  const { problem } = lossMinimization;
  if (problem.kind !== "supervised") throw new Error("not supervised");
  const seed = 21;
  const start = await startPack(lossMinimization, [{ seed, parameters: configuration }]);
  const { tensors } = readSafetensors(await start.program.checkpoint(0));
  start.program.dispose();
  const widths = [2, 19, 6, 1];
  const names = [0, 1, 2].flatMap((layer) => [`layers.${layer}.weight`, `layers.${layer}.bias`]);
  const weights = names.map((name) => Float64Array.from(tensors[name]!.values));
  const orders = Array.from({ length: 8 }, (_, epoch) => permutation(randomStream(seed, "shuffle", epoch + 1), 90));
  const want = referenceTraining(
    weights,
    widths,
    problem.data(configuration, noResources),
    orders,
    32,
    updates[optimizer](parameters),
  );

  const [recording] = await trainPack(lossMinimization, [{ seed, parameters: configuration }]);
  const got = recording!.series["loss"]!.map(([, value]) => value);
  expect(got).toHaveLength(8);
  got.forEach((value, i) => expect(Math.abs(value / want[i]! - 1)).toBeLessThan(2e-5));
  const trained = readSafetensors(recording!.result!.artifacts[0]!.content).tensors;
  names.forEach((name, k) => {
    trained[name]!.values.forEach((value, i) => expect(Math.abs(value - weights[k]![i]!)).toBeLessThan(1e-4));
  });
});
