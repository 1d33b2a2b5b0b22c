import type * as tf from "@tensorflow/tfjs-core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { axes3, input, listAttribute, numberAttribute } from "../kernels/tensor-inputs";
import type { RegisteredKernel, WasmKernels } from "../kernels/wasm-kernels";
import { composedGradients, composedResults } from "./composed-formulas";
import { formulaOps, type Formulas } from "./formula-program";
import { hasKernels, outputAt, runKernel } from "./native-kernel";

/**
 * The results [runs, rows, columns] of formulas on sources [runs or 1, rows, columns], row by row, and the registers, which `formulaGradients` takes. The
 * caller owns both.
 */
export function evaluateFormulas(
  formulas: Formulas,
  sources: readonly tf.Tensor3D[],
  runs: number,
): { results: tf.Tensor3D[]; registers: tf.Tensor3D } {
  if (!hasKernels()) return composedResults(formulas, sources, runs);
  const named = Object.fromEntries(sources.map((source, i) => [`source${i}`, source]));
  const outputs = runKernel("BasinFormulas", named, { ...attributesOf(formulas), runs });
  return {
    registers: outputAt<tf.Rank.R3>(outputs, 0),
    results: formulas.results.map((_, i) => outputAt<tf.Rank.R3>(outputs, 1 + i)),
  };
}

/**
 * ∂loss/∂source [runs, rows, columns] for every source that is wanted, in their order, from ∂loss/∂result [runs or 1, rows or 1, columns] for each result. The
 * caller owns them.
 */
export function formulaGradients(
  formulas: Formulas,
  { registers, rows }: { registers: tf.Tensor3D; rows: number },
  gradients: readonly tf.Tensor3D[],
  wanted: readonly boolean[],
): tf.Tensor3D[] {
  if (!hasKernels()) return composedGradients(formulas, registers, gradients, wanted);
  const named = Object.fromEntries(gradients.map((gradient, i) => [`gradient${i}`, gradient]));
  const outputs = runKernel(
    "BasinFormulasBackward",
    { ...named, registers },
    { ...attributesOf(formulas), wanted: wanted.map(Number), rows },
  );
  return wanted.filter(Boolean).map((_, i) => outputAt<tf.Rank.R3>(outputs, i));
}

/** What the kernels are told, made once for the same formulas. */
const known = new WeakMap<Formulas, Record<"code" | "widths" | "results", number[]>>();

function attributesOf(formulas: Formulas): Record<"code" | "widths" | "results", number[]> {
  const found = known.get(formulas);
  if (found) return found;
  const bits = new Int32Array(1);
  const single = new Float32Array(bits.buffer);
  const code = formulas.instructions.flatMap(({ op, a, b, constant }) => {
    single[0] = constant;
    return [formulaOps.indexOf(op), a, b, bits[0] ?? 0];
  });
  const made = {
    code,
    widths: [...formulas.sources],
    results: formulas.results.flatMap((registers) => [registers.length, ...registers]),
  };
  known.set(formulas, made);
  return made;
}

/** The registers of each result, out of its attribute. */
function resultsOf(list: readonly number[]): number[][] {
  const results: number[][] = [];
  for (let at = 0; at < list.length; at += 1 + (list[at] ?? 0)) results.push(list.slice(at + 1, at + 1 + (list[at] ?? 0)));
  return results;
}

/** Tables of integers one behind the other in scratch, and bytes behind them: the address of each, the bytes last. */
function tablesIn(kernels: WasmKernels, tables: readonly (readonly number[])[], bytes: number): number[] {
  const integers = tables.reduce((sum, table) => sum + table.length, 0);
  let next = kernels.scratch(4 * integers + 16 + bytes);
  const addresses = tables.map((table) => {
    const start = next;
    kernels.writeIntegers(start, table);
    next += 4 * table.length;
    return start;
  });
  return [...addresses, Math.ceil(next / 16) * 16];
}

