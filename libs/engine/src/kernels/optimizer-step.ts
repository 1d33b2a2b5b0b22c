import { util } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Inputs weight and gradient [runs, …], slots `a` and `b` (as many as the optimizer has), hyper [runs,8]; outputs the new weight and slots. */
export const optimizerStep: RegisteredKernel = {
  name: "BasinOptimizerStep",
  run(kernels, inputs, attributes) {
    const weight = input(inputs, "weight");
    const a = inputs["a"];
    const b = inputs["b"];
    const [runs = 1, ...axes] = weight.shape;
    const outputs = [weight, a, b].flatMap((tensor) => (tensor ? [kernels.output(tensor.shape)] : []));
    const address = (i: number) => (outputs[i] ? kernels.at(outputs[i]) : 0);
    kernels.call.optimizerStep(
      numberAttribute(attributes, "optimizer"),
      kernels.at(weight),
      kernels.at(input(inputs, "gradient")),
      a ? kernels.at(a) : 0,
      b ? kernels.at(b) : 0,
      address(0),
      address(1),
      address(2),
      kernels.at(input(inputs, "hyper")),
      runs,
      util.sizeFromShape(axes),
      kernels.scratch(64),
    );
    return outputs;
  },
};
