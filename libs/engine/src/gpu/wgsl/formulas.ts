import type { TensorInfo } from "@tensorflow/tfjs-core";
import { axes3, input, listAttribute, numberAttribute } from "../../kernels/tensor-inputs";
import { formulaOps, type FormulaOp } from "../../ops/formula-program";
import type { TracedKernel } from "../trace-backend";

interface Instruction {
  op: FormulaOp;
  a: number;
  b: number;
  /** WGSL of a float with the bits of the instruction's constant. */
  constant: string;
}

function instructionsOf(code: readonly number[]): Instruction[] {
  return Array.from({ length: code.length / 4 }, (_, i) => {
    const [op = 0, a = 0, b = 0, bits = 0] = code.slice(4 * i, 4 * i + 4);
    return { op: formulaOps[op] ?? "add", a, b, constant: `bitcast<f32>(${bits}i)` };
  });
}

/** The registers of each result, out of its attribute. */
function resultsOf(list: readonly number[]): number[][] {
  const results: number[][] = [];
  for (let at = 0; at < list.length; at += 1 + (list[at] ?? 0)) results.push(list.slice(at + 1, at + 1 + (list[at] ?? 0)));
  return results;
}

const values: Record<FormulaOp, (a: string, b: string, c: string) => string> = {
  add: (a, b) => `${a} + ${b}`,
  multiply: (a, b) => `mul(${a}, ${b})`,
  "add-constant": (a, _, c) => `${a} + ${c}`,
  "multiply-constant": (a, _, c) => `mul(${a}, ${c})`,
  constant: (_a, _b, c) => c,
  reciprocal: (a) => `divide(1.0, ${a})`,
  sine: (a) => `sine(${a})`,
  cosine: (a) => `cosine(${a})`,
  exponential: (a) => `power(${a})`,
  tanh: (a) => `tangent(${a})`,
  logarithm: (a) => `naturalLogarithm(${a})`,
  absolute: (a) => `abs(${a})`,
  sign: (a) => `sign(${a})`,
};

/** What is added to the adjoint of a, from the instruction's own, g, and its value y; b's where it has one. */
const slopes: Partial<Record<FormulaOp, (g: string, a: string, b: string, y: string, c: string) => string>> = {
  add: (g) => g,
  multiply: (g, _a, b) => `mul(${g}, ${b})`,
  "add-constant": (g) => g,
  "multiply-constant": (g, _a, _b, _y, c) => `mul(${g}, ${c})`,
  reciprocal: (g, _a, _b, y) => `-mul(${g}, mul(${y}, ${y}))`,
  sine: (g, a) => `mul(${g}, cosine(${a}))`,
  cosine: (g, a) => `-mul(${g}, sine(${a}))`,
  exponential: (g, _a, _b, y) => `mul(${g}, ${y})`,
  tanh: (g, _a, _b, y) => `mul(${g}, 1.0 - mul(${y}, ${y}))`,
  logarithm: (g, a) => `divide(${g}, ${a})`,
  absolute: (g, a) => `mul(${g}, sign(${a}))`,
};

const registerFloats = (rows: number): number => 4 * Math.ceil(rows / 4);

/** Twin of kernels/formulas.ts: an item is a row. */
export const formulas: TracedKernel = {
  name: "BasinFormulas",
  trace(trace, inputs, attributes) {
    const widths = listAttribute(attributes, "widths");
    const instructions = instructionsOf(listAttribute(attributes, "code"));
    const sources = widths.map((_, i) => input(inputs, `source${i}`));
    const rows = sources[0] ? axes3(sources[0])[1] : 0;
    const columns = widths.reduce((sum, width) => sum + width, 0);
    const registers = trace.output([trace.runs, columns + instructions.length, registerFloats(rows)]);
    const results = resultsOf(listAttribute(attributes, "results"));
    const outputs = results.map((list) => trace.output([trace.runs, rows, list.length]));
    let next = 0;
    const loads = widths.flatMap((width, s) =>
      Array.from({ length: width }, (_, c) => `let r${next++} = m[source${s} + i * ${width}u + ${c}u];`),
    );
    const lines = instructions.map(({ op, a, b, constant }) => `let r${next++} = ${values[op](`r${a}`, `r${b}`, constant)};`);
    const stores = Array.from({ length: next }, (_, k) => `m[registers + ${k}u * floats + i] = r${k};`);
    const given = results.flatMap((list, g) => list.map((k, c) => `m[result${g} + i * ${list.length}u + ${c}u] = r${k};`));
    trace.operate({
      body: [...loads, ...lines, ...stores, ...given].join("\n  "),
      items: rows,
      reads: Object.fromEntries(sources.map((source, s) => [`source${s}`, source])),
      writes: { registers, ...Object.fromEntries(outputs.map((out, g) => [`result${g}`, out])) },
      sizes: { floats: registerFloats(rows) },
    });
    return [registers, ...outputs];
  },
};

/** Twin of kernels/formulas-backward.ts. */
export const formulasBackward: TracedKernel = {
  name: "BasinFormulasBackward",
  trace(trace, inputs, attributes) {
    const widths = listAttribute(attributes, "widths");
    const instructions = instructionsOf(listAttribute(attributes, "code"));
    const registers = input(inputs, "registers");
    const rows = numberAttribute(attributes, "rows");
    const wanted = listAttribute(attributes, "wanted");
    const results = resultsOf(listAttribute(attributes, "results"));
    const columns = widths.reduce((sum, width) => sum + width, 0);
    const count = columns + instructions.length;
    const starts = Array.from({ length: count }, (_, k) => `let r${k} = m[registers + ${k}u * floats + i]; var d${k} = 0.0;`);
    const gradients = results.map((_, g) => input(inputs, `gradient${g}`));
    const seeds = results.flatMap((list, g) => {
      const everyRow = axes3(gradients[g] ?? registers)[1] === 1;
      return list.map((k, c) => `d${k} = d${k} + m[gradient${g} + ${everyRow ? "" : `i * ${list.length}u + `}${c}u];`);
    });
    const lines = [...instructions.entries()].toReversed().flatMap(([i, { op, a, b, constant }]) => {
      const [g, y] = [`d${columns + i}`, `r${columns + i}`];
      const slope = slopes[op]?.(g, `r${a}`, `r${b}`, y, constant);
      if (slope === undefined) return [];
      const toA = `d${a} = d${a} + ${slope};`;
      if (op === "add") return [toA, `d${b} = d${b} + ${g};`];
      return op === "multiply" ? [toA, `d${b} = d${b} + mul(${g}, r${a});`] : [toA];
    });
    const outputs = widths.map((width, s): TensorInfo | null => (wanted[s] ? trace.output([trace.runs, rows, width]) : null));
    let next = 0;
    const stores = widths.flatMap((width, s) =>
      Array.from({ length: width }, (_, c) => {
        const k = next++;
        return outputs[s] ? [`m[out${s} + i * ${width}u + ${c}u] = d${k};`] : [];
      }).flat(),
    );
    const made = Object.fromEntries(outputs.flatMap((out, s) => (out ? [[`out${s}`, out] as const] : [])));
    trace.operate({
      body: [...starts, ...seeds, ...lines, ...stores].join("\n  "),
      items: rows,
      reads: { registers, ...Object.fromEntries(gradients.map((gradient, g) => [`gradient${g}`, gradient])) },
      writes: made,
      sizes: { floats: registerFloats(rows) },
    });
    return Object.values(made);
  },
};
