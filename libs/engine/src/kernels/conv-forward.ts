import { flagAttribute, input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";
import { axes5, windowNumbers } from "./window-sizes";

/**
 * Inputs x [runs, batch, rows, columns, channels], filter [runs, height, width, channels, features], bias [runs, 1, features];
 * attributes `activation` (its number), `slope`, `outRows`, `outColumns` and the window's; outputs y and, if wanted, f′.
 */
export const convForward: RegisteredKernel = {
  name: "BasinConvForward",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const filter = input(inputs, "filter");
    const [runs, batch, rows, columns, channels] = axes5(x);
    const [, height, width, , features] = axes5(filter);
    const out = [numberAttribute(attributes, "outRows"), numberAttribute(attributes, "outColumns")] as const;
    const window = windowNumbers(attributes, [height, width], out);
    const shape = [runs, batch, ...out, features];
    const y = kernels.output(shape);
    const slope = flagAttribute(attributes, "slope") ? kernels.output(shape) : null;
    const scratch = kernels.scratch(48 + 4 * out[0] * out[1] * height * width * channels);
    kernels.call.convForward(
      numberAttribute(attributes, "activation"),
      kernels.at(x),
      kernels.at(filter),
      kernels.at(input(inputs, "bias")),
      kernels.at(y),
      slope ? kernels.at(slope) : 0,
      runs,
      features,
      ...[batch, rows, columns, channels, ...window.all],
      scratch + 48,
      scratch,
    );
    return slope ? [y, slope] : [y];
  },
};
