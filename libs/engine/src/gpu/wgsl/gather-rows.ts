import { input, numberAttribute } from "../../kernels/tensor-inputs";
import { Untraced } from "../recording";
import type { TracedKernel } from "../trace-backend";

/** Floats hold whole numbers up to here exactly. */
const mostRows = 2 ** 24;

/** Twin of kernels/gather-rows.ts; the order is in floats, as everything is. */
export const gatherRows: TracedKernel = {
  name: "BasinGatherRows",
  trace(trace, inputs, attributes) {
    const [data, order] = [input(inputs, "data"), input(inputs, "order")];
    const [samples = 0, width = 1] = data.shape;
    if (samples > mostRows) throw new Untraced(`${samples} samples`);
    const [start, count] = [numberAttribute(attributes, "start"), numberAttribute(attributes, "count")];
    const out = trace.output([trace.runs, count, width]);
    trace.operate({
      body: "m[out + i] = m[data + u32(m[order + start + i / width]) * width + i % width];",
      items: count * width,
      reads: { data: trace.shared(data), order },
      writes: { out },
      sizes: { start, width },
    });
    return out;
  },
};
