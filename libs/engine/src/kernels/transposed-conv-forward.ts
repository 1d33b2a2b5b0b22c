import { flagAttribute, input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";
import { axes5, windowNumbers } from "./window-sizes";

/**
 * Inputs x [runs, batch, rows, columns, features], filter [runs, height, width, channels, features], bias [runs, 1, channels];
 * attributes `activation` (its number), `slope`, `outRows`, `outColumns` (the result's) and the window's; outputs y and, if wanted, f′.
 */
export const transposedConvForward: RegisteredKernel = {
  name: "BasinTransposedConvForward",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const filter = input(inputs, "filter");
    const [runs, batch, rows, columns, features] = axes5(x);
    const [, height, width, channels] = axes5(filter);
    const out = [numberAttribute(attributes, "outRows"), numberAttribute(attributes, "outColumns")] as const;
    const window = windowNumbers(attributes, [height, width], [rows, columns]);
    const shape = [runs, batch, ...out, channels];
    const y = kernels.output(shape);
    const slope = flagAttribute(attributes, "slope") ? kernels.output(shape) : null;
    const k = height * width * channels;
    const scratch = kernels.scratch(48 + 4 * (rows * columns * k + k * features));
    kernels.call.transposedConvForward(
      numberAttribute(attributes, "activation"),
      kernels.at(x),
      kernels.at(filter),
      kernels.at(input(inputs, "bias")),
      kernels.at(y),
      slope ? kernels.at(slope) : 0,
      runs,
      features,
      ...[batch, ...out, channels, ...window.all],
      scratch + 48,
      scratch,
    );
    return slope ? [y, slope] : [y];
  },
};
