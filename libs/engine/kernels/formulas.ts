import { constants } from "./shared/constant-table";
import {
  ABSOLUTE,
  ADD,
  ADD_CONSTANT,
  CONSTANT,
  COSINE,
  EXPONENTIAL,
  gatherColumn,
  LOGARITHM,
  MULTIPLY,
  MULTIPLY_CONSTANT,
  RECIPROCAL,
  registerBytes,
  scatterColumn,
  SIGN,
  SINE,
  TANH,
} from "./shared/formula-columns";
import { cosReduced, exp, logarithm, parityOf, reduceByPi, sinReduced, tanh } from "./shared/vector-math";

/**
 * Evaluates instructions (operation, register a, register b, bits of a constant: 4 integers each) on columns. `sources`: for each matrix [runs or 1, rows,
 * columns] its address, how many runs it has, and its columns, which are the first registers in their order; every instruction is one more. `results`: for
 * each matrix [runs, rows, columns] its address, its columns, and the register of each. `registers`: [runs, registers, rows in whole vectors].
 */
export function formulas(
  code: usize,
  instructions: i32,
  sources: usize,
  sourceCount: i32,
  results: usize,
  resultCount: i32,
  registers: usize,
  runs: i32,
  rows: i32,
): void {
  const bytes = registerBytes(rows);
  let base = registers;
  for (let r = 0; r < runs; r++) {
    let next = base;
    let table = sources;
    for (let s = 0; s < sourceCount; s++) {
      const columns = load<i32>(table, 8);
      const step = <usize>columns << 2;
      const own = load<i32>(table, 4) == 1 ? 0 : r;
      const from = <usize>load<i32>(table) + <usize>own * rows * step;
      for (let c = 0; c < columns; c++) {
        gatherColumn(from + (<usize>c << 2), step, next, rows);
        next += bytes;
      }
      table += 12;
    }
    let at = code;
    for (let i = 0; i < instructions; i++) {
      const a = base + <usize>load<i32>(at, 4) * bytes;
      const b = base + <usize>load<i32>(at, 8) * bytes;
      operate(load<i32>(at), a, b, load<f32>(at, 12), next, bytes);
      next += bytes;
      at += 16;
    }
    table = results;
    for (let g = 0; g < resultCount; g++) {
      const columns = load<i32>(table, 4);
      const step = <usize>columns << 2;
      const to = <usize>load<i32>(table) + <usize>r * rows * step;
      table += 8;
      for (let c = 0; c < columns; c++) {
        scatterColumn(base + <usize>load<i32>(table) * bytes, to + (<usize>c << 2), step, rows);
        table += 4;
      }
    }
    base = next;
  }
}

function operate(operation: i32, a: usize, b: usize, constant: f32, out: usize, bytes: usize): void {
  const k = constants();
  const c = f32x4.splat(constant);
  switch (operation) {
    case ADD:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, f32x4.add(v128.load(a + j), v128.load(b + j)));
      break;
    case MULTIPLY:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, f32x4.mul(v128.load(a + j), v128.load(b + j)));
      break;
    case ADD_CONSTANT:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, f32x4.add(v128.load(a + j), c));
      break;
    case MULTIPLY_CONSTANT:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, f32x4.mul(v128.load(a + j), c));
      break;
    case CONSTANT:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, c);
      break;
    case RECIPROCAL:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, f32x4.div(f32x4.splat(1), v128.load(a + j)));
      break;
    case SINE:
      for (let j: usize = 0; j < bytes; j += 16) {
        const x = v128.load(a + j);
        v128.store(out + j, v128.xor(sinReduced(reduceByPi(x, k), k), parityOf(x, k)));
      }
      break;
    case COSINE:
      for (let j: usize = 0; j < bytes; j += 16) {
        const x = v128.load(a + j);
        v128.store(out + j, v128.xor(cosReduced(reduceByPi(x, k), k), parityOf(x, k)));
      }
      break;
    case EXPONENTIAL:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, exp(v128.load(a + j), k));
      break;
    case TANH:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, tanh(v128.load(a + j), k));
      break;
    case LOGARITHM:
      for (let j: usize = 0; j < bytes; j += 4) store<f32>(out + j, naturalLogarithm(load<f32>(a + j)));
      break;
    case ABSOLUTE:
      for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, f32x4.abs(v128.load(a + j)));
      break;
    case SIGN:
      for (let j: usize = 0; j < bytes; j += 4) {
        const x = load<f32>(a + j);
        store<f32>(out + j, x > 0 ? 1 : x < 0 ? -1 : x);
      }
      break;
  }
}

/** Also of what is no positive number. */
@inline
function naturalLogarithm(x: f32): f32 {
  if (x > 0) return x == f32.reinterpret_i32(0x7f800000) ? x : <f32>logarithm(<f64>x);
  return x == 0 ? f32.reinterpret_i32(<i32>0xff800000) : f32.reinterpret_i32(0x7fc00000);
}
