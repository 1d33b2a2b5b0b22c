import { axes3, flagAttribute, input } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Floats that the kernel needs beside its inputs and outputs. */
export function denseBackwardScratch(m: number, k: number, n: number): number {
  return m * n + k * n;
}

/**
 * Inputs dOutput [runs,m,n], slope (the same, left out for a linear layer), x [runs,m,k], weight [runs,k,n]; attribute
 * `wantInput`; outputs the gradients of weight, bias [runs,1,n] and, if wanted, x.
 */
export const denseBackward: RegisteredKernel = {
  name: "BasinDenseBackward",
  run(kernels, inputs, attributes) {
    const dOutput = input(inputs, "dOutput");
    const x = input(inputs, "x");
    const weight = input(inputs, "weight");
    const slope = inputs["slope"];
    const [runs, m, n] = axes3(dOutput);
    const [, , k] = axes3(x);
    const dWeight = kernels.output([runs, k, n]);
    const dBias = kernels.output([runs, 1, n]);
    const dInput = flagAttribute(attributes, "wantInput") ? kernels.output([runs, m, k]) : null;
    kernels.call.denseBackward(
      kernels.at(dOutput),
      slope ? kernels.at(slope) : 0,
      kernels.at(x),
      kernels.at(weight),
      kernels.at(dWeight),
      kernels.at(dBias),
      dInput ? kernels.at(dInput) : 0,
      runs,
      m,
      k,
      n,
      kernels.scratch(denseBackwardScratch(m, k, n) * 4),
    );
    return dInput ? [dWeight, dBias, dInput] : [dWeight, dBias];
  },
};
