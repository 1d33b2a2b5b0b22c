import { util } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Input x of any shape; attributes `activation` (its number) and `order` ≤ 3; outputs f, f′ … up to that order, shaped as x. */
export const activationDerivatives: RegisteredKernel = {
  name: "BasinActivationDerivatives",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const outputs = Array.from({ length: numberAttribute(attributes, "order") + 1 }, () => kernels.output(x.shape));
    const address = (i: number): number => (outputs[i] ? kernels.at(outputs[i]) : 0);
    kernels.call.activationDerivatives(
      numberAttribute(attributes, "activation"),
      kernels.at(x),
      ...[address(0), address(1), address(2), address(3)],
      util.sizeFromShape(x.shape),
      kernels.scratch(80),
    );
    return outputs;
  },
};
