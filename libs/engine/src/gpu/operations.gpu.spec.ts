import { activationNames, optimizerNames } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { activationDerivatives } from "../ops/activation-derivatives";
import { denseBackward, denseForward } from "../ops/dense";
import { gatherRows } from "../ops/gather";
import { fusedLosses, lossAndGradient } from "../ops/loss";
import { hyperWidth, optimizerStep, writeHyper } from "../ops/optimizer";
import { sumPerRun, sumRows } from "../ops/reduce";
import type { StepInput } from "../step";
import { drawn, outputsOnBoth, whyNoGpu } from "./testing/compare-steps";

const missing = await whyNoGpu();
const runs = 3;
const three = (tensor: tf.Tensor | undefined): tf.Tensor3D => tensor as tf.Tensor3D;
const tensors = (...all: (tf.Tensor | null)[]): tf.Tensor[] => all.filter((one) => one !== null);

/** 0 or 1, a class of its own for every fifth. */
function classes(): StepInput {
  const { shape, values } = drawn([runs, 13, 5], "classes");
  return { shape, values: Float32Array.from(values, (_, i) => Number(i % 5 === Math.floor(i / 5) % 5)) };
}

function optimizerRows(): StepInput {
  const values = new Float32Array(runs * hyperWidth);
  for (let run = 0; run < runs; run++)
    writeHyper(values, run, { rate: 0.01 * (run + 1), epsilon: 1e-8, decay1: 0.9, decay2: 0.999, correction2: 3 });
  return { shape: [runs, hyperWidth], values };
}

const slot = (name: string): StepInput => {
  const { shape, values } = drawn([runs, 5, 7], name);
  return { shape, values: Float32Array.from(values, Math.abs) };
};

type Case = [name: string, inputs: StepInput[], operations: (inputs: readonly tf.Tensor[]) => tf.Tensor[]];

const cases: Case[] = [
  ...activationNames.flatMap((name): Case[] => [
    // Beyond some 13 the tails of gelu-tanh are subnormal numbers, which a GPU may take for 0.
    [`derivatives of ${name}`, [drawn([runs, 5, 41], "x", 2)], ([x]) => activationDerivatives(three(x), name, 3)],
    [
      `dense layer, ${name}`,
      [drawn([runs, 5, 7], "x"), drawn([runs, 7, 9], "w"), drawn([runs, 1, 9], "b")],
      ([x, w, b]) => {
        const { output, slope } = denseForward(name, three(x), three(w), three(b), true);
        const back = denseBackward(output, slope, three(x), three(w), true);
        return tensors(output, slope, back.weight, back.bias, back.input);
      },
    ],
  ]),
  ...fusedLosses.map((loss): Case => [
    `loss ${loss}`,
    [drawn([runs, 13, 5], "z"), classes()],
    ([z, t]) => {
      const { losses, gradient } = lossAndGradient(loss, three(z), three(t), true);
      return tensors(losses, gradient);
    },
  ]),
  ...optimizerNames.map((name): Case => [
    `optimizer ${name}`,
    [drawn([runs, 5, 7], "w"), drawn([runs, 5, 7], "g"), slot("a"), slot("b"), optimizerRows()],
    ([w, g, a, b, table]) => {
      const next = optimizerStep(name, [three(w)], [three(g)], [[three(a)], [three(b)]], table as tf.Tensor2D);
      return [...next.weights, ...next.slots.flat()];
    },
  ]),
  [
    "elementwise, spread over rows, columns and runs",
    [drawn([runs, 5, 7], "x"), drawn([runs, 1, 7], "b"), drawn([runs, 1, 1], "c"), drawn([runs, 5, 1], "d")],
    ([x, b, c, d]) => {
      const all = three(x);
      return [
        tf.sub(all, three(b)),
        tf.mul(all, three(c)),
        tf.div(all, three(d)),
        tf.sub(1, all),
        tf.sqrt(tf.abs(all)),
        tf.where(tf.greater(all, 0), all, tf.zerosLike(all)),
        tf.maximum(all, tf.neg(three(b))),
        tf.minimum(all, three(c)),
        tf.sign(all),
        tf.relu(all),
        tf.square(all),
        tf.mul(all, tf.tensor1d([1, 2, 3, 4, 5, 6, 7])),
        tf.mul(all, tf.tensor3d([1, 2, 3], [runs, 1, 1])),
      ];
    },
  ],
  [
    "parts of tensors and products",
    [drawn([runs, 5, 7], "x"), drawn([runs, 5, 3], "b")],
    ([x, b]) => [
      tf.concat([three(x), three(b)], 2),
      tf.concat([three(x), three(x)], 1),
      tf.slice(three(x), [0, 1, 2], [runs, 3, 4]),
      tf.tile(tf.slice(three(x), [0, 0, 0], [runs, 1, 7]), [1, 4, 1]),
      tf.tile(tf.tensor3d([1, 2, 3, 4], [1, 2, 2]), [runs, 1, 1]),
      tf.max(three(x), 2, true),
      tf.fill([runs, 2, 2], 0.1),
      tf.matMul(three(x), three(b), true, false),
      tf.matMul(three(x), three(x), false, true),
      tf.matMul(three(x), tf.ones<tf.Rank.R3>([1, 7, 2])),
    ],
  ],
  [
    "sums",
    [drawn([runs, 50, 7], "x")],
    ([x]) => [sumPerRun(three(x)), sumRows(three(x)), tf.sum(three(x), 2, true), tf.mean(three(x), [1, 2])],
  ],
  [
    "rows of a data set",
    [{ shape: [runs, 4], values: Int32Array.from([3, 1, 2, 0, 0, 0, 1, 1, 2, 3, 3, 2]) }],
    ([order]) => [gatherRows(tf.tensor2d([...Array(12).keys()], [4, 3]), order as tf.Tensor2D, 1, 3)],
  ],
];

describe.skipIf(missing !== null)(`operations of a GPU${missing === null ? "" : `: ${missing}`}`, () => {
  beforeAll(() => openBackend("wasm"));

  it.each(cases)("%s", async (_, inputs, operations) => {
    const { wasm, gpu, refused } = await outputsOnBoth(inputs, operations);
    expect(refused).toEqual([]);
    expect(gpu).toEqual(wasm);
  });
});
