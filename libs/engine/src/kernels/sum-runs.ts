import { axes3, flagAttribute, input } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Input x [runs, rows, columns]; attribute `whole`; output [runs], or [runs, 1, columns] when not whole. */
export const sumRuns: RegisteredKernel = {
  name: "BasinSumRuns",
  run(kernels, inputs, attributes) {
    const x = input(inputs, "x");
    const [runs, rows, columns] = axes3(x);
    const whole = flagAttribute(attributes, "whole");
    const out = kernels.output(whole ? [runs] : [runs, 1, columns]);
    kernels.call.sumRuns(kernels.at(x), kernels.at(out), runs, rows, columns, Number(whole));
    return out;
  },
};
