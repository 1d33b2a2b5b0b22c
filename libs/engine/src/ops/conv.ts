import type { ActivationName } from "@basin/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { activationNumber, composedActivation } from "./activation";
import { hasKernels, outputAt, runKernel } from "./native-kernel";
import { addViews, slidOutput, spreadOutput, windowAttributes, windowViews, type Sliding } from "./sliding";

/** Gradients of a convolution's parameters, shaped as they are, and of its input when wanted. The caller owns them. */
export interface ConvGradients {
  filter: tf.Tensor5D;
  bias: tf.Tensor3D;
  input: tf.Tensor5D | null;
}

/**
 * y = f(x ∗ filter + bias) for every run, where ∗ is the cross-correlation that networks call convolution:
 * y[r,b,p,q,o] = f(bias[r,0,o] + Σ_ijc x[r,b,p·s+i−top,q·s+j−left,c]·filter[r,i,j,c,o]), zero outside the image.
 * x [runs, batch, rows, columns, in], filter [runs, height, width, in, out], bias [runs, 1, out] → [runs, batch, p, q, out] with
 * p and q from `slidOutput`. `slope` is f′ at the same places when wanted, and null for a linear layer. The caller owns the
 * outputs. Filters flatten to weights of a dense layer, [runs, height·width·in, out], without a copy (`tf.reshape`).
 */
export function convForward(
  activation: ActivationName,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor3D,
  sliding: Sliding,
  wantSlope: boolean,
): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  const [runs, batch, rows, columns, channels] = x.shape;
  const [, height, width, , out] = filter.shape;
  requireChannels("filter", filter.shape[3], channels);
  const [outRows, outColumns] = slidOutput([rows, columns], [height, width], sliding);
  if (hasKernels()) {
    const attributes = { ...forwardAttributes(activation, wantSlope), outRows, outColumns, ...windowAttributes(sliding) };
    return withSlope(runKernel("BasinConvForward", { x, filter, bias }, attributes));
  }
  const outputs = tf.tidy(() => {
    const patches = patchesOf(x, [height, width], sliding);
    const z = tf.add<tf.Tensor3D>(
      tf.matMul(patches, tf.reshape<tf.Rank.R3>(filter, [runs, height * width * channels, out])),
      bias,
    );
    return activated(activation, z, wantSlope, [runs, batch, outRows, outColumns, out]);
  });
  return withSlope(outputs);
}

/** Gradients of `convForward` from dOutput = ∂loss/∂y, the slope that the forward pass gave (null: linear) and its inputs. */
export function convBackward(
  dOutput: tf.Tensor5D,
  slope: tf.Tensor5D | null,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  sliding: Sliding,
  wantInput: boolean,
): ConvGradients {
  const [runs, batch, rows, columns, channels] = x.shape;
  const [, height, width, , out] = filter.shape;
  requireChannels("filter", filter.shape[3], channels);
  if (hasKernels()) {
    const outputs = runKernel("BasinConvBackward", { dOutput, slope, x, filter }, { wantInput, ...windowAttributes(sliding) });
    return gradientsOf(outputs, wantInput);
  }
  const outputs = tf.tidy((): tf.Tensor[] => {
    const g = flatImages(slope ? tf.mul(dOutput, slope) : dOutput);
    const patches = patchesOf(x, [height, width], sliding);
    const parameters = [
      tf.reshape(tf.matMul(patches, g, true, false), filter.shape),
      tf.reshape(tf.sum(g, 1, true), [runs, 1, out]),
    ];
    if (!wantInput) return parameters;
    const dPatches = tf.matMul<tf.Tensor3D>(
      g,
      tf.reshape<tf.Rank.R3>(filter, [runs, height * width * channels, out]),
      false,
      true,
    );
    const [, , outRows, outColumns] = dOutput.shape;
    const sum = addPatches(dPatches, [runs * batch, outRows, outColumns, channels], [rows, columns], [height, width], sliding);
    return [...parameters, tf.reshape(sum, x.shape)];
  });
  return gradientsOf(outputs, wantInput);
}

/**
 * y = f(xᵀ∗ filter + bias), the transposed convolution: the linear part is the adjoint of a convolution by the same filter,
 * y[r,b,p·s+i−top,q·s+j−left,o] += x[r,b,p,q,c]·filter[r,i,j,o,c]. x [runs, batch, rows, columns, in],
 * filter [runs, height, width, out, in] (mind the order), bias [runs, 1, out] → [runs, batch, p, q, out] with p and q from
 * `spreadOutput`: size 4, stride 2 and padding 1 double an image. `slope` as in `convForward`. The caller owns the outputs.
 */
