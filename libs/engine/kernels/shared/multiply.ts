import { wideVectors, panelSpace } from "./constant-table";
import {
  tile1x12,
  tile1x16,
  tile1x8,
  tile2x12,
  tile2x16,
  tile3x12,
  tile3x12Turned,
  tile4x16,
  tile4x16Turned,
  tile4x8,
  tile4x8Turned,
} from "../generated/product-tiles";

/** Values of p in one piece: a packed panel of 12 columns is 12 KiB, a good third of the nearest cache; one of 16 takes all of its space. */
const PIECE = 256;

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

function panel12(a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, m: i32, k: i32, row: usize, start: usize, startRow: usize): void {
  const space = panelSpace();
  for (let done = 0; done < k; done += PIECE) {
    const count = min<i32>(PIECE, k - done);
    pack12(b, row, space, count);
    const end = space + <usize>count * 48;
    let x = a;
    let from = start;
    let to = c;
    let left = m;
    if (aColumn == 4) {
      for (; left >= 3; left -= 3) {
        tile3x12(x, aRow, space, end, to, row, from, startRow);
        x += aRow * 3;
        to += row * 3;
        if (from) from += startRow * 3;
      }
    } else {
      for (; left >= 3; left -= 3) {
        tile3x12Turned(x, aColumn, space, end, to, row, from, startRow);
        x += aRow * 3;
        to += row * 3;
        if (from) from += startRow * 3;
      }
    }
    if (left == 2) tile2x12(x, aRow, aColumn, space, end, to, row, from, startRow);
    else if (left == 1) tile1x12(x, aColumn, space, end, to, from);
    b += <usize>count * row;
    a += <usize>count * aColumn;
    start = c;
    startRow = row;
  }
}

function panel16(a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, m: i32, k: i32, row: usize, start: usize, startRow: usize): void {
  const space = panelSpace();
  for (let done = 0; done < k; done += PIECE) {
    const count = min<i32>(PIECE, k - done);
    pack16(b, row, space, count);
    const end = space + (<usize>count << 6);
    let x = a;
    let from = start;
    let to = c;
    let left = m;
    if (aColumn == 4) {
      for (; left >= 4; left -= 4) {
        tile4x16(x, aRow, space, end, to, row, from, startRow);
        x += aRow * 4;
        to += row * 4;
        if (from) from += startRow * 4;
      }
    } else {
      for (; left >= 4; left -= 4) {
        tile4x16Turned(x, aColumn, space, end, to, row, from, startRow);
        x += aRow * 4;
        to += row * 4;
        if (from) from += startRow * 4;
      }
    }
    if (left >= 2) {
      tile2x16(x, aRow, aColumn, space, end, to, row, from, startRow);
      x += aRow * 2;
      to += row * 2;
      if (from) from += startRow * 2;
      left -= 2;
    }
    if (left) tile1x16(x, aColumn, space, end, to, from);
    b += <usize>count * row;
    a += <usize>count * aColumn;
    start = c;
    startRow = row;
  }
}

function panel8(a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, m: i32, k: i32, row: usize, start: usize, startRow: usize): void {
  const space = panelSpace();
  for (let done = 0; done < k; done += PIECE) {
    const count = min<i32>(PIECE, k - done);
    pack8(b, row, space, count);
    const end = space + <usize>count * 32;
    let x = a;
    let from = start;
    let to = c;
    let left = m;
    if (aColumn == 4) {
      for (; left >= 4; left -= 4) {
        tile4x8(x, aRow, space, end, to, row, from, startRow);
        x += aRow * 4;
        to += row * 4;
        if (from) from += startRow * 4;
      }
    } else {
      for (; left >= 4; left -= 4) {
        tile4x8Turned(x, aColumn, space, end, to, row, from, startRow);
        x += aRow * 4;
        to += row * 4;
        if (from) from += startRow * 4;
      }
    }
    for (; left > 0; left--) {
      tile1x8(x, aColumn, space, end, to, from);
      x += aRow;
      to += row;
      if (from) from += startRow;
    }
    b += <usize>count * row;
    a += <usize>count * aColumn;
    start = c;
    startRow = row;
  }
}

/** Copies 12 columns of `count` rows into one piece. */
function pack12(b: usize, row: usize, to: usize, count: i32): void {
  for (let p = 0; p < count; p++) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    v128.store(to, v128.load(b, 32), 32);
    b += row;
    to += 48;
  }
}

/** Copies 16 columns of `count` rows into one piece. */
function pack16(b: usize, row: usize, to: usize, count: i32): void {
  for (let p = 0; p < count; p++) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const y2 = v128.load(b, 32);
    const y3 = v128.load(b, 48);
    v128.store(to, y0);
    v128.store(to, y1, 16);
    v128.store(to, y2, 32);
    v128.store(to, y3, 48);
    b += row;
    to += 64;
  }
}

/** Copies 8 columns of `count` rows into one piece. */
function pack8(b: usize, row: usize, to: usize, count: i32): void {
  for (let p = 0; p < count; p++) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    b += row;
    to += 32;
  }
}

