import { util } from "@tensorflow/tfjs-core";
import { input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Input x [4] holding a and b of x ← x·a + b; attribute `loops`; output [4], the sum of what came out. For measurements only. */
export const peakRate: RegisteredKernel = {
  name: "BasinPeakRate",
  run(kernels, inputs, attributes) {
    const out = kernels.output([4]);
    kernels.call.copyFloats(kernels.at(input(inputs, "x")), kernels.at(out), 4);
    kernels.call.peakRate(numberAttribute(attributes, "loops"), kernels.at(out));
    return out;
  },
};

/**
 * Output [1]: 1 if products take tiles for vectors of 256 bits, else 0. With the attribute `wide` they do, or do not, from now on. For
 * measurements and tests only.
 */
export const productTiles: RegisteredKernel = {
  name: "BasinProductTiles",
  run(kernels, _inputs, attributes) {
    if ("wide" in attributes) kernels.useTiles(attributes["wide"] === true);
    const out = kernels.output([1], "int32");
    kernels.writeIntegers(kernels.at(out), [kernels.wide ? 1 : 0]);
    return out;
  },
};

/** Input x of any shape; output a copy. For measurements only. */
export const copyFloats: RegisteredKernel = {
  name: "BasinCopyFloats",
  run(kernels, inputs) {
    const x = input(inputs, "x");
    const out = kernels.output(x.shape);
    kernels.call.copyFloats(kernels.at(x), kernels.at(out), util.sizeFromShape(x.shape));
    return out;
  },
};
