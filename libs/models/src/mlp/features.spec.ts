import { MlpParameters, type MlpParameters as Parameters } from "@basin/contracts";
import { lossAndGradient, openBackend } from "@basin/engine";
import { randomStream, sum } from "@basin/numerics";
import { configurationOf, type TrainedNetwork } from "@basin/problems";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPack } from "../testing/recorded-pack";
import { logicGates, lossMinimization, smallNetwork } from "../testing/small-experiments";
import { foldSplit } from "../training/sample-order";
import { scheduleFactor } from "../training/schedule";
import { architectureOf, type Architecture } from "./architecture";
import { fillMask } from "./dropout";
import { globalNorm } from "../training/gradient-limit";
import { adjustGradients } from "./gradient-adjustment";
import { initialStatistics, initialValues } from "./initial-values";
import { inspectNetwork } from "./inspected-network";
import { backward, forward } from "./network";

beforeAll(async () => {
  await openBackend("wasm");
});

function architecture(changes: Partial<Parameters>): Architecture {
  const parameters = MlpParameters.parse({ hiddenLayers: [5, 4], ...changes });
  return architectureOf({ loss: "mse", outputActivation: "linear" }, { inputWidth: 3, outputWidth: 2 }, parameters);
}

function draw(count: number, purpose: string, index = 0): Float32Array {
  const values = new Float32Array(count);
  randomStream(12, purpose, index).fillNormal(values);
  return values;
}

/** Random arrays of a network; running variances are positive. */
function randomValues(net: Architecture): Float32Array[] {
  return net.specs.map(({ name, shape: [rows, columns] }, i) =>
    draw(rows * columns, "arrays", i).map((v) => (name.endsWith("runningVariance") ? 0.5 + v * v : v)),
  );
}

type Rows = number[][];
const rowsOf = (flat: ArrayLike<number>, width: number): Rows =>
  Array.from({ length: flat.length / width }, (_, i) => Array.from({ length: width }, (_, j) => flat[i * width + j] ?? NaN));

const samples = 7;
const activations: Record<string, (x: number) => number> = {
  swish: (x) => x / (1 + Math.exp(-x)),
  sine: Math.sin,
  cosine: Math.cos,
  linear: (x) => x,
  tanh: Math.tanh,
};

/** The network in double precision, with batch statistics, or with running averages when `running`. */
function reference(
  net: Architecture,
  values: readonly ArrayLike<number>[],
  x: Rows,
  masks: Rows[] | null,
  running: boolean,
): Rows {
  const layers = net.activations.length;
  return net.activations.reduce((input, activation, layer) => {
    const [weight, bias] = [values[2 * layer]!, values[2 * layer + 1]!];
    let z = input.map((row) =>
      Array.from(bias, (b, j) => row.reduce((total, v, i) => total + v * (weight[i * bias.length + j] ?? NaN), b)),
    );
    if (net.normalized && layer + 1 < layers) {
      const [scale, shift] = [values[2 * (layers + layer)]!, values[2 * (layers + layer) + 1]!];
      const statistics = Array.from(bias, (_, j) => {
        if (running) return [values[net.trained + 2 * layer]![j]!, values[net.trained + 2 * layer + 1]![j]!] as const;
        const column = z.map((row) => row[j]!);
        const mean = sum(column) / column.length;
        return [mean, sum(column.map((v) => (v - mean) ** 2)) / column.length] as const;
      });
      z = z.map((row) =>
        row.map((v, j) => (scale[j]! * (v - statistics[j]![0])) / Math.sqrt(statistics[j]![1] + 1e-5) + shift[j]!),
      );
    }
    return z.map((row, i) => row.map((v, j) => activations[activation]!(v) * (masks?.[layer]?.[i]?.[j] ?? 1)));
  }, x);
}