function panel4(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, m: i32, k: i32, row: usize, start: usize, startRow: usize,
): void {
  const end = b + <usize>k * bRow;
  for (; m >= 8; m -= 8) {
    let s00: v128 = f32x4.splat(0);
    let s10: v128 = f32x4.splat(0);
    let s20: v128 = f32x4.splat(0);
    let s30: v128 = f32x4.splat(0);
    let s40: v128 = f32x4.splat(0);
    let s50: v128 = f32x4.splat(0);
    let s60: v128 = f32x4.splat(0);
    let s70: v128 = f32x4.splat(0);
    if (start) {
      s00 = v128.load(start);
      start += startRow;
      s10 = v128.load(start);
      start += startRow;
      s20 = v128.load(start);
      start += startRow;
      s30 = v128.load(start);
      start += startRow;
      s40 = v128.load(start);
      start += startRow;
      s50 = v128.load(start);
      start += startRow;
      s60 = v128.load(start);
      start += startRow;
      s70 = v128.load(start);
      start += startRow;
    }
    let p0 = a;
    let p1 = p0 + aRow;
    let p2 = p1 + aRow;
    let p3 = p2 + aRow;
    let p4 = p3 + aRow;
    let p5 = p4 + aRow;
    let p6 = p5 + aRow;
    let p7 = p6 + aRow;
    for (let q = b; q < end; q += bRow) {
      const y0 = v128.load(q);
      const x0 = v128.load_splat<f32>(p0);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      const x1 = v128.load_splat<f32>(p1);
      s10 = f32x4.add(s10, f32x4.mul(x1, y0));
      const x2 = v128.load_splat<f32>(p2);
      s20 = f32x4.add(s20, f32x4.mul(x2, y0));
      const x3 = v128.load_splat<f32>(p3);
      s30 = f32x4.add(s30, f32x4.mul(x3, y0));
      const x4 = v128.load_splat<f32>(p4);
      s40 = f32x4.add(s40, f32x4.mul(x4, y0));
      const x5 = v128.load_splat<f32>(p5);
      s50 = f32x4.add(s50, f32x4.mul(x5, y0));
      const x6 = v128.load_splat<f32>(p6);
      s60 = f32x4.add(s60, f32x4.mul(x6, y0));
      const x7 = v128.load_splat<f32>(p7);
      s70 = f32x4.add(s70, f32x4.mul(x7, y0));
      p0 += aColumn;
      p1 += aColumn;
      p2 += aColumn;
      p3 += aColumn;
      p4 += aColumn;
      p5 += aColumn;
      p6 += aColumn;
      p7 += aColumn;
    }
    v128.store(c, s00);
    c += row;
    v128.store(c, s10);
    c += row;
    v128.store(c, s20);
    c += row;
    v128.store(c, s30);
    c += row;
    v128.store(c, s40);
    c += row;
    v128.store(c, s50);
    c += row;
    v128.store(c, s60);
    c += row;
    v128.store(c, s70);
    c += row;
    a += aRow * 8;
  }
  for (; m > 0; m--) {
    let s00: v128 = f32x4.splat(0);
    if (start) {
      s00 = v128.load(start);
      start += startRow;
    }
    let p0 = a;
    for (let q = b; q < end; q += bRow) {
      const y0 = v128.load(q);
      const x0 = v128.load_splat<f32>(p0);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      p0 += aColumn;
    }
    v128.store(c, s00);
    c += row;
    a += aRow * 1;
  }
}

function panel1(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, m: i32, k: i32, row: usize, start: usize, startRow: usize,
): void {
  const end = b + <usize>k * bRow;
  for (; m >= 8; m -= 8) {
    let s00: f32 = <f32>0;
    let s10: f32 = <f32>0;
    let s20: f32 = <f32>0;
    let s30: f32 = <f32>0;
    let s40: f32 = <f32>0;
    let s50: f32 = <f32>0;
    let s60: f32 = <f32>0;
    let s70: f32 = <f32>0;
    if (start) {
      s00 = load<f32>(start);
      start += startRow;
      s10 = load<f32>(start);
      start += startRow;
      s20 = load<f32>(start);
      start += startRow;
      s30 = load<f32>(start);
      start += startRow;
      s40 = load<f32>(start);
      start += startRow;
      s50 = load<f32>(start);
      start += startRow;
      s60 = load<f32>(start);
      start += startRow;
      s70 = load<f32>(start);
      start += startRow;
    }
    let p0 = a;
    let p1 = p0 + aRow;
    let p2 = p1 + aRow;
    let p3 = p2 + aRow;
    let p4 = p3 + aRow;
    let p5 = p4 + aRow;
    let p6 = p5 + aRow;
    let p7 = p6 + aRow;
    for (let q = b; q < end; q += bRow) {
      const y0 = load<f32>(q);
      const x0 = load<f32>(p0);
      s00 += x0 * y0;
      const x1 = load<f32>(p1);
      s10 += x1 * y0;
      const x2 = load<f32>(p2);
      s20 += x2 * y0;
      const x3 = load<f32>(p3);
      s30 += x3 * y0;
      const x4 = load<f32>(p4);
      s40 += x4 * y0;
      const x5 = load<f32>(p5);
      s50 += x5 * y0;
      const x6 = load<f32>(p6);
      s60 += x6 * y0;
      const x7 = load<f32>(p7);
      s70 += x7 * y0;
      p0 += aColumn;
      p1 += aColumn;
      p2 += aColumn;
      p3 += aColumn;
      p4 += aColumn;
      p5 += aColumn;
      p6 += aColumn;
      p7 += aColumn;
    }
    store<f32>(c, s00);
    c += row;
    store<f32>(c, s10);
    c += row;
    store<f32>(c, s20);
    c += row;
    store<f32>(c, s30);
    c += row;
    store<f32>(c, s40);
    c += row;
    store<f32>(c, s50);
    c += row;
    store<f32>(c, s60);
    c += row;
    store<f32>(c, s70);
    c += row;
    a += aRow * 8;
  }
  for (; m > 0; m--) {
    let s00: f32 = <f32>0;
    if (start) {
      s00 = load<f32>(start);
      start += startRow;
    }
    let p0 = a;
    for (let q = b; q < end; q += bRow) {
      const y0 = load<f32>(q);
      const x0 = load<f32>(p0);
      s00 += x0 * y0;
      p0 += aColumn;
    }
    store<f32>(c, s00);
    c += row;
    a += aRow * 1;
  }
}
