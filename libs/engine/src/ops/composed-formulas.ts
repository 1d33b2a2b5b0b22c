import * as tf from "@tensorflow/tfjs-core";
import type { FormulaInstruction, Formulas } from "./formula-program";

/** `evaluateFormulas` in TensorFlow.js' operations; the registers are [runs, rows, registers]. */
export function composedResults(
  { instructions, results }: Formulas,
  sources: readonly tf.Tensor3D[],
  runs: number,
): { results: tf.Tensor3D[]; registers: tf.Tensor3D } {
  const made = tf.tidy(() => {
    const columns = sources.flatMap((source) =>
      tf.split<tf.Tensor3D>(tf.broadcastTo<tf.Rank.R3>(source, [runs, source.shape[1], source.shape[2]]), source.shape[2], 2),
    );
    for (const instruction of instructions) columns.push(value(instruction, columns));
    return [tf.concat3d(columns, 2), ...results.map((list) => tf.concat3d(pick(columns, list), 2))];
  });
  const [registers, ...others] = made;
  if (!registers) throw new Error("The formulas have no registers.");
  return { registers, results: others };
}

/** `formulaGradients` likewise. */
export function composedGradients(
  { sources, instructions, results }: Formulas,
  registers: tf.Tensor3D,
  gradients: readonly tf.Tensor3D[],
  wanted: readonly boolean[],
): tf.Tensor3D[] {
  return tf.tidy(() => {
    const [runs, rows, count] = registers.shape;
    const columns = tf.split<tf.Tensor3D>(registers, count, 2);
    const adjoints = columns.map((column) => tf.zerosLike(column));
    const give = (register: number, gradient: tf.Tensor3D): void => {
      const before = adjoints[register];
      if (before) adjoints[register] = tf.add(before, gradient);
    };
    results.forEach((list, i) => {
      const gradient = gradients[i];
      if (!gradient) throw new RangeError("Every result of the formulas needs a gradient.");
      const parts = tf.split<tf.Tensor3D>(tf.broadcastTo<tf.Rank.R3>(gradient, [runs, rows, list.length]), list.length, 2);
      list.forEach((register, c) => {
        const part = parts[c];
        if (part) give(register, part);
      });
    });
    const width = sources.reduce((sum, own) => sum + own, 0);
    for (let i = instructions.length - 1; i >= 0; i--) {
      const [instruction, gradient] = [instructions[i], adjoints[width + i]];
      if (instruction && gradient) passBack(instruction, columns, gradient, pick(columns, [width + i])[0], give);
    }
    let start = 0;
    return sources.flatMap((own, s) => {
      const part = adjoints.slice(start, start + own);
      start += own;
      return wanted[s] ? [tf.concat3d(part, 2)] : [];
    });
  });
}

function pick(columns: readonly tf.Tensor3D[], list: readonly number[]): tf.Tensor3D[] {
  return list.map((register) => {
    const column = columns[register];
    if (!column) throw new RangeError(`The formulas have no register ${register}.`);
    return column;
  });
}

function value({ op, a, b, constant }: FormulaInstruction, columns: readonly tf.Tensor3D[]): tf.Tensor3D {
  const [x, y] = pick(columns, [a, b]);
  if (!x || !y) throw new RangeError("An instruction has no operand.");
  switch (op) {
    case "add":
      return tf.add(x, y);
    case "multiply":
      return tf.mul(x, y);
    case "add-constant":
      return tf.add(x, constant);
    case "multiply-constant":
      return tf.mul(x, constant);
    case "constant":
      return tf.fill<tf.Rank.R3>(x.shape, constant);
    case "reciprocal":
      return tf.div<tf.Tensor3D>(1, x);
    case "sine":
      return tf.sin(x);
    case "cosine":
      return tf.cos(x);
    case "exponential":
      return tf.exp(x);
    case "tanh":
      return tf.tanh(x);
    case "logarithm":
      return tf.log(x);
    case "absolute":
      return tf.abs(x);
    case "sign":
      return tf.sign(x);
  }
}

function passBack(
  { op, a, b, constant }: FormulaInstruction,
  columns: readonly tf.Tensor3D[],
  gradient: tf.Tensor3D,
  result: tf.Tensor3D | undefined,
  give: (register: number, gradient: tf.Tensor3D) => void,
): void {
  const [x, y] = pick(columns, [a, b]);
  if (!x || !y || !result) throw new RangeError("An instruction has no operand.");
  switch (op) {
    case "add":
      give(a, gradient);
      give(b, gradient);
      return;
    case "multiply":
      give(a, tf.mul(gradient, y));
      give(b, tf.mul(gradient, x));
      return;
    case "add-constant":
      give(a, gradient);
      return;
    case "multiply-constant":
      give(a, tf.mul(gradient, constant));
      return;
    case "reciprocal":
      give(a, tf.neg(tf.mul(gradient, tf.mul(result, result))));
      return;
    case "sine":
      give(a, tf.mul(gradient, tf.cos(x)));
      return;
    case "cosine":
      give(a, tf.neg(tf.mul(gradient, tf.sin(x))));
      return;
    case "exponential":
      give(a, tf.mul(gradient, result));
      return;
    case "tanh":
      give(a, tf.mul(gradient, tf.sub(1, tf.mul(result, result))));
      return;
    case "logarithm":
      give(a, tf.div<tf.Tensor3D>(gradient, x));
      return;
    case "absolute":
      give(a, tf.mul(gradient, tf.sign(x)));
      return;
    case "constant":
    case "sign":
      return;
  }
}
