import { hasKernels, openBackend, readSafetensors } from "@basin/engine";
import { huberLoss, randomStream, softThreshold } from "@basin/numerics";
import { configurationOf, findExperiment, noResources } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { architectureOf } from "./architecture";
import { backward, forward } from "./network";
import { networkLoss } from "./network-loss";
import { shrinkage, shrinkWeights } from "./proximal-step";

beforeAll(async () => {
  await openBackend("wasm");
});

const delta = 0.4;
const net = architectureOf(
  { loss: { loss: "huber", huberDelta: delta }, outputActivation: "linear" },
  { inputWidth: 2, outputWidth: 2 },
  { hiddenLayers: [4], activation: "tanh", layerActivations: "", batchNormalization: false },
);
const samples = 6;

function draw(count: number, purpose: string, index = 0): number[] {
  const values = new Float32Array(count);
  randomStream(21, purpose, index).fillNormal(values);
  return [...values];
}

describe("Huber's loss of a network", () => {
  const values = net.specs.map(({ shape: [rows, columns] }, i) => draw(rows * columns, "arrays", i));
  const inputs = draw(2 * samples, "inputs");
  const targets = draw(2 * samples, "targets");

  /** Its residuals in double precision. */
  function residuals(all: readonly number[][]): number[] {
    const [w0 = [], b0 = [], w1 = [], b1 = []] = all;
    return Array.from({ length: samples }, (_, i) => {
      const hidden = b0.map((b, k) => Math.tanh(b + inputs[2 * i]! * w0[k]! + inputs[2 * i + 1]! * w0[4 + k]!));
      return b1.map((b, j) => hidden.reduce((sum, h, k) => sum + h * w1[2 * k + j]!, b) - targets[2 * i + j]!);
    }).flat();
  }
  const loss = (all: readonly number[][]): number => {
    const { value } = huberLoss(delta);
    const each = residuals(all).map(value);
    return each.reduce((a, b) => a + b, 0) / each.length;
  };

  it("is the mean of the losses of its residuals, and its gradients are central differences of that", () => {
    const sizes = residuals(values).map(Math.abs);
    expect(Math.min(...sizes)).toBeLessThan(delta);
    expect(Math.max(...sizes)).toBeGreaterThan(delta);
    const { losses, gradients } = tf.tidy(() => {
      const tensors = values.map((all, i) => tf.tensor3d(all, [1, ...net.specs[i]!.shape]));
      const { output, traces } = forward(net, tensors, tf.tensor3d(inputs, [1, samples, 2]), {
        traces: true,
        batchStatistics: true,
        masks: null,
      });
      const found = networkLoss(net.loss, output, tf.tensor3d(targets, [1, samples, 2]), true);
      return {
        losses: found.losses.dataSync(),
        gradients: backward(net, tensors, traces, found.gradient!).map((gradient) => gradient.dataSync()),
      };
    });
    expect(losses[0]).toBeCloseTo(loss(values), 6);
    const h = 1e-6;
    gradients.forEach((gradient, i) => {
      gradient.forEach((got, w) => {
        const at = (change: number): number =>
          loss(values.map((all, j) => (j === i ? all.map((v, k) => (k === w ? v + change : v)) : all)));
        expect(Math.abs(got - (at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-5);
      });
    });
  });

  it("is refused for a softmax output, and takes the kernel of the other losses nowhere", () => {
    const chosen = { loss: { loss: "huber" as const, huberDelta: 1 }, outputActivation: "softmax" as const };
    const parameters = { hiddenLayers: [], activation: "tanh" as const, layerActivations: "", batchNormalization: false };
    expect(() => architectureOf(chosen, { inputWidth: 1, outputWidth: 2 }, parameters)).toThrow(/"huber" does not go with/);
    expect(net.loss).toEqual({ huberDelta: delta });
  });
});

describe("losses of probabilities", () => {
  it.each(["mse", "mae"] as const)("%s of a softmax has the value and gradient of its formula", (name) => {
    const chosen = { loss: name, outputActivation: "softmax" as const };
    const layers = { hiddenLayers: [], activation: "tanh" as const, layerActivations: "", batchNormalization: false };
    const { loss, softmax } = architectureOf(chosen, { inputWidth: 1, outputWidth: 3 }, layers);
    expect([loss, softmax]).toEqual([{ ofSoftmax: name }, true]);
    const z = draw(6, "logits");
    const targets = [0, 1, 0, 1, 0, 0];
    const cost = (all: readonly number[]): number => {
      const rows = [all.slice(0, 3), all.slice(3)].map((row) => {
        const powers = row.map(Math.exp);
        return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
      });
      const apart = rows.flat().map((p, i) => Math.abs(p - targets[i]!));
      return apart.reduce((sum, far) => sum + (name === "mse" ? far * far : far), 0) / 6;
    };
    const { value, gradient } = tf.tidy<{ value: number; gradient: number[] }>(() => {
      const got = networkLoss(loss, tf.tensor3d(z, [1, 2, 3]), tf.tensor3d(targets, [1, 2, 3]), true);
      return { value: got.losses.dataSync<"float32">()[0]!, gradient: [...got.gradient!.dataSync<"float32">()] };
    });
    expect(value).toBeCloseTo(cost(z), 6);
    const h = 1e-6;
    gradient.forEach((slope, i) => {
      const at = (change: number): number => cost(z.map((v, k) => (k === i ? v + change : v)));
      expect(Math.abs(slope - (at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-6);
    });
  });
});

describe("the proximal step", () => {
  it("shrinks weights and no biases by ηλ, to exactly 0, and leaves runs without it to the bit", () => {
    const parameters = { learningRate: 0.5, schedule: "step" as const, scheduleDecay: 0.5, schedulePeriod: 2, epochs: 9 };
    const strengths = [0.4, 0];
    const arrays = net.specs.map(({ shape: [rows, columns] }, i) => [...draw(rows * columns - 1, "shrunk", i), -0]);
    tf.tidy(() => {
      const tensors = arrays.map((all, i) => tf.tensor3d([...all, ...all], [2, ...net.specs[i]!.shape]));
      // In epoch 4 (from 0) the rate has been halved twice.
      const runs = strengths.map((proximalL1) => ({ parameters: { ...parameters, proximalL1 }, step: 4 }));
      const { shape, values } = shrinkage(runs)!;
      shrinkWeights(net, tensors, tf.tensor(values, [...shape])).forEach((tensor, i) => {
        const got = tensor.dataSync();
        const isWeight = net.specs[i]!.name.endsWith(".weight");
        const want = arrays[i]!.map((w) => (isWeight ? softThreshold(Math.fround(w), Math.fround(0.05)) : w));
        want.forEach((w, k) => {
          expect(got[k]).toBeCloseTo(w, 7);
          if (w === 0) expect(got[k] === 0).toBe(true);
        });
        expect([...got.slice(want.length)].every((w, k) => Object.is(w, Math.fround(arrays[i]![k]!)))).toBe(true);
      });
    });
  });
});

describe("runs with a chosen loss", () => {
  const definition = findExperiment("l1-l2-line");
  if (!definition) throw new Error("no experiment l1-l2-line");
  const train = async (changes: object, seeds = [3]) =>
    (
      await trainPack(
        definition,
        seeds.map((seed) => ({ seed, parameters: configurationOf(definition, { epochs: 40, plots: false, ...changes }) })),
      )
    ).map(({ result }) => Buffer.from(result!.artifacts[0]!.content));

  it("with a wide δ Huber's is half of the squares: twice the rate takes the same steps, in a pack as alone", async () => {
    expect(hasKernels()).toBe(true);
    const plain = { optimizer: "sgd", schedule: "constant", outliers: "none" };
    const [squares] = await train({ ...plain, loss: "mse", learningRate: 0.2 });
    const [alone] = await train({ ...plain, loss: "huber", huberDelta: 1e6, learningRate: 0.4 });
    const [, inPack] = await train({ ...plain, loss: "huber", huberDelta: 1e6, learningRate: 0.4 }, [9, 3]);
    const weight = (file: Buffer | undefined) => readSafetensors(file!).tensors["layers.0.weight"]!.values[0]!;
    expect(weight(alone)).toBeCloseTo(weight(squares), 4);
    expect(inPack!.equals(alone!)).toBe(true);
  });

  it("report as their final loss what it is of the saved line", async () => {
    const changes = { loss: "huber", huberDelta: 0.3, plots: false, epochs: 40 };
    const [recording] = await trainPack(definition, [{ seed: 3, parameters: configurationOf(definition, changes) }]);
    const { tensors } = readSafetensors(recording!.result!.artifacts[0]!.content);
    const [w, b] = ["weight", "bias"].map((name) => tensors[`layers.0.${name}`]!.values[0]!);
    const { problem } = definition;
    if (problem.kind !== "supervised") throw new Error("no samples");
    const { inputs, targets } = problem.data(configurationOf(definition, changes), noResources);
    const { value } = huberLoss(0.3);
    const each = Array.from(targets, (y, i) => value(w! * inputs[i]! + b! - y));
    expect(recording!.result!.metrics["loss"]).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / each.length, 5);
  });

  it("a proximal strength of 0 is none: the same bits with a neighbour that shrinks", async () => {
    const alone = await train({ proximalL1: 0 });
    const runs = [0.1, 0].map((proximalL1) => ({
      seed: 3,
      parameters: configurationOf(definition, { epochs: 40, plots: false, proximalL1 }),
    }));
    const [shrunk, beside] = (await trainPack(definition, runs)).map(({ result }) => Buffer.from(result!.artifacts[0]!.content));
    expect(beside!.equals(alone[0]!)).toBe(true);
    expect(shrunk!.equals(alone[0]!)).toBe(false);
  });
});