export function transposedConvForward(
  activation: ActivationName,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  bias: tf.Tensor3D,
  sliding: Sliding,
  wantSlope: boolean,
): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  const [runs, batch, rows, columns, channels] = x.shape;
  const [, height, width, out] = filter.shape;
  requireChannels("filter", filter.shape[4], channels);
  const [outRows, outColumns] = spreadOutput([rows, columns], [height, width], sliding);
  if (hasKernels()) {
    const attributes = { ...forwardAttributes(activation, wantSlope), outRows, outColumns, ...windowAttributes(sliding) };
    return withSlope(runKernel("BasinTransposedConvForward", { x, filter, bias }, attributes));
  }
  const outputs = tf.tidy(() => {
    const weight = tf.reshape<tf.Rank.R3>(filter, [runs, height * width * out, channels]);
    const patches = tf.matMul<tf.Tensor3D>(flatImages(x), weight, false, true);
    const sum = addPatches(patches, [runs * batch, rows, columns, out], [outRows, outColumns], [height, width], sliding);
    const z = tf.add<tf.Tensor3D>(tf.reshape(sum, [runs, batch * outRows * outColumns, out]), bias);
    return activated(activation, z, wantSlope, [runs, batch, outRows, outColumns, out]);
  });
  return withSlope(outputs);
}

/** Gradients of `transposedConvForward` from dOutput = ∂loss/∂y, the slope that the forward pass gave (null: linear) and its inputs. */
export function transposedConvBackward(
  dOutput: tf.Tensor5D,
  slope: tf.Tensor5D | null,
  x: tf.Tensor5D,
  filter: tf.Tensor5D,
  sliding: Sliding,
  wantInput: boolean,
): ConvGradients {
  const [runs, , , , channels] = x.shape;
  const [, height, width, out] = filter.shape;
  requireChannels("filter", filter.shape[4], channels);
  if (hasKernels()) {
    const outputs = runKernel(
      "BasinTransposedConvBackward",
      { dOutput, slope, x, filter },
      { wantInput, ...windowAttributes(sliding) },
    );
    return gradientsOf(outputs, wantInput);
  }
  const outputs = tf.tidy((): tf.Tensor[] => {
    const g = slope ? tf.mul<tf.Tensor5D>(dOutput, slope) : dOutput;
    const patches = patchesOf(g, [height, width], sliding);
    const parameters = [
      tf.reshape(tf.matMul(patches, flatImages(x), true, false), filter.shape),
      tf.reshape(tf.sum(flatImages(g), 1, true), [runs, 1, out]),
    ];
    if (!wantInput) return parameters;
    const dInput = tf.matMul(patches, tf.reshape<tf.Rank.R3>(filter, [runs, height * width * out, channels]));
    return [...parameters, tf.reshape(dInput, x.shape)];
  });
  return gradientsOf(outputs, wantInput);
}

/** [runs, batch·p·q, height·width·channels]: what each window sees, places rows first, channels last. */
function patchesOf(x: tf.Tensor5D, size: readonly [number, number], sliding: Sliding): tf.Tensor3D {
  const [runs, batch, rows, columns, channels] = x.shape;
  const images = tf.reshape<tf.Rank.R4>(x, [runs * batch, rows, columns, channels]);
  const views = tf.concat(windowViews(images, size, sliding, 0), 3);
  const [, outRows, outColumns] = views.shape;
  return tf.reshape(views, [runs, batch * outRows * outColumns, size[0] * size[1] * channels]);
}

/** The adjoint of `patchesOf`; `views` is the shape [images, rows, columns, channels] of one window place's view. */
function addPatches(
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

function flatImages(x: tf.Tensor5D): tf.Tensor3D {
  const [runs, batch, rows, columns, channels] = x.shape;
  return tf.reshape(x, [runs, batch * rows * columns, channels]);
}

function activated(
  activation: ActivationName,
  z: tf.Tensor3D,
  wantSlope: boolean,
  shape: [number, number, number, number, number],
): tf.Tensor5D[] {
  const { output, slope } = composedActivation(activation, z);
  const whole = tf.reshape<tf.Rank.R5>(output, shape);
  return wantSlope && slope ? [whole, tf.reshape(slope, shape)] : [whole];
}

function forwardAttributes(activation: ActivationName, wantSlope: boolean): { activation: number; slope: boolean } {
  return { activation: activationNumber(activation), slope: wantSlope && activation !== "linear" };
}

function withSlope(outputs: readonly tf.Tensor[]): { output: tf.Tensor5D; slope: tf.Tensor5D | null } {
  return { output: outputAt<tf.Rank.R5>(outputs, 0), slope: outputs.length > 1 ? outputAt<tf.Rank.R5>(outputs, 1) : null };
}

function gradientsOf(outputs: readonly tf.Tensor[], wantInput: boolean): ConvGradients {
  return {
    filter: outputAt<tf.Rank.R5>(outputs, 0),
    bias: outputAt<tf.Rank.R3>(outputs, 1),
    input: wantInput ? outputAt<tf.Rank.R5>(outputs, 2) : null,
  };
}

function requireChannels(what: string, has: number, wanted: number): void {
  if (has !== wanted) throw new RangeError(`The ${what} takes images of ${has} channels, not of ${wanted}.`);
}
