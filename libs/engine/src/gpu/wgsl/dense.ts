import { axes3, flagAttribute, input, numberAttribute } from "../../kernels/tensor-inputs";
import type { Operand } from "../recording";
import type { TraceBackend, TracedKernel } from "../trace-backend";
import type { TensorInfo } from "@tensorflow/tfjs-core";

type Read = TensorInfo | Operand;

/** Twin of kernels/dense-forward.ts. */
export const denseForward: TracedKernel = {
  name: "BasinDenseForward",
  trace(trace, inputs, attributes) {
    const [x, weight, bias] = [input(inputs, "x"), input(inputs, "weight"), input(inputs, "bias")];
    const [, rows, k] = axes3(x);
    const [, , n] = axes3(weight);
    const y = trace.output([trace.runs, rows, n]);
    const slope = flagAttribute(attributes, "slope") ? trace.output(y.shape) : null;
    const activation = numberAttribute(attributes, "activation");
    const dot = `let row = i / n; let column = i % n; var z = m[bias + column];
  for (var p = 0u; p < k; p++) { z = mad(m[x + row * k + p], m[weight + p * n + column], z); }`;
    const made = activation === 0 ? "m[y + i] = z;" : `let both = activated_${activation}(z); m[y + i] = both.x;`;
    trace.operate({
      body: `${dot} ${made}${slope ? " m[slope + i] = both.y;" : ""}`,
      items: rows * n,
      reads: { x, weight, bias },
      writes: { y, ...(slope && { slope }) },
      sizes: { k, n },
    });
    return slope ? [y, slope] : [y];
  },
};

/** C = A·B over the inner index from 0 up, elements of A and B at the given strides of their rows and columns. */
export function multiplied(
  trace: TraceBackend,
  [a, aRow, aColumn]: readonly [Read, number, number],
  [b, bRow, bColumn]: readonly [Read, number, number],
  out: Read,
  [rows, inner, columns]: readonly [number, number, number],
): void {
  trace.operate({
    body: `let row = i / columns; let column = i % columns; var sum = 0.0;
  for (var p = 0u; p < inner; p++) { sum = mad(m[a + row * aRow + p * aColumn], m[b + p * bRow + column * bColumn], sum); }
  m[out + i] = sum;`,
    items: rows * columns,
    reads: { a, b },
    writes: { out },
    sizes: { inner, columns, aRow, aColumn, bRow, bColumn },
  });
}

/** out[j] = Σ_i g[i,j], i ascending, as kernels/shared/row-sums.ts. */
export function summedRows(trace: TraceBackend, g: Read, out: Read, rows: number, columns: number): void {
  trace.operate({
    body: "var sum = 0.0; for (var p = 0u; p < rows; p++) { sum = sum + m[g + p * columns + i]; } m[out + i] = sum;",
    items: columns,
    reads: { g },
    writes: { out },
    sizes: { rows, columns },
  });
}

/** a∘b, or a alone without b. */
export function timesEach(trace: TraceBackend, a: TensorInfo, b: TensorInfo | undefined): TensorInfo {
  if (!b) return a;
  const out = trace.output(a.shape);
  trace.operate({
    body: "m[out + i] = mul(m[a + i], m[b + i]);",
    items: trace.floatsOf(a.shape),
    reads: { a, b },
    writes: { out },
  });
  return out;
}

/** Twin of kernels/dense-backward.ts. */
export const denseBackward: TracedKernel = {
  name: "BasinDenseBackward",
  trace(trace, inputs, attributes) {
    const [dOutput, x, weight] = [input(inputs, "dOutput"), input(inputs, "x"), input(inputs, "weight")];
    const [, rows, n] = axes3(dOutput);
    const [, , k] = axes3(x);
    const g = timesEach(trace, dOutput, inputs["slope"]);
    const dWeight = trace.output([trace.runs, k, n]);
    const dBias = trace.output([trace.runs, 1, n]);
    multiplied(trace, [x, 1, k], [g, n, 1], dWeight, [k, rows, n]);
    summedRows(trace, g, dBias, rows, n);
    if (!flagAttribute(attributes, "wantInput")) return [dWeight, dBias];
    const dInput = trace.output([trace.runs, rows, k]);
    multiplied(trace, [g, n, 1], [weight, 1, n], dInput, [rows, n, k]);
    return [dWeight, dBias, dInput];
  },
};
