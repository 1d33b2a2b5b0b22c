import type { TensorInfo } from "@tensorflow/tfjs-core";
import { axes3, input, numberAttribute } from "../../kernels/tensor-inputs";
import { Untraced } from "../recording";
import type { TraceBackend, TracedKernel } from "../trace-backend";
import { multiplied } from "./dense";

/** Column c of the base [1, v, sin v, cos v, v/(v² + softening)] at a place whose variables start at `at`. */
const baseColumn = `var e = 1.0;
  if (column > 0u) {
    let kind = (column - 1u) / variables; let at = row * variables + (column - 1u) % variables;
    let value = m[v + at];
    if (kind == 0u) { e = value; }
    if (kind == 1u) { e = m[s + at]; }
    if (kind == 2u) { e = m[c + at]; }
    if (kind == 3u) { e = divide(value, mul(value, value) + m[soft]); }
  }`;

/**
 * Sines and cosines are TensorFlow.js' own on wasm, whose last bits no kernel of the GPU has. Where no term takes one they count 0 times.
 */
function refuseSines(trace: TraceBackend, selections: TensorInfo, variables: number): void {
  const { home } = trace.valueIn(selections);
  const [longest, columns, terms] = axes3(selections);
  if (home.kind !== "constant") return;
  for (let j = 0; j < longest; j++) {
    const start = (j * columns + 1 + variables) * terms;
    if (home.values.subarray(start, start + 2 * variables * terms).some((one) => one !== 0))
      throw new Untraced("a library with sines, which are TensorFlow.js' own on wasm");
  }
}

/** Twin of kernels/library-forward.ts. */
export const libraryForward: TracedKernel = {
  name: "BasinLibraryForward",
  trace(trace, inputs, attributes) {
    const [v, s, c, selections] = ["variables", "sine", "cosine", "selections"].map((name) => input(inputs, name));
    if (!v || !s || !c || !selections) throw new Error("a library without its tensors");
    const [, samples, variables] = axes3(v);
    const [longest, columns, terms] = axes3(selections);
    refuseSines(trace, selections, variables);
    const theta = trace.output([trace.runs, samples, terms]);
    const factors = trace.output([trace.runs, longest, samples, terms]);
    const base = trace.output([trace.runs, samples, columns]);
    const soft = trace.shared(trace.constant([1], Float32Array.of(numberAttribute(attributes, "softening"))));
    trace.operate({
      body: `let row = i / columns; let column = i % columns; ${baseColumn} m[out + i] = e;`,
      items: samples * columns,
      reads: { v, s, c, soft },
      writes: { out: base },
      sizes: { columns, variables },
    });
    trace.operate({
      body: `let row = i / terms; let term = i % terms; var all = 1.0;
  for (var j = 0u; j < longest; j++) {
    var sum = 0.0;
    for (var p = 0u; p < columns; p++) { sum = mad(m[base + row * columns + p], m[selections + (j * columns + p) * terms + term], sum); }
    m[factors + j * samples * terms + i] = sum;
    if (j == 0u) { all = sum; } else { all = mul(all, sum); }
  }
  m[theta + i] = all;`,
      items: samples * terms,
      reads: { base, selections: trace.shared(selections) },
      writes: { theta, factors },
      sizes: { samples, columns, terms, longest },
    });
    return [theta, factors];
  },
};

/** Twin of kernels/library-backward.ts. */
export const libraryBackward: TracedKernel = {
  name: "BasinLibraryBackward",
  trace(trace, inputs, attributes) {
    const [v, s, c, factors, gradient] = ["variables", "sine", "cosine", "factors", "gradient"].map((name) =>
      input(inputs, name),
    );
    const selections = input(inputs, "selections");
    if (!v || !s || !c || !factors || !gradient) throw new Error("a library without its tensors");
    const [, samples, variables] = axes3(v);
    const [longest, columns, terms] = axes3(selections);
    const soft = trace.shared(trace.constant([1], Float32Array.of(numberAttribute(attributes, "softening"))));
    let sum = null;
    for (let j = 0; j < longest; j++) {
      const others = trace.output(gradient.shape);
      trace.operate({
        body: `var all = m[gradient + i];
  for (var k = 0u; k < longest; k++) { if (k != own) { all = mul(m[factors + k * count + i], all); } }
  m[out + i] = all;`,
        items: samples * terms,
        reads: { gradient, factors },
        writes: { out: others },
        sizes: { longest, own: j, count: samples * terms },
      });
      const part = trace.output([trace.runs, samples, columns]);
      const selection = { ...trace.shared(selections), skip: j * columns * terms };
      multiplied(trace, [others, terms, 1], [selection, 1, terms], part, [samples, terms, columns]);
      if (sum) {
        const both = trace.output(part.shape);
        trace.operate({
          body: "m[out + i] = m[a + i] + m[b + i];",
          items: samples * columns,
          reads: { a: sum, b: part },
          writes: { out: both },
        });
        sum = both;
      } else sum = part;
    }
    if (!sum) throw new Error("a library without factors");
    const out = trace.output(v.shape);
    trace.operate({
      body: `let row = i / variables; let at = by + row * columns + 1u + i % variables;
  let value = m[v + i]; let square = mul(value, value); let below = square + m[soft];
  let slope = divide(m[soft] - square, mul(below, below));
  let viaSine = mul(m[at + variables], m[c + i]); let viaCosine = mul(m[at + 2u * variables], m[s + i]);
  m[out + i] = ((m[at] + viaSine) - viaCosine) + mul(m[at + 3u * variables], slope);`,
      items: samples * variables,
      reads: { v, s, c, soft, by: sum },
      writes: { out },
      sizes: { variables, columns },
    });
    return out;
  },
};
