import { flagAttribute, input } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";
import { axes5, windowNumbers } from "./window-sizes";

/**
 * Inputs dOutput [runs, batch, outRows, outColumns, features], slope (the same, left out for a linear layer), x and filter as in
 * the forward pass; attributes `wantInput` and the window's; outputs the gradients of filter, bias and, if wanted, x.
 */
export const convBackward: RegisteredKernel = {
  name: "BasinConvBackward",
  run(kernels, inputs, attributes) {
    const dOutput = input(inputs, "dOutput");
    const x = input(inputs, "x");
    const filter = input(inputs, "filter");
    const slope = inputs["slope"];
    const [runs, batch, rows, columns, channels] = axes5(x);
    const [, height, width, , features] = axes5(filter);
    const [, , outRows, outColumns] = axes5(dOutput);
    const window = windowNumbers(attributes, [height, width], [outRows, outColumns]);
    const dFilter = kernels.output(filter.shape);
    const dBias = kernels.output([runs, 1, features]);
    const dInput = flagAttribute(attributes, "wantInput") ? kernels.output(x.shape) : null;
    const [places, k] = [outRows * outColumns, height * width * channels];
    kernels.call.convBackward(
      kernels.at(dOutput),
      slope ? kernels.at(slope) : 0,
      kernels.at(x),
      kernels.at(filter),
      kernels.at(dFilter),
      kernels.at(dBias),
      dInput ? kernels.at(dInput) : 0,
      runs,
      features,
      ...[batch, rows, columns, channels, ...window.all],
      kernels.scratch(4 * (places * k + places * features + k * features)),
    );
    return dInput ? [dFilter, dBias, dInput] : [dFilter, dBias];
  },
};