describe("gradients against central differences in double precision", () => {
  it.each([
    ["an activation per layer", { layerActivations: "swish,sine" }, false],
    ["batch normalization", { layerActivations: "swish,sine", batchNormalization: true }, false],
    ["dropout", { activation: "tanh" as const }, true],
    ["both", { activation: "tanh" as const, batchNormalization: true }, true],
  ])("%s", (_, changes, dropped) => {
    const net = architecture(changes);
    const values = randomValues(net);
    const [inputs, targets] = [draw(samples * 3, "inputs"), draw(samples * 2, "targets")];
    const factors = [5, 4].map((width, layer) => {
      const mask = new Float32Array(samples * width);
      fillMask(mask, 1, 0.3, layer, 0);
      return mask;
    });
    const got = tf.tidy(() => {
      const tensors = values.map((all, i) => tf.tensor3d(all, [1, ...net.specs[i]!.shape]));
      const masks = dropped ? factors.map((mask) => tf.tensor3d(mask, [1, samples, mask.length / samples])) : null;
      const x = tf.tensor3d(inputs, [1, samples, 3]);
      const { output, traces } = forward(net, tensors, x, { traces: true, batchStatistics: true, masks });
      const { gradient } = lossAndGradient("mse", output, tf.tensor3d(targets, [1, samples, 2]), true);
      return backward(net, tensors, traces, gradient!).map((tensor) => tensor.dataSync());
    });
    expect(got).toHaveLength(net.trained);
    const masks = dropped ? factors.map((mask) => rowsOf(mask, mask.length / samples)) : null;
    const loss = (all: readonly ArrayLike<number>[]): number => {
      const errors = reference(net, all, rowsOf(inputs, 3), masks, false)
        .flat()
        .map((v, i) => (v - targets[i]!) ** 2);
      return sum(errors) / errors.length;
    };
    const h = 1e-5;
    got.forEach((gradient, i) => {
      gradient.forEach((slope, w) => {
        const at = (change: number): number =>
          loss(values.map((all, j) => (j === i ? Array.from(all, (v, k) => (k === w ? v + change : v)) : all)));
        const want = (at(h) - at(-h)) / (2 * h);
        expect(Math.abs(slope - want)).toBeLessThan(3e-5 * Math.max(1, Math.abs(want)));
      });
    });
  });
});

