import type { TensorInfo } from "@tensorflow/tfjs-core";
import { flagAttribute, input, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel } from "../kernels/wasm-kernels";
import { axes5, windowNumbers } from "../kernels/window-sizes";

type Size = readonly [rows: number, columns: number];

/**
 * How a layer lies on its filters [runs, height, width, channels, features]: windows slide over images of `channels`, and each of their
 * places has one number for every feature. A convolution is given the images and gives the places; a transposed one the other way round.
 */
export interface FilterLayer<Call> {
  /** As TensorFlow.js knows it, and in the compiled module. */
  name: string;
  call: Call;
  isTransposed: boolean;
  /** Floats of scratch for one image: `places` and `pixels` in it, k = height·width·channels. */
  scratch(sizes: { places: number; pixels: number; k: number; channels: number; features: number }): number;
}

/**
 * Inputs x [runs, batch, rows, columns, in], filter, bias [runs, 1, out]; attributes `activation` (its number), `slope`, `outRows`,
 * `outColumns` (the result's) and the window's; outputs y and, if wanted, f′.
 */
export function forwardKernel(layer: FilterLayer<"convForward" | "transposedConvForward">): RegisteredKernel {
  return {
    name: layer.name,
    run(kernels, inputs, attributes) {
      const x = input(inputs, "x");
      const filter = input(inputs, "filter");
      const [runs, batch, rows, columns] = axes5(x);
      const [, height, width, channels, features] = axes5(filter);
      const out = [numberAttribute(attributes, "outRows"), numberAttribute(attributes, "outColumns")] as const;
      const { image, places, sizes } = laidOut(layer, [rows, columns], out, filter);
      const shape = [runs, batch, ...out, layer.isTransposed ? channels : features];
      const y = kernels.output(shape);
      const slope = flagAttribute(attributes, "slope") ? kernels.output(shape) : null;
      const scratch = kernels.scratch(48 + 4 * layer.scratch(sizes));
      kernels.call[layer.call](
        numberAttribute(attributes, "activation"),
        kernels.at(x),
        kernels.at(filter),
        kernels.at(input(inputs, "bias")),
        kernels.at(y),
        slope ? kernels.at(slope) : 0,
        runs,
        features,
        ...[batch, ...image, channels, ...windowNumbers(attributes, [height, width], places).all],
        scratch + 48,
        scratch,
      );
      return slope ? [y, slope] : [y];
    },
  };
}

/**
 * Inputs dOutput [runs, batch, outRows, outColumns, out], slope (the same, left out for a linear layer), x and filter as in the forward
 * pass; attributes `wantInput` and the window's; outputs the gradients of filter, bias and, if wanted, x.
 */
export function backwardKernel(layer: FilterLayer<"convBackward" | "transposedConvBackward">): RegisteredKernel {
  return {
    name: layer.name,
    run(kernels, inputs, attributes) {
      const dOutput = input(inputs, "dOutput");
      const x = input(inputs, "x");
      const filter = input(inputs, "filter");
      const slope = inputs["slope"];
      const [runs, batch, rows, columns] = axes5(x);
      const [, height, width, channels, features] = axes5(filter);
      const [, , outRows, outColumns] = axes5(dOutput);
      const out = [outRows, outColumns] as const;
      const { image, places, sizes } = laidOut(layer, [rows, columns], out, filter);
      const dFilter = kernels.output(filter.shape);
      const dBias = kernels.output([runs, 1, layer.isTransposed ? channels : features]);
      const dInput = flagAttribute(attributes, "wantInput") ? kernels.output(x.shape) : null;
      kernels.call[layer.call](
        kernels.at(dOutput),
        slope ? kernels.at(slope) : 0,
        kernels.at(x),
        kernels.at(filter),
        kernels.at(dFilter),
        kernels.at(dBias),
        dInput ? kernels.at(dInput) : 0,
        runs,
        features,
        ...[batch, ...image, channels, ...windowNumbers(attributes, [height, width], places).all],
        kernels.scratch(4 * layer.scratch(sizes)),
      );
      return dInput ? [dFilter, dBias, dInput] : [dFilter, dBias];
    },
  };
}

/** Which of what is given and what comes out is the image, and which the places of the windows in it. */
function laidOut({ isTransposed }: FilterLayer<string>, given: Size, out: Size, filter: TensorInfo) {
  const [, height, width, channels, features] = axes5(filter);
  const [image, places] = isTransposed ? [out, given] : [given, out];
  const [pixels, count] = [image[0] * image[1], places[0] * places[1]];
  return { image, places, sizes: { places: count, pixels, k: height * width * channels, channels, features } };
}
