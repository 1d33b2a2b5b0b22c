import { flagAttribute, input } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";
import { axes5, windowNumbers } from "./window-sizes";

/**
 * Inputs dOutput [runs, batch, outRows, outColumns, channels], slope (the same, left out for a linear layer), x and filter as in the
 * forward pass; attributes `wantInput` and the window's; outputs the gradients of filter, bias and, if wanted, x.
 */
export const transposedConvBackward: RegisteredKernel = {
  name: "BasinTransposedConvBackward",
  run(kernels, inputs, attributes) {
    const dOutput = input(inputs, "dOutput");
    const x = input(inputs, "x");
    const filter = input(inputs, "filter");
    const slope = inputs["slope"];
    const [runs, batch, rows, columns, features] = axes5(x);
    const [, height, width, channels] = axes5(filter);
    const [, , outRows, outColumns] = axes5(dOutput);
    const window = windowNumbers(attributes, [height, width], [rows, columns]);
    const dFilter = kernels.output(filter.shape);
    const dBias = kernels.output([runs, 1, channels]);
    const dInput = flagAttribute(attributes, "wantInput") ? kernels.output(x.shape) : null;
    kernels.call.transposedConvBackward(
      kernels.at(dOutput),
      slope ? kernels.at(slope) : 0,
      kernels.at(x),
      kernels.at(filter),
      kernels.at(dFilter),
      kernels.at(dBias),
      dInput ? kernels.at(dInput) : 0,
      runs,
      features,
      ...[batch, outRows, outColumns, channels, ...window.all],
      kernels.scratch(4 * (rows * columns * height * width * channels + outRows * outColumns * channels)),
    );
    return dInput ? [dFilter, dBias, dInput] : [dFilter, dBias];
  },
};