const registerFloats = (rows: number): number => 4 * Math.ceil(rows / 4);

/** Inputs sourceᵢ [runs or 1, rows, widths[i]]; attributes `code`, `widths`, `results`, `runs`; outputs the registers, then the results. */
export const formulasKernel: RegisteredKernel = {
  name: "BasinFormulas",
  run(kernels, inputs, attributes) {
    const [code, widths] = [listAttribute(attributes, "code"), listAttribute(attributes, "widths")];
    const runs = numberAttribute(attributes, "runs");
    const sources = widths.map((_, i) => input(inputs, `source${i}`));
    const rows = sources[0] ? axes3(sources[0])[1] : 0;
    const count = widths.reduce((sum, width) => sum + width, 0) + code.length / 4;
    const registers = kernels.output([runs, count, registerFloats(rows)]);
    const results = resultsOf(listAttribute(attributes, "results")).map((list) => ({
      list,
      out: kernels.output([runs, rows, list.length]),
    }));
    const sourceTable = sources.flatMap((source, i) => {
      const [ownRuns, ownRows, columns] = axes3(source);
      if ((ownRuns !== runs && ownRuns !== 1) || ownRows !== rows || columns !== widths[i])
        throw new RangeError(`A source of formulas is [${source.shape.join(", ")}], not [${runs}, ${rows}, ${widths[i] ?? 0}].`);
      return [kernels.at(source), ownRuns, columns];
    });
    const resultTable = results.flatMap(({ list, out }) => [kernels.at(out), list.length, ...list]);
    const [first = 0, second = 0, third = 0] = tablesIn(kernels, [code, sourceTable, resultTable], 0);
    kernels.call.formulas(
      ...[first, code.length / 4, second, sources.length, third, results.length],
      ...[kernels.at(registers), runs, rows],
    );
    return [registers, ...results.map(({ out }) => out)];
  },
};

/**
 * Inputs registers and gradientᵢ [runs or 1, rows or 1, columns of result i]; attributes `code`, `widths`, `results`, `wanted` (0 or 1 for each source) and
 * `rows`; outputs the gradients [runs, rows, widths[i]] of the sources that are wanted.
 */
export const formulasBackwardKernel: RegisteredKernel = {
  name: "BasinFormulasBackward",
  run(kernels, inputs, attributes) {
    const [code, widths] = [listAttribute(attributes, "code"), listAttribute(attributes, "widths")];
    const registers = input(inputs, "registers");
    const [runs, count, floats] = axes3(registers);
    const rows = numberAttribute(attributes, "rows");
    const results = resultsOf(listAttribute(attributes, "results"));
    const wanted = listAttribute(attributes, "wanted");
    const outputs: (TensorInfo | null)[] = widths.map((width, i) => (wanted[i] ? kernels.output([runs, rows, width]) : null));
    const resultTable = results.flatMap((list, i) => {
      const gradient = input(inputs, `gradient${i}`);
      const [ownRuns, ownRows, columns] = axes3(gradient);
      if ((ownRuns !== runs && ownRuns !== 1) || (ownRows !== rows && ownRows !== 1) || columns !== list.length)
        throw new RangeError(`A gradient of formulas is [${gradient.shape.join(", ")}], not [${runs}, ${rows}, ${list.length}].`);
      return [kernels.at(gradient), ownRuns, ownRows, columns, ...list];
    });
    const sourceTable = outputs.flatMap((out, i) => [out ? kernels.at(out) : 0, widths[i] ?? 0]);
    const [first = 0, second = 0, third = 0, adjoints = 0] = tablesIn(
      kernels,
      [code, sourceTable, resultTable],
      4 * count * floats,
    );
    kernels.call.formulasBackward(
      ...[first, code.length / 4, second, widths.length, third, results.length],
      ...[kernels.at(registers), adjoints, runs, rows],
    );
    return outputs.filter((out) => out !== null);
  },
};
