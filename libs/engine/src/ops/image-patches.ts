import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { activationNumber, composedActivation } from "./activation";
import { hasKernels, outputAt, runKernel } from "./native-kernel";
import { addViews, windowAttributes, windowViews, type Sliding } from "./sliding";

/** Gradients of a convolution's parameters, shaped as they are, and of its input when wanted. The caller owns them. */
export interface ConvGradients {
  filter: tf.Tensor5D;
  bias: tf.Tensor3D;
  input: tf.Tensor5D | null;
}

/** [runs, batch·p·q, height·width·channels]: what each window sees, places rows first, channels last. */
export function patchesOf(x: tf.Tensor5D, size: readonly [number, number], sliding: Sliding): tf.Tensor3D {
  const [runs, batch, rows, columns, channels] = x.shape;
  const images = tf.reshape<tf.Rank.R4>(x, [runs * batch, rows, columns, channels]);
  const views = tf.concat(windowViews(images, size, sliding, 0), 3);
  const [, outRows, outColumns] = views.shape;
  return tf.reshape(views, [runs, batch * outRows * outColumns, size[0] * size[1] * channels]);
}

/** The adjoint of `patchesOf`; `views` is the shape [images, rows, columns, channels] of one window place's view. */
export function addPatches(
  patches: tf.Tensor3D,
  views: [number, number, number, number],
  image: readonly [number, number],
  size: readonly [number, number],
  sliding: Sliding,
): tf.Tensor4D {
  const [count, rows, columns, channels] = views;
  const places = size[0] * size[1];
  const all = tf.reshape<tf.Rank.R4>(patches, [count, rows, columns, places * channels]);
  const each = Array.from({ length: places }, (_, place) => tf.slice(all, [0, 0, 0, place * channels], [-1, -1, -1, channels]));
  return addViews(each, image, size, sliding);
}

export function flatImages(x: tf.Tensor5D): tf.Tensor3D {
  const [runs, batch, rows, columns, channels] = x.shape;
  return tf.reshape(x, [runs, batch * rows * columns, channels]);
}

/**
 * The forward pass of a layer of images by its kernel, or composed of TensorFlow.js' operations: `sums` gives what the activation is of,
 * [runs, batch·outRows·outColumns, channels of the result]. The caller owns the outputs.
 */
export function layerForward(
  kernel: string,
  inputs: { x: tf.Tensor5D; filter: tf.Tensor5D; bias: tf.Tensor3D },
  { activation, wantSlope, sliding }: { activation: ActivationName; wantSlope: boolean; sliding: Sliding },
  [outRows, outColumns]: readonly [number, number],
  sums: () => tf.Tensor3D,
): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  const slopeWanted = wantSlope && activation !== "linear";
  const attributes = { activation: activationNumber(activation), slope: slopeWanted, outRows, outColumns };
  const outputs = hasKernels()
    ? runKernel(kernel, inputs, { ...attributes, ...windowAttributes(sliding) })
    : tf.tidy((): tf.Tensor[] => {
        const [runs, batch] = inputs.x.shape;
        const { output, slope } = composedActivation(activation, sums());
        const shape = [runs, batch, outRows, outColumns, inputs.bias.shape[2]] as const;
        const whole = tf.reshape(output, [...shape]);
        return wantSlope && slope ? [whole, tf.reshape(slope, [...shape])] : [whole];
      });
  return { output: outputAt<tf.Rank.R5>(outputs, 0), slope: outputs.length > 1 ? outputAt<tf.Rank.R5>(outputs, 1) : null };
}

/** The gradients of such a layer: `composed` gives those of filter, bias and, if wanted, x. */
export function layerBackward(
  kernel: string,
  inputs: { dOutput: tf.Tensor5D; slope: tf.Tensor5D | null; x: tf.Tensor5D; filter: tf.Tensor5D },
  sliding: Sliding,
  wantInput: boolean,
  composed: () => tf.Tensor[],
): ConvGradients {
  const outputs = hasKernels() ? runKernel(kernel, inputs, { wantInput, ...windowAttributes(sliding) }) : tf.tidy(composed);
  return {
    filter: outputAt<tf.Rank.R5>(outputs, 0),
    bias: outputAt<tf.Rank.R3>(outputs, 1),
    input: wantInput ? outputAt<tf.Rank.R5>(outputs, 2) : null,
  };
}

export function requireChannels(what: string, has: number, wanted: number): void {
  if (has !== wanted) throw new RangeError(`The ${what} takes images of ${has} channels, not of ${wanted}.`);
}
