import { optimizerSlots, optimizerNames, type ActivationName, type OptimizerName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../backend/open-backend";
import { denseBackward, denseForward } from "./dense";
import { trainDenseEpoch } from "./dense-epoch";
import { gatherRows } from "./gather";
import { fusedLosses, lossAndGradient, type FusedLoss } from "./loss";
import { hyperWidth, optimizerStep, writeHyper } from "./optimizer";

beforeAll(() => openBackend("wasm"));

const [runs, samples, batchSize] = [3, 23, 10];
const widths = [2, 21, 8, 13, 3];
const activations: ActivationName[] = ["tanh", "linear", "softplus", "linear"];
const starts = [0, 10, 20];

/** Values in [−1, 1) that differ from place to place. */
function scattered(shape: number[], salt: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => (((i + salt) * 7919) % 2003) / 1001.5 - 1),
    shape,
  );
}

const as2 = (tensor: tf.Tensor): tf.Tensor2D => tf.reshape<tf.Rank.R2>(tensor, [samples, -1]);
const as3 = (tensor: tf.Tensor): tf.Tensor3D => tf.reshape<tf.Rank.R3>(tensor, [runs, tensor.shape[1]!, -1]);

function fresh(optimizer: OptimizerName): { parameters: tf.Tensor3D[]; slots: tf.Tensor3D[][] } {
  const parameters = widths
    .slice(1)
    .flatMap((n, layer) => [as3(scattered([runs, widths[layer] ?? 0, n], layer)), as3(scattered([runs, 1, n], 100 + layer))]);
  return {
    parameters,
    slots: Array.from({ length: optimizerSlots[optimizer] }, () => parameters.map((array) => tf.zerosLike(array))),
  };
}

function hyperOf(step: number): Float32Array {
  const table = new Float32Array(runs * hyperWidth);
  for (let run = 0; run < runs; run++) {
    const rate = 0.01 * (run + 1) + 0.001 * step;
    writeHyper(table, run, { rate, epsilon: 1e-7, decay1: 0.9, decay2: 0.99, correction2: 1 / (1 - 0.99 ** (step + 1)) });
  }
  return table;
}

const data = () => ({ inputs: as2(scattered([samples, 2], 7)), targets: as2(tf.abs(scattered([samples, 3], 11))) });
const orders = () =>
  tf.tensor2d(
    Int32Array.from({ length: runs * samples }, (_, i) => ((i % samples) * (3 + Math.floor(i / samples))) % samples),
    [runs, samples],
    "int32",
  );

/** The same epoch by one kernel for each operation. */
function stepByStep(optimizer: OptimizerName, loss: FusedLoss): tf.Tensor[] {
  let { parameters, slots } = fresh(optimizer);
  const losses = starts.map((start, step) => {
    const count = Math.min(batchSize, samples - start);
    const traces: { input: tf.Tensor3D; slope: tf.Tensor3D | null }[] = [];
    let value = gatherRows(data().inputs, orders(), start, count);
    activations.forEach((activation, layer) => {
      const { output, slope } = denseForward(activation, value, parameters[2 * layer]!, parameters[2 * layer + 1]!, true);
      traces.push({ input: value, slope });
      value = output;
    });
    const judged = lossAndGradient(loss, value, gatherRows(data().targets, orders(), start, count), true);
    let gradient: tf.Tensor3D | null = judged.gradient;
    const gradients: tf.Tensor3D[] = [];
    for (let layer = activations.length - 1; layer >= 0; layer--) {
      const { input, slope } = traces[layer]!;
      const back = denseBackward(gradient!, slope, input, parameters[2 * layer]!, layer > 0);
      gradients.unshift(back.weight, back.bias);
      gradient = back.input;
    }
    const table = tf.tensor2d(hyperOf(step), [runs, hyperWidth]);
    ({ weights: parameters, slots } = optimizerStep(optimizer, parameters, gradients, slots, table));
    return judged.losses;
  });
  return [tf.stack(losses), ...parameters, ...slots.flat()];
}

describe("an epoch of dense layers as one kernel", () => {
  const cases = optimizerNames.flatMap((optimizer) => fusedLosses.map((loss) => ({ optimizer, loss })));
  it.each(cases)("has the bits of its operations one by one: $optimizer, $loss", ({ optimizer, loss }) => {
    tf.tidy(() => {
      const want = stepByStep(optimizer, loss);
      const before = fresh(optimizer);
      const hyper = tf.tensor2d(
        [...starts.keys()].flatMap((step) => [...hyperOf(step)]),
        [starts.length * runs, hyperWidth],
      );
      const got = trainDenseEpoch({ activations, loss, optimizer, batchSize }, before, data(), orders(), hyper);
      const all = [got.losses, ...got.parameters, ...got.slots.flat()];
      expect(all.map(({ shape }) => shape)).toEqual(want.map(({ shape }) => shape));
      all.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(want[i]!.dataSync()));
      const untouched = fresh(optimizer).parameters[0]!;
      expect(before.parameters[0]!.dataSync()).toEqual(untouched.dataSync());
      expect(got.parameters[0]!.dataSync()).not.toEqual(untouched.dataSync());
    });
  });
});
