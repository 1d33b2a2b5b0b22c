import { optimizerSlots, activationNames, optimizerNames } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { convBackward, convForward } from "../ops/conv";
import { transposedConvBackward, transposedConvForward } from "../ops/transposed-conv";
import { denseBackward, denseForward } from "../ops/dense";
import { gatherRows, selectRuns } from "../ops/gather";
import { fusedLosses, lossAndGradient } from "../ops/loss";
import { hyperWidth, optimizerStep, writeHyper } from "../ops/optimizer";
import { maxPoolBackward, maxPoolForward } from "../ops/pool";
import { slidingBy } from "../ops/sliding";
import { useSoftwareGpu } from "../gpu/open-gpu";
import { chooseBackend } from "./find-backends";
import { openBackend } from "./open-backend";

/**
 * The engine's operations on native TensorFlow against the same on wasm: BASIN_TEST_BACKEND=tensorflow runs them there and fails where it is missing.
 * (Those of webgpu stand in ../gpu.) Tolerance: |a − b| ≤ 2e-5 · max(1, |b|).
 */
const tolerance = 2e-5;

const asked = process.env["BASIN_TEST_BACKEND"] === "tensorflow";
if (asked) {
  await chooseBackend("tensorflow");
  vi.setConfig({ testTimeout: 300_000 });
}

type Case = [name: string, compute: (random: (...shape: number[]) => tf.Tensor) => tf.Tensor[]];

const images = (random: (...shape: number[]) => tf.Tensor, channels: number): tf.Tensor5D =>
  tf.reshape<tf.Rank.R5>(random(2, 3, 6, 5, channels), [2, 3, 6, 5, channels]);
const cube = (tensor: tf.Tensor): tf.Tensor3D => tf.reshape<tf.Rank.R3>(tensor, tensor.shape as [number, number, number]);
const five = (tensor: tf.Tensor): tf.Tensor5D =>
  tf.reshape<tf.Rank.R5>(tensor, tensor.shape as [number, number, number, number, number]);
const present = (...tensors: (tf.Tensor | null)[]): tf.Tensor[] => tensors.filter((tensor) => tensor !== null);

const smoke: Case[] = [
  [
    "dense layer, forward",
    (random) => {
      const { output, slope } = denseForward("tanh", cube(random(3, 9, 5)), cube(random(3, 5, 7)), cube(random(3, 1, 7)), true);
      return present(output, slope);
    },
  ],
  [
    "dense layer, backward",
    (random) => {
      const { weight, bias, input } = denseBackward(
        cube(random(3, 9, 7)),
        cube(random(3, 9, 7)),
        cube(random(3, 9, 5)),
        cube(random(3, 5, 7)),
        true,
      );
      return present(weight, bias, input);
    },
  ],
  ["optimizer adam", (random) => optimizer("adam", random)],
];

