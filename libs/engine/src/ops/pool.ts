import * as tf from "@tensorflow/tfjs-core";
import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { axes5, windowNumbers, type WindowNumbers } from "../kernels/window-sizes";
import { hasKernels, outputAt, runKernel } from "./native-kernel";
import { addViews, type Sliding, slidOutput, windowAttributes, windowViews } from "./sliding";

/** A pooling window: its size, and how it slides. The padding must be smaller than the window on every side. */
export interface PoolWindow extends Sliding {
  readonly size: readonly [rows: number, columns: number];
}

/** Below every finite float32 but one; stands outside the image, so that a window's maximum lies within. */
const outsideMaximum = -3.4028234663852886e38;

/**
 * The largest value under each window, per channel: x [runs, batch, rows, columns, channels] → [runs, batch, p, q, channels] with p
 * and q from `slidOutput`. `place` int32, of the same shape, is where in the window it lies (rows first; the first of equals),
 * which `maxPoolBackward` needs. A NaN under the window is its maximum. The caller owns the outputs.
 */
export function maxPoolForward(x: tf.Tensor5D, window: PoolWindow): { output: tf.Tensor5D; place: tf.Tensor5D } {
  const shape = pooledShape(x, window);
  if (hasKernels()) {
    const outputs = runKernel("BasinMaxPoolForward", { x }, poolAttributes(window, shape));
    return { output: outputAt<tf.Rank.R5>(outputs, 0), place: outputAt<tf.Rank.R5>(outputs, 1) };
  }
  const outputs = tf.tidy(() => {
    const [first, ...others] = windowViews(imagesOf(x), window.size, window, outsideMaximum);
    if (!first) throw new RangeError("A window without places.");
    let best = first;
    let place: tf.Tensor4D = tf.zerosLike(tf.cast(first, "int32"));
    others.forEach((view, i) => {
      const better = tf.logicalOr(tf.greater(view, best), tf.logicalAnd(tf.isNaN(view), tf.logicalNot(tf.isNaN(best))));
      place = tf.where<tf.Tensor4D>(better, tf.fill(best.shape, i + 1, "int32"), place);
      best = tf.where<tf.Tensor4D>(better, view, best);
    });
    return [tf.reshape<tf.Rank.R5>(best, shape), tf.reshape<tf.Rank.R5>(place, shape)];
  });
  return { output: outputAt<tf.Rank.R5>(outputs, 0), place: outputAt<tf.Rank.R5>(outputs, 1) };
}

/** ∂loss/∂x of `maxPoolForward` from dOutput and the places that it gave; `shape` is that of x. The caller owns the output. */
export function maxPoolBackward(
  dOutput: tf.Tensor5D,
  place: tf.Tensor5D,
  shape: readonly [number, number, number, number, number],
  window: PoolWindow,
): tf.Tensor5D {
  if (hasKernels()) {
    const attributes = { ...poolAttributes(window, dOutput.shape), rows: shape[2], columns: shape[3] };
    return outputAt<tf.Rank.R5>(runKernel("BasinMaxPoolBackward", { dOutput, place }, attributes), 0);
  }
  return tf.tidy(() => {
    const [gradient, places] = [imagesOf(dOutput), imagesOf(place)];
    const views = Array.from({ length: window.size[0] * window.size[1] }, (_, i) =>
      tf.mul<tf.Tensor4D>(gradient, tf.cast(tf.equal(places, tf.scalar(i, "int32")), "float32")),
    );
    return tf.reshape<tf.Rank.R5>(addViews(views, [shape[2], shape[3]], window.size, window), [...shape]);
  });
}

/**
 * The mean under each window, per channel: x [runs, batch, rows, columns, channels] → [runs, batch, p, q, channels] with p and q from
 * `slidOutput`. Padding counts as zeros: the divisor is always the window's size. The caller owns the output.
 */
export function averagePoolForward(x: tf.Tensor5D, window: PoolWindow): tf.Tensor5D {
  const shape = pooledShape(x, window);
  if (hasKernels()) return outputAt<tf.Rank.R5>(runKernel("BasinAveragePoolForward", { x }, poolAttributes(window, shape)), 0);
  return tf.tidy(() => {
    const sum = windowViews(imagesOf(x), window.size, window, 0).reduce((a, b) => tf.add(a, b));
    return tf.reshape<tf.Rank.R5>(tf.mul(sum, 1 / (window.size[0] * window.size[1])), shape);
  });
}

/** ∂loss/∂x of `averagePoolForward` from dOutput; `shape` is that of x. The caller owns the output. */
export function averagePoolBackward(
  dOutput: tf.Tensor5D,
  shape: readonly [number, number, number, number, number],
  window: PoolWindow,
): tf.Tensor5D {
  if (hasKernels()) {
    const attributes = { ...poolAttributes(window, dOutput.shape), rows: shape[2], columns: shape[3] };
    return outputAt<tf.Rank.R5>(runKernel("BasinAveragePoolBackward", { dOutput }, attributes), 0);
  }
  return tf.tidy(() => {
    const places = window.size[0] * window.size[1];
    const share = tf.mul<tf.Tensor4D>(imagesOf(dOutput), 1 / places);
    const views = Array.from({ length: places }, () => share);
    return tf.reshape<tf.Rank.R5>(addViews(views, [shape[2], shape[3]], window.size, window), [...shape]);
  });
}

