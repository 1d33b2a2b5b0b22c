import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";
import { axes5, windowNumbers, type WindowNumbers } from "./window-sizes";

/** Input x [runs, batch, rows, columns, channels]; attributes: the window's and `outRows`, `outColumns`; outputs y and, int32, the place of each maximum. */
export const maxPoolForward: RegisteredKernel = {
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
export const maxPoolBackward: RegisteredKernel = {
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
export const averagePoolForward: RegisteredKernel = {
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
export const averagePoolBackward: RegisteredKernel = {
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