const everything: Case[] = [
  ...smoke,
  ...activationNames.map((name): Case => [
    `activation ${name}`,
    (random) => {
      const { output, slope } = denseForward(name, cube(random(2, 40, 3)), cube(random(2, 3, 8)), cube(random(2, 1, 8)), true);
      return present(output, slope);
    },
  ]),
  ...fusedLosses.map((loss): Case => [
    `loss ${loss}`,
    (random) => {
      const { losses, gradient } = lossAndGradient(loss, cube(random(3, 7, 4)), cube(tf.sigmoid(random(3, 7, 4))), true);
      return present(losses, gradient);
    },
  ]),
  ...optimizerNames.map((name): Case => [`optimizer ${name}`, (random) => optimizer(name, random)]),
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB): Case => [
      `product${transposeA ? ", left transposed" : ""}${transposeB ? ", right transposed" : ""}`,
      (random) => [
        tf.matMul(
          transposeA ? random(3, 33, 20) : random(3, 20, 33),
          transposeB ? random(3, 17, 33) : random(3, 33, 17),
          transposeA,
          transposeB,
        ),
      ],
    ]),
  ),
  [
    "gather of rows and of runs",
    (random) => {
      const order = tf.tensor2d([3, 1, 4, 1, 5, 9, 2, 6], [2, 4], "int32");
      const rows = gatherRows(tf.reshape<tf.Rank.R2>(random(10, 2), [10, 2]), order, 1, 2);
      return [rows, selectRuns(rows, [1])];
    },
  ],
  [
    "convolution",
    (random) => {
      const [x, filter, bias] = [images(random, 2), five(random(2, 3, 3, 2, 4)), cube(random(2, 1, 4))];
      const { output, slope } = convForward("tanh", x, filter, bias, slidingBy(1, 1), true);
      const gradients = convBackward(output, slope, x, filter, slidingBy(1, 1), true);
      return present(output, slope, gradients.filter, gradients.bias, gradients.input);
    },
  ],
  [
    "transposed convolution",
    (random) => {
      const [x, filter, bias] = [images(random, 2), five(random(2, 4, 4, 3, 2)), cube(random(2, 1, 3))];
      const { output, slope } = transposedConvForward("relu", x, filter, bias, slidingBy(2, 1), true);
      const gradients = transposedConvBackward(output, slope, x, filter, slidingBy(2, 1), true);
      return present(output, slope, gradients.filter, gradients.bias, gradients.input);
    },
  ],
  [
    "maximum pooling",
    (random) => {
      const x = images(random, 2);
      const window = { size: [2, 2] as const, ...slidingBy(2, 0) };
      const { output, place } = maxPoolForward(x, window);
      return [output, maxPoolBackward(output, place, x.shape, window)];
    },
  ],
];

function optimizer(name: (typeof optimizerNames)[number], random: (...shape: number[]) => tf.Tensor): tf.Tensor[] {
  const table = new Float32Array(2 * hyperWidth);
  writeHyper(table, 0, { rate: 0.1, epsilon: 1e-8, decay1: 0.9, decay2: 0.99, correction2: 1.5 });
  writeHyper(table, 1, { rate: 0.01, epsilon: 1e-3, decay1: 0.5, decay2: 0.999, correction2: 2 });
  const slots = Array.from({ length: optimizerSlots[name] }, () => [cube(tf.abs(random(2, 3, 5)))]);
  const [weights, gradients] = [[cube(random(2, 3, 5))], [cube(random(2, 3, 5))]];
  const next = optimizerStep(name, weights, gradients, slots, tf.tensor2d(table, [2, hyperWidth]));
  return [...next.weights, ...next.slots.flat()];
}

/** What the operation gives on the current backend, every tensor freed. */
async function valuesOf(compute: Case[1]): Promise<Float32Array[]> {
  let streams = 0;
  const outputs = tf.tidy(() =>
    compute((...shape) => {
      const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
      randomStream(7, "backends.spec", streams++).fillNormal(values);
      return tf.tensor(values, shape);
    }),
  );
  const values = await Promise.all(outputs.map((tensor) => tensor.data<"float32">()));
  tf.dispose(outputs);
  return values;
}

describe.skipIf(!asked)("operations on native TensorFlow: not asked for (BASIN_TEST_BACKEND=tensorflow)", () => {
  it.each(everything)("%s", async (_, compute) => {
    await openBackend("wasm");
    const want = await valuesOf(compute);
    await openBackend("tensorflow");
    const before = tf.memory().numTensors;
    const got = await valuesOf(compute);
    expect(tf.memory().numTensors).toBe(before);
    expect(got.map(({ length }) => length)).toEqual(want.map(({ length }) => length));
    want.forEach((values, t) => {
      const worst = values.reduce(
        (most, b, i) => Math.max(most, Math.abs((got[t]?.[i] ?? NaN) - b) / Math.max(1, Math.abs(b))),
        0,
      );
      expect(worst, `output ${t}`).toBeLessThanOrEqual(tolerance);
    });
  });
});

it("a machine with a software adapter keeps to wasm unless told", async () => {
  useSoftwareGpu();
  const { backend, reason } = await chooseBackend("auto");
  const software = await chooseBackend("webgpu").then(
    ({ device }) => device.startsWith("software"),
    () => false,
  );
  if (software && backend === "wasm") expect(reason).toContain("webgpu: its only adapter is software");
  else expect(["tensorflow", "webgpu", "wasm"]).toContain(backend);
});
