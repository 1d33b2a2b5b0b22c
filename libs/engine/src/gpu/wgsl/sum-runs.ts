import { axes3, flagAttribute, input } from "../../kernels/tensor-inputs";
import type { TracedKernel } from "../trace-backend";
import { summedRows } from "./dense";

/** Twin of kernels/sum-runs.ts; its doubles are made of integers. */
export const sumRuns: TracedKernel = {
  name: "BasinSumRuns",
  trace(trace, inputs, attributes) {
    const x = input(inputs, "x");
    const [, rows, columns] = axes3(x);
    if (!flagAttribute(attributes, "whole")) {
      const out = trace.output([trace.runs, 1, columns]);
      summedRows(trace, x, out, rows, columns);
      return out;
    }
    const out = trace.output([trace.runs]);
    trace.operate({
      body: `var sum = Double(false, 0, 0u, 0u); var coarse = 0.0;
  for (var p = 0u; p < count; p++) { let value = m[x + p]; sum = sumOfDoubles(sum, promoted(value)); coarse = coarse + abs(value); }
  m[out] = select(coarse, demoted(sum), coarse < 3.4e38);`,
      items: 1,
      reads: { x },
      writes: { out },
      sizes: { count: rows * columns },
    });
    return out;
  },
};
