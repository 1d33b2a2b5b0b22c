import * as tf from "@tensorflow/tfjs-core";
import { util } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { outputAt, runKernel } from "./native-kernel";

/**
 * Spends at least `operations` floating-point operations on the wasm backend at the peak rate of its instruction set (independent
 * products and sums, four or eight wide, nothing else) and returns how many it did, so that a measurement can divide by the time. Blocks.
 */
export function runAtPeak(operations: number): number {
  const operationsPerLoop = hasWideVectors() ? 192 : 96;
  const loops = Math.ceil(operations / operationsPerLoop);
  tf.tidy(() => runKernel("BasinPeakRate", { x: tf.tensor1d([0.999, 0.001, 0, 0]) }, { loops }));
  return loops * operationsPerLoop;
}

/** A copy of x by the plainest kernel of the wasm backend: the limit that elementwise kernels are held against. The caller owns it. */
export function copyPlainly<R extends tf.Rank>(x: tf.Tensor<R>): tf.Tensor<R> {
  return outputAt<R>(runKernel("BasinCopyFloats", { x }, {}), 0);
}

/** Whether products on the wasm backend take tiles for vectors of 256 bits, which was measured when it opened. */
export function hasWideVectors(): boolean {
  return tiles({});
}

/** Makes them take such tiles or not, for tests: the bits are the same. Returns what they took before. */
export function useWideTiles(wide: boolean): boolean {
  const before = hasWideVectors();
  tiles({ wide });
  return before;
}

function tiles(attributes: { wide?: boolean }): boolean {
  return tf.tidy(() => outputAt(runKernel("BasinProductTiles", {}, attributes), 0).dataSync()[0] === 1);
}

/** Input x [4] holding a and b of x ← x·a + b; attribute `loops`; output [4], the sum of what came out. For measurements only. */
export const peakRateKernel: RegisteredKernel = {
  name: "BasinPeakRate",
  run(kernels, inputs, attributes) {
    const out = kernels.output([4]);
    kernels.call.copyFloats(kernels.at(input(inputs, "x")), kernels.at(out), 4);
    kernels.call.peakRate(numberAttribute(attributes, "loops"), kernels.at(out));
    return out;
  },
};

/**
 * Output [1]: 1 if products take tiles for vectors of 256 bits, else 0. With the attribute `wide` they do, or do not, from now on. For
 * measurements and tests only.
 */
export const productTilesKernel: RegisteredKernel = {
  name: "BasinProductTiles",
  run(kernels, _inputs, attributes) {
    if ("wide" in attributes) kernels.useTiles(attributes["wide"] === true);
    const out = kernels.output([1], "int32");
    kernels.writeIntegers(kernels.at(out), [kernels.wide ? 1 : 0]);
    return out;
  },
};

/** Input x of any shape; output a copy. For measurements only. */
export const copyFloatsKernel: RegisteredKernel = {
  name: "BasinCopyFloats",
  run(kernels, inputs) {
    const x = input(inputs, "x");
    const out = kernels.output(x.shape);
    kernels.call.copyFloats(kernels.at(x), kernels.at(out), util.sizeFromShape(x.shape));
    return out;
  },
};
