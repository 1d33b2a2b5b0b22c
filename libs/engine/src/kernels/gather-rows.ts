import { input, numberAttribute } from "./tensor-inputs";
import type { RegisteredKernel } from "./wasm-kernels";

/** Inputs data [samples, width] and order int32 [runs, length]; attributes start and count; output [runs, count, width]. */
export const gatherRows: RegisteredKernel = {
  name: "BasinGatherRows",
  run(kernels, inputs, attributes) {
    const data = input(inputs, "data");
    const order = input(inputs, "order");
    const [runs = 0, length = 0] = order.shape;
    const width = data.shape[1] ?? 1;
    const start = numberAttribute(attributes, "start");
    const count = numberAttribute(attributes, "count");
    const out = kernels.output([runs, count, width]);
    kernels.call.gatherRows(kernels.at(data), kernels.at(order), kernels.at(out), runs, length, start, count, width);
    return out;
  },
};
