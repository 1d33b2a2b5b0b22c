import { util, type TensorInfo } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/**
 * Inputs weightᵢ and gradientᵢ [runs, …] with slots aᵢ and bᵢ (as many as the optimizer has) for each of the attribute `count` weights, hyper
 * [runs, 8]; outputs the new weight and slots of the first, then of the second, and so on.
 */
export const optimizerStep: RegisteredKernel = {
  name: "BasinOptimizerStep",
  run(kernels, inputs, attributes) {
    const optimizer = numberAttribute(attributes, "optimizer");
    const hyper = kernels.at(input(inputs, "hyper"));
    const edge = kernels.scratch(64);
    const at = (tensor: TensorInfo | undefined): number => (tensor ? kernels.at(tensor) : 0);
    return Array.from({ length: numberAttribute(attributes, "count") }, (_, i) => {
      const weight = input(inputs, `weight${i}`);
      const [a, b] = [inputs[`a${i}`], inputs[`b${i}`]];
      const outputs = [weight, a, b].flatMap((tensor) => (tensor ? [kernels.output(tensor.shape)] : []));
      const [runs = 1, ...axes] = weight.shape;
      kernels.call.optimizerStep(
        ...[optimizer, at(weight), at(input(inputs, `gradient${i}`)), at(a), at(b)],
        ...[at(outputs[0]), at(outputs[1]), at(outputs[2])],
        ...[hyper, runs, util.sizeFromShape(axes), edge],
      );
      return outputs;
    }).flat();
  },
};
