import { axes3, flagAttribute, input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/**
 * Inputs z and targets [runs, samples, width] and, if gradients are to be scaled, scale [runs, 1, 1]; attributes `loss` (its number) and
 * `gradient`; outputs losses [runs] and, if wanted, ∂loss/∂z times the scale.
 */
export const lossGradient: RegisteredKernel = {
  name: "BasinLossGradient",
  run(kernels, inputs, attributes) {
    const z = input(inputs, "z");
    const targets = input(inputs, "targets");
    const scale = inputs["scale"];
    const [runs, samples, width] = axes3(z);
    const losses = kernels.output([runs]);
    const gradient = flagAttribute(attributes, "gradient") ? kernels.output([runs, samples, width]) : null;
    kernels.call.lossGradient(
      numberAttribute(attributes, "loss"),
      kernels.at(z),
      kernels.at(targets),
      gradient ? kernels.at(gradient) : 0,
      kernels.at(losses),
      runs,
      samples,
      width,
      scale ? kernels.at(scale) : 0,
    );
    return gradient ? [losses, gradient] : [losses];
  },
};
