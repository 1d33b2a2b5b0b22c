import { input, numberAttribute } from "../../kernels/tensor-inputs";
import type { TracedKernel } from "../trace-backend";

/** Twin of kernels/activation-derivatives.ts. */
export const activationDerivatives: TracedKernel = {
  name: "BasinActivationDerivatives",
  trace(trace, inputs, attributes) {
    const x = input(inputs, "x");
    const outputs = Array.from({ length: numberAttribute(attributes, "order") + 1 }, () => trace.output(x.shape));
    trace.operate({
      body: `let all = derivatives_${numberAttribute(attributes, "activation")}(m[x + i]); ${outputs
        .map((_, k) => `m[y${k} + i] = all[${k}];`)
        .join(" ")}`,
      items: trace.floatsOf(x.shape),
      reads: { x },
      writes: Object.fromEntries(outputs.map((out, k) => [`y${k}`, out])),
      pointwise: true,
    });
    return outputs;
  },
};
