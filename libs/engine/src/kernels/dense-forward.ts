import { axes3, flagAttribute, input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Inputs x [runs,m,k], weight [runs,k,n], bias [runs,1,n]; attributes `activation` (its number) and `slope`; outputs y and, if wanted, f′. */
export const denseForward: RegisteredKernel = {
  name: "BasinDenseForward",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const weight = input(inputs, "weight");
    const bias = input(inputs, "bias");
    const [runs, m, k] = axes3(x);
    const [, , n] = axes3(weight);
    const y = kernels.output([runs, m, n]);
    const slope = flagAttribute(attributes, "slope") ? kernels.output([runs, m, n]) : null;
    kernels.call.denseForward(
      numberAttribute(attributes, "activation"),
      kernels.at(x),
      kernels.at(weight),
      kernels.at(bias),
      kernels.at(y),
      slope ? kernels.at(slope) : 0,
      runs,
      m,
      k,
      n,
      kernels.scratch(48),
    );
    return slope ? [y, slope] : [y];
  },
};
