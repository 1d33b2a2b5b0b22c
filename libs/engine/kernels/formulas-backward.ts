import { constants } from "./shared/constant-table";
import {
  ABSOLUTE,
  ADD,
  ADD_CONSTANT,
  COSINE,
  EXPONENTIAL,
  LOGARITHM,
  MULTIPLY,
  MULTIPLY_CONSTANT,
  RECIPROCAL,
  registerBytes,
  scatterColumn,
  SINE,
  TANH,
} from "./shared/formula-columns";
import { cosReduced, parityOf, reduceByPi, sinReduced } from "./shared/vector-math";

/**
 * The gradients of a sum by the sources of `formulas`, from those by its results: reverse mode, instruction by instruction. `results`: for each matrix
 * [runs or 1, rows or 1, columns] of gradients its address, its runs, its rows, its columns, and the register of each. `sources`: for each matrix [runs, rows,
 * columns] of gradients its address, 0 where it is not wanted, and its columns. `adjoints`: as many bytes as one run has registers.
 */
export function formulasBackward(
  code: usize,
  instructions: i32,
  sources: usize,
  sourceCount: i32,
  results: usize,
  resultCount: i32,
  registers: usize,
  adjoints: usize,
  runs: i32,
  rows: i32,
): void {
  const bytes = registerBytes(rows);
  let width = 0;
  for (let s = 0; s < sourceCount; s++) width += load<i32>(sources + (<usize>s << 3), 4);
  const all = <usize>(width + instructions) * bytes;
  let base = registers;
  for (let r = 0; r < runs; r++) {
    for (let j: usize = 0; j < all; j += 16) v128.store(adjoints + j, f32x4.splat(0));
    let table = results;
    for (let g = 0; g < resultCount; g++) {
      const ownRuns = load<i32>(table, 4);
      const ownRows = load<i32>(table, 8);
      const columns = load<i32>(table, 12);
      const step = <usize>columns << 2;
      const from = <usize>load<i32>(table) + <usize>(ownRuns == 1 ? 0 : r) * ownRows * step;
      table += 16;
      for (let c = 0; c < columns; c++) {
        const to = adjoints + <usize>load<i32>(table) * bytes;
        addColumn(from + (<usize>c << 2), ownRows == 1 ? 0 : step, to, rows);
        table += 4;
      }
    }
    for (let i = instructions - 1; i >= 0; i--) {
      const at = code + (<usize>i << 4);
      const a = <usize>load<i32>(at, 4) * bytes;
      const b = <usize>load<i32>(at, 8) * bytes;
      const own = <usize>(width + i) * bytes;
      passBack(load<i32>(at), adjoints + own, adjoints + a, adjoints + b, base + a, base + b, base + own, load<f32>(at, 12), bytes);
    }
    let next = adjoints;
    table = sources;
    for (let s = 0; s < sourceCount; s++) {
      const address = <usize>load<i32>(table);
      const columns = load<i32>(table, 4);
      const step = <usize>columns << 2;
      const to = address + <usize>r * rows * step;
      for (let c = 0; c < columns; c++) {
        if (address != 0) scatterColumn(next, to + (<usize>c << 2), step, rows);
        next += bytes;
      }
      table += 8;
    }
    base += all;
  }
}

/** Adds a column, or one value for all rows where `step` is 0, to a register. */
@inline
function addColumn(from: usize, step: usize, register: usize, rows: i32): void {
  let to = register;
  for (let i = 0; i < rows; i++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += step;
  }
}

/** Adds to the adjoints da and db of a and b what the adjoint g of an instruction makes of them; y is its value. */
function passBack(
  operation: i32,
  g: usize,
  da: usize,
  db: usize,
  a: usize,
  b: usize,
  y: usize,
  constant: f32,
  bytes: usize,
): void {
  const k = constants();
  const c = f32x4.splat(constant);
  switch (operation) {
    case ADD:
      for (let j: usize = 0; j < bytes; j += 16) add(da + j, v128.load(g + j));
      for (let j: usize = 0; j < bytes; j += 16) add(db + j, v128.load(g + j));
      break;
    case MULTIPLY:
      for (let j: usize = 0; j < bytes; j += 16) add(da + j, f32x4.mul(v128.load(g + j), v128.load(b + j)));
      for (let j: usize = 0; j < bytes; j += 16) add(db + j, f32x4.mul(v128.load(g + j), v128.load(a + j)));
      break;
    case ADD_CONSTANT:
      for (let j: usize = 0; j < bytes; j += 16) add(da + j, v128.load(g + j));
      break;
    case MULTIPLY_CONSTANT:
      for (let j: usize = 0; j < bytes; j += 16) add(da + j, f32x4.mul(v128.load(g + j), c));
      break;
    case RECIPROCAL:
      for (let j: usize = 0; j < bytes; j += 16) {
        const value = v128.load(y + j);
        add(da + j, f32x4.neg(f32x4.mul(v128.load(g + j), f32x4.mul(value, value))));
      }
      break;
    case SINE:
      for (let j: usize = 0; j < bytes; j += 16) {
        const x = v128.load(a + j);
        add(da + j, f32x4.mul(v128.load(g + j), v128.xor(cosReduced(reduceByPi(x, k), k), parityOf(x, k))));
      }
      break;
    case COSINE:
      for (let j: usize = 0; j < bytes; j += 16) {
        const x = v128.load(a + j);
        add(da + j, f32x4.neg(f32x4.mul(v128.load(g + j), v128.xor(sinReduced(reduceByPi(x, k), k), parityOf(x, k)))));
      }
      break;
    case EXPONENTIAL:
      for (let j: usize = 0; j < bytes; j += 16) add(da + j, f32x4.mul(v128.load(g + j), v128.load(y + j)));
      break;
    case TANH:
      for (let j: usize = 0; j < bytes; j += 16) {
        const value = v128.load(y + j);
        add(da + j, f32x4.mul(v128.load(g + j), f32x4.sub(f32x4.splat(1), f32x4.mul(value, value))));
      }
      break;
    case LOGARITHM:
      for (let j: usize = 0; j < bytes; j += 16) add(da + j, f32x4.div(v128.load(g + j), v128.load(a + j)));
      break;
    case ABSOLUTE:
      for (let j: usize = 0; j < bytes; j += 4) {
        const x = load<f32>(a + j);
        const slope: f32 = x > 0 ? 1 : x < 0 ? -1 : x;
        store<f32>(da + j, load<f32>(da + j) + load<f32>(g + j) * slope);
      }
      break;
  }
}

@inline
function add(to: usize, value: v128): void {
  v128.store(to, f32x4.add(v128.load(to), value));
}