describe("the trained network that problems question", () => {
  const net = architecture({ layerActivations: "swish,tanh", batchNormalization: true });
  const values = randomValues(net);
  const trained: TrainedNetwork = inspectNetwork(net, {
    seed: 1,
    parameters: { dropout: 0.25, inputDropout: 0.4, l1: 0, l2: 0, clipNorm: 0.125, clipValue: 0 },
    kept: values,
    initial: values,
    snapshots: [],
    lossHistory: [],
  });
  const inputs = draw(12, "points");

  it("predicts with the running averages, as the reference does, and shows every layer", async () => {
    const want = reference(net, values, rowsOf(inputs, 3), null, true).flat();
    const got = await trained.predict(inputs);
    got.forEach((v, i) => expect(Math.abs(v - want[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(want[i]!))));
    const layers = await trained.layerOutputs(trained.weights, inputs);
    expect(layers.map(({ length }) => length)).toEqual([20, 16, 8]);
    expect(layers[2]).toEqual(got);
    expect(await trained.predictWith(trained.initialWeights, inputs)).toEqual(got);
    expect(await trained.predictWithEach([trained.weights, trained.initialWeights], inputs)).toEqual([got, got]);
    await expect(trained.predictWith({}, inputs)).rejects.toThrow('The network needs 15 values of "layers.0.weight".');
  });

  it("differentiates its outputs by the inputs exactly, to the third order", async () => {
    const direction = [0.6, -0.8, 0.5];
    const got = await trained.derivatives(inputs, direction, 3);
    expect(got).toHaveLength(3);
    const along = (s: number): number[] =>
      reference(
        net,
        values,
        rowsOf(inputs, 3).map((row) => row.map((v, j) => v + s * direction[j]!)),
        null,
        true,
      ).flat();
    const h = 2e-3;
    const [m2, m1, at, p1, p2] = [-2 * h, -h, 0, h, 2 * h].map(along) as [number[], number[], number[], number[], number[]];
    at.forEach((_, i) => {
      const [a, b, c, d, e] = [m2[i]!, m1[i]!, at[i]!, p1[i]!, p2[i]!];
      const wants = [
        (a - 8 * b + 8 * d - e) / (12 * h),
        (-a + 16 * b - 30 * c + 16 * d - e) / (12 * h * h),
        (-a + 2 * b - 2 * d + e) / (2 * h ** 3),
      ];
      const tolerances = [1e-4, 1e-4, 3e-3];
      wants.forEach((want, k) => expect(Math.abs(got[k]![i]! - want)).toBeLessThan(tolerances[k]! * Math.max(1, Math.abs(want))));
    });
  });

  it("gives the gradients that training uses, by name", async () => {
    const gradients = await trained.gradients(trained.weights, inputs, draw(8, "targets"));
    expect(Object.keys(gradients)).toEqual(net.specs.slice(0, net.trained).map(({ name }) => name));
    expect(gradients["layers.1.weight"]?.shape).toEqual([5, 4]);
    const limited = await trained.limitedGradients(trained.weights, inputs, draw(8, "targets"));
    const norm = (all: typeof gradients): number =>
      Math.sqrt(sum(Object.values(all).flatMap(({ values: own }) => Array.from(own, (v) => v * v))));
    expect(norm(gradients)).toBeGreaterThan(0.2);
    expect(norm(limited)).toBeLessThanOrEqual(0.125);
    expect(norm(limited)).toBeGreaterThan(0.1249);
  });

  it("shows what batch normalization and dropout do in training", async () => {
    const standard = await trained.normalizedOutputs(trained.weights, inputs);
    expect(standard.map(({ length }) => length)).toEqual([20, 16]);
    const column = Array.from({ length: 4 }, (_, i) => standard[0]![5 * i + 2]!);
    expect(sum(column) / 4).toBeCloseTo(0, 6);
    expect(sum(column.map((v) => v * v)) / 4).toBeCloseTo(1, 2);
    expect(trained.dropoutFactors(3, 1, 6)).toHaveLength(2);
    const masks = trained.dropoutFactors(3, 1, 6);
    const want = new Float32Array(24);
    fillMask(want, 1, 0.25, 1, 3 * 2 ** 20 + 1);
    expect(masks.map(({ length }) => length)).toEqual([30, 24]);
    expect(masks[1]).toEqual(want);
  });
});

describe("penalties and limits", () => {
  const net = architecture({});
  const values = randomValues(net);
  const adjust = (row: { l1?: number; l2?: number; clipNorm?: number; clipValue?: number }, factor = 1): Float32Array[] =>
    tf.tidy(() => {
      const tensors = values.map((all, i) => tf.tensor3d(all, [1, ...net.specs[i]!.shape]));
      const gradients = tensors.map((tensor) => tf.mul<tf.Tensor3D>(tf.sin(tensor), factor));
      return adjustGradients(net, tensors, gradients, [{ l1: 0, l2: 0, clipNorm: 0, clipValue: 0, ...row }]).map((one) =>
        one.dataSync<"float32">(),
      );
    });
  const norm = (all: Float32Array[]): number => Math.sqrt(sum(all.flatMap((one) => Array.from(one, (v) => v * v))));

  it("adds the penalties' gradients to weights and not to biases", () => {
    const [plain, penalized] = [adjust({}), adjust({ l1: 0.3, l2: 0.7 })];
    penalized.forEach((gradient, i) => {
      gradient.forEach((got, w) => {
        const weight = values[i]![w]!;
        const want = plain[i]![w]! + (i % 2 === 0 ? 0.7 * weight + 0.3 * Math.sign(weight) : 0);
        expect(got).toBeCloseTo(want, 5);
      });
    });
  });

  it("cuts components, and scales the whole to the norm, which is never exceeded however large it was", () => {
    expect(
      Math.max(
        ...adjust({ clipValue: 0.25 })
          .flatMap((one) => [...one])
          .map(Math.abs),
      ),
    ).toBe(0.25);
    for (const factor of [1, 1e3, 1e25, 1e30]) {
      const clipped = norm(adjust({ clipNorm: 0.5 }, factor));
      expect(clipped).toBeLessThanOrEqual(0.5);
      expect(clipped).toBeGreaterThan(0.49999);
    }
    const whole = adjust({});
    expect(adjust({ clipNorm: 1.01 * norm(whole) })).toEqual(whole);
    expect(
      adjust({ clipNorm: 1 }, 0)
        .flatMap((one) => [...one])
        .every((v) => v === 0),
    ).toBe(true);
    const measured = tf.tidy(() => globalNorm(whole.map((one) => tf.tensor3d(one, [1, 1, one.length]))).dataSync()[0]);
    expect(measured).toBeCloseTo(norm(whole), 5);
  });
});

it("schedules follow their formulas", () => {
  const rate = (schedule: Parameters["schedule"], epoch: number): number =>
    scheduleFactor({ schedule, scheduleDecay: 0.25, schedulePeriod: 10, epochs: 101 }, epoch);
  expect([0, 9, 10, 25].map((epoch) => rate("step", epoch))).toEqual([1, 1, 0.25, 0.0625]);
  expect(rate("exponential", 5)).toBeCloseTo(0.5, 14);
  expect([0, 50, 100].map((epoch) => rate("cosine", epoch))).toEqual([1, 0.625, 0.25]);
  expect(rate("constant", 77)).toBe(1);
});

it("dropout keeps the share it should, and scales it up", () => {
  const mask = new Float32Array(20_000);
  fillMask(mask, 3, 0.5, 0, 17);
  expect([...new Set(mask)].sort()).toEqual([0, 2]);
  expect(mask.filter((v) => v > 0).length / mask.length).toBeCloseTo(0.5, 1.7);
});

describe("cross-validation", () => {
  it("cuts the samples into folds that cover everything once", () => {
    const splits = [0, 1, 2].map((index) => foldSplit(5, 20, { index, folds: 3 }));
    expect(splits.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    for (const { training, validation } of splits) expect(new Set([...training, ...validation]).size).toBe(20);
    expect(() => foldSplit(1, 2, { index: 0, folds: 3 })).toThrow("cannot be cut into 3 folds");
  });

  it("leaves the run's own network as it is, and gives mean and spread of the score", async () => {
    const parameters = (folds: number) => smallNetwork({ folds, validationFraction: 0, epochs: 3 });
    const [plain] = await trainPack(lossMinimization, [{ seed: 1, parameters: parameters(0) }]);
    const [judged] = await trainPack(lossMinimization, [{ seed: 1, parameters: parameters(3) }]);
    const { crossValidationScore, crossValidationStd, ...own } = judged!.result!.metrics;
    expect(own).toEqual(plain!.result!.metrics);
    expect(judged!.series).toEqual(plain!.series);
    expect(judged!.result!.artifacts).toEqual(plain!.result!.artifacts);
    expect(crossValidationScore).toBeGreaterThan(0.01);
    expect(crossValidationStd).toBeGreaterThan(0);
  });

  it("ends a run as diverged when one of its networks diverges", async () => {
    const wild = smallNetwork({
      folds: 2,
      validationFraction: 0,
      optimizer: "sgd",
      activation: "relu",
      learningRate: 1e6,
      epochs: 9,
    });
    const [recording] = await trainPack(lossMinimization, [{ seed: 9, parameters: wild }]);
    expect(recording?.result?.outcome).toBe("diverged");
  });
});

it("problems can give initial weights; a wrong name or size is refused", () => {
  const net = architecture({});
  const run = { seed: 1, parameters: configurationOf(logicGates, {}) };
  const from = (given: Record<string, number[]>) =>
    initialValues(net, { initialWeights: () => given }, { initialization: "normal", initializationGain: 1 }, run);
  expect(from({ "layers.2.bias": [0.25, -1] })[5]).toEqual(Float32Array.of(0.25, -1));
  expect(() => from({ "layers.2.bias": [1] })).toThrow('gives 1 initial values for "layers.2.bias", where the network has 2');
});

it("statistics of the start are over the weight matrices only", () => {
  const array = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
  const weights = {
    "layers.0.weight": array(3, -1),
    "layers.0.bias": array(100),
    "layers.1.weight": array(1, 1),
    "layers.0.scale": array(7),
  };
  expect(initialStatistics(weights)).toEqual({ initialWeightMean: 1, initialWeightRms: Math.sqrt(3) });
});
