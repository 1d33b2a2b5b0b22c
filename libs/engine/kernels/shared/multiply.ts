import { wideVectors } from "./constant-table";
import { panel1, panel12, panel16, panel4, panel8 } from "./multiply-panels.generated";

/**
 * C[m,n] = start + A·B for one run, float32, B and C row-major and dense; A dense by rows (`aColumn` is 4) or by columns (`aRow` is 4),
 * so that Aᵀ needs no copy. `start` is the address of n floats, and of n more `startRow` bytes further for each row (0: a bias for
 * all rows), or 0. `start` may be C, with its row's bytes as `startRow`: that goes on with a sum over k that comes in pieces.
 *
 * Every element is start + Σ_p a_p·b_p with p ascending and a separately rounded product and sum, in every path below.
 * So the result does not depend on where an element lies (vector body, tail column, tail row), nor on the machine.
 *
 * The columns are cut into panels of 12, 8, 4 and 1. One of 12 or 8 is copied into one piece of memory, p in pieces of 256, and stays in
 * the nearest cache while A streams by in tiles of 3×12 or 4×8 running sums: with their operands they fill the 15 vector registers that
 * V8 hands out, and are enough to cover the latency of an addition (8 are not quite). Where V8 joins two vectors into one of eight
 * floats, panels of 16 columns and tiles of 4×16 take the place of 12 and 3×12.
 */
export function multiply(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  c: usize,
  m: i32,
  k: i32,
  n: i32,
  start: usize,
  startRow: usize,
): void {
  const row = <usize>n << 2;
  let j: usize = 0;
  if (k > 0) {
    if (wideVectors()) {
      for (; j + 64 <= row; j += 64) panel16(a, aRow, aColumn, b + j, c + j, m, k, row, start ? start + j : 0, startRow);
    } else {
      for (; j + 48 <= row && row - j != 64; j += 48) panel12(a, aRow, aColumn, b + j, c + j, m, k, row, start ? start + j : 0, startRow);
    }
    for (; j + 32 <= row; j += 32) panel8(a, aRow, aColumn, b + j, c + j, m, k, row, start ? start + j : 0, startRow);
  }
  for (; j + 16 <= row; j += 16) panel4(a, aRow, aColumn, b + j, row, c + j, m, k, row, start ? start + j : 0, startRow);
  for (; j < row; j += 4) panel1(a, aRow, aColumn, b + j, row, c + j, m, k, row, start ? start + j : 0, startRow);
}

/** B[rows,columns] → out[columns,rows], in squares of 4×4 as far as they go. */
export function transpose(b: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns << 2;
  const column = <usize>rows << 2;
  const wide = columns & ~3;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let from = b + <usize>i * row;
    let to = out + (<usize>i << 2);
    for (let j = 0; j < wide; j += 4) {
      const r0 = v128.load(from);
      const r1 = v128.load(from + row);
      const r2 = v128.load(from + 2 * row);
      const r3 = v128.load(from + 3 * row);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
      v128.store(to + column, v128.shuffle<i64>(low01, low23, 1, 3));
      v128.store(to + 2 * column, v128.shuffle<i64>(high01, high23, 0, 2));
      v128.store(to + 3 * column, v128.shuffle<i64>(high01, high23, 1, 3));
      from += 16;
      to += 4 * column;
    }
  }
  transposeSingly(b, out, row, column, 0, i, wide, columns);
  transposeSingly(b, out, row, column, i, rows, 0, columns);
}

/** The part of the rows and columns from … to, float by float. */
function transposeSingly(b: usize, out: usize, row: usize, column: usize, fromRow: i32, toRow: i32, fromColumn: i32, toColumn: i32): void {
  for (let j = fromColumn; j < toColumn; j++) {
    let from = b + <usize>fromRow * row + (<usize>j << 2);
    let to = out + <usize>j * column + (<usize>fromRow << 2);
    for (let i = fromRow; i < toRow; i++) {
      store<f32>(to, load<f32>(from));
      from += row;
      to += 4;
    }
  }
}