function poolAttributes(window: PoolWindow, out: readonly number[]): Record<string, number> {
  const [, , outRows = 0, outColumns = 0] = out;
  return { height: window.size[0], width: window.size[1], outRows, outColumns, ...windowAttributes(window) };
}

function imagesOf(x: tf.Tensor5D): tf.Tensor4D {
  const [runs, batch, rows, columns, channels] = x.shape;
  return tf.reshape(x, [runs * batch, rows, columns, channels]);
}

function pooledShape(x: tf.Tensor5D, window: PoolWindow): [number, number, number, number, number] {
  const [runs, batch, rows, columns, channels] = x.shape;
  const { top, bottom, left, right } = window.padding;
  if (Math.max(top, bottom) >= window.size[0] || Math.max(left, right) >= window.size[1])
    throw new RangeError("A pooling window must be larger than the padding, or it would see nothing.");
  const [outRows, outColumns] = slidOutput([rows, columns], window.size, window);
  return [runs, batch, outRows, outColumns, channels];
}

/** Input x [runs, batch, rows, columns, channels]; attributes: the window's and `outRows`, `outColumns`; outputs y and, int32, the place of each maximum. */
export const maxPoolForwardKernel: RegisteredKernel = {
  name: "BasinMaxPoolForward",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const [runs, batch, rows, columns, channels] = axes5(x);
    const window = poolWindow(attributes);
    const shape = [runs, batch, window.outRows, window.outColumns, channels];
    const [y, place] = [kernels.output(shape), kernels.output(shape, "int32")];
    const sizes = [runs * batch, rows, columns, channels, ...window.all];
    kernels.call.maxPoolForward(kernels.at(x), kernels.at(y), kernels.at(place), ...sizes);
    return [y, place];
  },
};

/** Inputs dOutput and place [runs, batch, outRows, outColumns, channels]; attributes: the window's and `rows`, `columns` of x; output dx. */
export const maxPoolBackwardKernel: RegisteredKernel = {
  name: "BasinMaxPoolBackward",
  run(kernels, inputs, attributes) {
    const dOutput = input(inputs, "dOutput");
    const [runs, batch, , , channels] = axes5(dOutput);
    const [rows, columns] = imageSize(attributes);
    const { all } = poolWindow(attributes);
    const dx = kernels.output([runs, batch, rows, columns, channels]);
    const sizes = [runs * batch, rows, columns, channels, ...all];
    kernels.call.maxPoolBackward(kernels.at(dOutput), kernels.at(input(inputs, "place")), kernels.at(dx), ...sizes);
    return dx;
  },
};

/** As `maxPoolForward`, without the places. */
export const averagePoolForwardKernel: RegisteredKernel = {
  name: "BasinAveragePoolForward",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const [runs, batch, rows, columns, channels] = axes5(x);
    const window = poolWindow(attributes);
    const y = kernels.output([runs, batch, window.outRows, window.outColumns, channels]);
    const sizes = [runs * batch, rows, columns, channels, ...window.all];
    kernels.call.averagePoolForward(kernels.at(x), kernels.at(y), ...sizes, kernels.scratch(windowBytes(window, channels)));
    return y;
  },
};

/** As `maxPoolBackward`, without the places. */
export const averagePoolBackwardKernel: RegisteredKernel = {
  name: "BasinAveragePoolBackward",
  run(kernels, inputs, attributes) {
    const dOutput = input(inputs, "dOutput");
    const [runs, batch, , , channels] = axes5(dOutput);
    const [rows, columns] = imageSize(attributes);
    const window = poolWindow(attributes);
    const dx = kernels.output([runs, batch, rows, columns, channels]);
    const sizes = [runs * batch, rows, columns, channels, ...window.all];
    kernels.call.averagePoolBackward(
      kernels.at(dOutput),
      kernels.at(dx),
      ...sizes,
      kernels.scratch(windowBytes(window, channels)),
    );
    return dx;
  },
};

function imageSize(attributes: NamedAttrMap): [number, number] {
  return [numberAttribute(attributes, "rows"), numberAttribute(attributes, "columns")];
}

function poolWindow(attributes: NamedAttrMap): WindowNumbers {
  const number = (name: string): number => numberAttribute(attributes, name);
  return windowNumbers(attributes, [number("height"), number("width")], [number("outRows"), number("outColumns")]);
}

function windowBytes({ height, width, outRows, outColumns }: WindowNumbers, channels: number): number {
  return 4 * outRows * outColumns * height * width * channels;
}
