/**
 * One tile of running sums; B packed from `b` to `end`, at least one p. `step`: bytes between rows of A. The test that never holds
 * ends a block of code: V8 orders the loads of a block before its arithmetic, which for a whole p would need more registers than
 * there are (measured on 3×12: 31 GFLOP/s without it, 40 with it).
 */
export function tile3x12(a: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    s12 = v128.load(start, 32);
    start += startRow;
    s20 = v128.load(start);
    s21 = v128.load(start, 16);
    s22 = v128.load(start, 32);
  }
  let a1 = a + step;
  let a2 = a1 + step;
  while (true) {
    const y00 = v128.load(b);
    const y01 = v128.load(b, 16);
    const y02 = v128.load(b, 32);
    const x00 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x00, y00));
    s01 = f32x4.add(s01, f32x4.mul(x00, y01));
    s02 = f32x4.add(s02, f32x4.mul(x00, y02));
    if (!b) break;
    const x01 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x01, y00));
    s11 = f32x4.add(s11, f32x4.mul(x01, y01));
    s12 = f32x4.add(s12, f32x4.mul(x01, y02));
    if (!b) break;
    const x02 = v128.load_splat<f32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x02, y00));
    s21 = f32x4.add(s21, f32x4.mul(x02, y01));
    s22 = f32x4.add(s22, f32x4.mul(x02, y02));
    if (b + 48 >= end) break;
    const y10 = v128.load(b, 48);
    const y11 = v128.load(b, 64);
    const y12 = v128.load(b, 80);
    const x10 = v128.load_splat<f32>(a, 4);
    s00 = f32x4.add(s00, f32x4.mul(x10, y10));
    s01 = f32x4.add(s01, f32x4.mul(x10, y11));
    s02 = f32x4.add(s02, f32x4.mul(x10, y12));
    if (!b) break;
    const x11 = v128.load_splat<f32>(a1, 4);
    s10 = f32x4.add(s10, f32x4.mul(x11, y10));
    s11 = f32x4.add(s11, f32x4.mul(x11, y11));
    s12 = f32x4.add(s12, f32x4.mul(x11, y12));
    if (!b) break;
    const x12 = v128.load_splat<f32>(a2, 4);
    s20 = f32x4.add(s20, f32x4.mul(x12, y10));
    s21 = f32x4.add(s21, f32x4.mul(x12, y11));
    s22 = f32x4.add(s22, f32x4.mul(x12, y12));
    b += 96;
    a += 8;
    a1 += 8;
    a2 += 8;
    if (b >= end) break;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  v128.store(c, s12, 32);
  c += row;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  v128.store(c, s22, 32);
}

/** The same with A by columns; `step`: bytes between columns. */
export function tile3x12Turned(a: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    s12 = v128.load(start, 32);
    start += startRow;
    s20 = v128.load(start);
    s21 = v128.load(start, 16);
    s22 = v128.load(start, 32);
  }
  while (true) {
    const y00 = v128.load(b);
    const y01 = v128.load(b, 16);
    const y02 = v128.load(b, 32);
    const x00 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x00, y00));
    s01 = f32x4.add(s01, f32x4.mul(x00, y01));
    s02 = f32x4.add(s02, f32x4.mul(x00, y02));
    if (!b) break;
    const x01 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x01, y00));
    s11 = f32x4.add(s11, f32x4.mul(x01, y01));
    s12 = f32x4.add(s12, f32x4.mul(x01, y02));
    if (!b) break;
    const x02 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x02, y00));
    s21 = f32x4.add(s21, f32x4.mul(x02, y01));
    s22 = f32x4.add(s22, f32x4.mul(x02, y02));
    a += step;
    if (b + 48 >= end) break;
    const y10 = v128.load(b, 48);
    const y11 = v128.load(b, 64);
    const y12 = v128.load(b, 80);
    const x10 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x10, y10));
    s01 = f32x4.add(s01, f32x4.mul(x10, y11));
    s02 = f32x4.add(s02, f32x4.mul(x10, y12));
    if (!b) break;
    const x11 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x11, y10));
    s11 = f32x4.add(s11, f32x4.mul(x11, y11));
    s12 = f32x4.add(s12, f32x4.mul(x11, y12));
    if (!b) break;
    const x12 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x12, y10));
    s21 = f32x4.add(s21, f32x4.mul(x12, y11));
    s22 = f32x4.add(s22, f32x4.mul(x12, y12));
    a += step;
    b += 96;
    if (b >= end) break;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  v128.store(c, s12, 32);
  c += row;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  v128.store(c, s22, 32);
}

/** As `tile3x12`. */
export function tile4x8(a: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    start += startRow;
    s20 = v128.load(start);
    s21 = v128.load(start, 16);
    start += startRow;
    s30 = v128.load(start);
    s31 = v128.load(start, 16);
  }
  let a1 = a + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  while (true) {
    const y00 = v128.load(b);
    const y01 = v128.load(b, 16);
    const x00 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x00, y00));
    s01 = f32x4.add(s01, f32x4.mul(x00, y01));
    const x01 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x01, y00));
    s11 = f32x4.add(s11, f32x4.mul(x01, y01));
    if (!b) break;
    const x02 = v128.load_splat<f32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x02, y00));
    s21 = f32x4.add(s21, f32x4.mul(x02, y01));
    const x03 = v128.load_splat<f32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x03, y00));
    s31 = f32x4.add(s31, f32x4.mul(x03, y01));
    if (b + 32 >= end) break;
    const y10 = v128.load(b, 32);
    const y11 = v128.load(b, 48);
    const x10 = v128.load_splat<f32>(a, 4);
    s00 = f32x4.add(s00, f32x4.mul(x10, y10));
    s01 = f32x4.add(s01, f32x4.mul(x10, y11));
    const x11 = v128.load_splat<f32>(a1, 4);
    s10 = f32x4.add(s10, f32x4.mul(x11, y10));
    s11 = f32x4.add(s11, f32x4.mul(x11, y11));
    if (!b) break;
    const x12 = v128.load_splat<f32>(a2, 4);
    s20 = f32x4.add(s20, f32x4.mul(x12, y10));
    s21 = f32x4.add(s21, f32x4.mul(x12, y11));
    const x13 = v128.load_splat<f32>(a3, 4);
    s30 = f32x4.add(s30, f32x4.mul(x13, y10));
    s31 = f32x4.add(s31, f32x4.mul(x13, y11));
    b += 64;
    a += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    if (b >= end) break;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += row;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += row;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

/** As `tile3x12Turned`. */
export function tile4x8Turned(a: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    start += startRow;
    s20 = v128.load(start);
    s21 = v128.load(start, 16);
    start += startRow;
    s30 = v128.load(start);
    s31 = v128.load(start, 16);
  }
  while (true) {
    const y00 = v128.load(b);
    const y01 = v128.load(b, 16);
    const x00 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x00, y00));
    s01 = f32x4.add(s01, f32x4.mul(x00, y01));
    const x01 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x01, y00));
    s11 = f32x4.add(s11, f32x4.mul(x01, y01));
    if (!b) break;
    const x02 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x02, y00));
    s21 = f32x4.add(s21, f32x4.mul(x02, y01));
    const x03 = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x03, y00));
    s31 = f32x4.add(s31, f32x4.mul(x03, y01));
    a += step;
    if (b + 32 >= end) break;
    const y10 = v128.load(b, 32);
    const y11 = v128.load(b, 48);
    const x10 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x10, y10));
    s01 = f32x4.add(s01, f32x4.mul(x10, y11));
    const x11 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x11, y10));
    s11 = f32x4.add(s11, f32x4.mul(x11, y11));
    if (!b) break;
    const x12 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x12, y10));
    s21 = f32x4.add(s21, f32x4.mul(x12, y11));
    const x13 = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x13, y10));
    s31 = f32x4.add(s31, f32x4.mul(x13, y11));
    a += step;
    b += 64;
    if (b >= end) break;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += row;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += row;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

/** Two rows of 12 columns of running sums; at least one p. `across`: bytes between rows of A, `step` between columns. */
export function tile2x12(a: usize, across: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    s12 = v128.load(start, 32);
  }
  let a1 = a + across;
  for (; b < end; b += 48) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const y2 = v128.load(b, 32);
    const x0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x0, y0));
    s01 = f32x4.add(s01, f32x4.mul(x0, y1));
    s02 = f32x4.add(s02, f32x4.mul(x0, y2));
    const x1 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, y0));
    s11 = f32x4.add(s11, f32x4.mul(x1, y1));
    s12 = f32x4.add(s12, f32x4.mul(x1, y2));
    a += step;
    a1 += step;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  v128.store(c, s12, 32);
}

/** One row of 12 columns of running sums; at least one p. */
export function tile1x12(a: usize, step: usize, b: usize, end: usize, c: usize, start: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  if (start) {
    s0 = v128.load(start);
    s1 = v128.load(start, 16);
    s2 = v128.load(start, 32);
  }
  for (; b < end; b += 48) {
    const x = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b, 32)));
    a += step;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
}

/** One row of 8 columns of running sums; at least one p. */
export function tile1x8(a: usize, step: usize, b: usize, end: usize, c: usize, start: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  if (start) {
    s0 = v128.load(start);
    s1 = v128.load(start, 16);
  }
  for (; b < end; b += 32) {
    const x = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    a += step;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

/** As `tile3x12`, for instructions of eight floats: V8 joins neighbouring vectors where their stores are neighbours. */
export function tile4x16(a: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  let s23 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  let s32 = f32x4.splat(0);
  let s33 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    s03 = v128.load(start, 48);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    s12 = v128.load(start, 32);
    s13 = v128.load(start, 48);
    start += startRow;
    s20 = v128.load(start);
    s21 = v128.load(start, 16);
    s22 = v128.load(start, 32);
    s23 = v128.load(start, 48);
    start += startRow;
    s30 = v128.load(start);
    s31 = v128.load(start, 16);
    s32 = v128.load(start, 32);
    s33 = v128.load(start, 48);
  }
  let a1 = a + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  while (true) {
    const y00 = v128.load(b);
    const y01 = v128.load(b, 16);
    const y02 = v128.load(b, 32);
    const y03 = v128.load(b, 48);
    const x00 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x00, y00));
    s01 = f32x4.add(s01, f32x4.mul(x00, y01));
    s02 = f32x4.add(s02, f32x4.mul(x00, y02));
    s03 = f32x4.add(s03, f32x4.mul(x00, y03));
    const x01 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x01, y00));
    s11 = f32x4.add(s11, f32x4.mul(x01, y01));
    s12 = f32x4.add(s12, f32x4.mul(x01, y02));
    s13 = f32x4.add(s13, f32x4.mul(x01, y03));
    if (!b) break;
    const x02 = v128.load_splat<f32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x02, y00));
    s21 = f32x4.add(s21, f32x4.mul(x02, y01));
    s22 = f32x4.add(s22, f32x4.mul(x02, y02));
    s23 = f32x4.add(s23, f32x4.mul(x02, y03));
    const x03 = v128.load_splat<f32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x03, y00));
    s31 = f32x4.add(s31, f32x4.mul(x03, y01));
    s32 = f32x4.add(s32, f32x4.mul(x03, y02));
    s33 = f32x4.add(s33, f32x4.mul(x03, y03));
    if (b + 64 >= end) break;
    const y10 = v128.load(b, 64);
    const y11 = v128.load(b, 80);
    const y12 = v128.load(b, 96);
    const y13 = v128.load(b, 112);
    const x10 = v128.load_splat<f32>(a, 4);
    s00 = f32x4.add(s00, f32x4.mul(x10, y10));
    s01 = f32x4.add(s01, f32x4.mul(x10, y11));
    s02 = f32x4.add(s02, f32x4.mul(x10, y12));
    s03 = f32x4.add(s03, f32x4.mul(x10, y13));
    const x11 = v128.load_splat<f32>(a1, 4);
    s10 = f32x4.add(s10, f32x4.mul(x11, y10));
    s11 = f32x4.add(s11, f32x4.mul(x11, y11));
    s12 = f32x4.add(s12, f32x4.mul(x11, y12));
    s13 = f32x4.add(s13, f32x4.mul(x11, y13));
    if (!b) break;
    const x12 = v128.load_splat<f32>(a2, 4);
    s20 = f32x4.add(s20, f32x4.mul(x12, y10));
    s21 = f32x4.add(s21, f32x4.mul(x12, y11));
    s22 = f32x4.add(s22, f32x4.mul(x12, y12));
    s23 = f32x4.add(s23, f32x4.mul(x12, y13));
    const x13 = v128.load_splat<f32>(a3, 4);
    s30 = f32x4.add(s30, f32x4.mul(x13, y10));
    s31 = f32x4.add(s31, f32x4.mul(x13, y11));
    s32 = f32x4.add(s32, f32x4.mul(x13, y12));
    s33 = f32x4.add(s33, f32x4.mul(x13, y13));
    b += 128;
    a += 8;
    a1 += 8;
    a2 += 8;
    a3 += 8;
    if (b >= end) break;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  v128.store(c, s03, 48);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  v128.store(c, s12, 32);
  v128.store(c, s13, 48);
  c += row;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  v128.store(c, s22, 32);
  v128.store(c, s23, 48);
  c += row;
  v128.store(c, s30);
  v128.store(c, s31, 16);
  v128.store(c, s32, 32);
  v128.store(c, s33, 48);
}

/** As `tile4x16`, with A by columns. */
export function tile4x16Turned(a: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s13 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s22 = f32x4.splat(0);
  let s23 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  let s32 = f32x4.splat(0);
  let s33 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    s03 = v128.load(start, 48);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    s12 = v128.load(start, 32);
    s13 = v128.load(start, 48);
    start += startRow;
    s20 = v128.load(start);
    s21 = v128.load(start, 16);
    s22 = v128.load(start, 32);
    s23 = v128.load(start, 48);
    start += startRow;
    s30 = v128.load(start);
    s31 = v128.load(start, 16);
    s32 = v128.load(start, 32);
    s33 = v128.load(start, 48);
  }
  while (true) {
    const y00 = v128.load(b);
    const y01 = v128.load(b, 16);
    const y02 = v128.load(b, 32);
    const y03 = v128.load(b, 48);
    const x00 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x00, y00));
    s01 = f32x4.add(s01, f32x4.mul(x00, y01));
    s02 = f32x4.add(s02, f32x4.mul(x00, y02));
    s03 = f32x4.add(s03, f32x4.mul(x00, y03));
    const x01 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x01, y00));
    s11 = f32x4.add(s11, f32x4.mul(x01, y01));
    s12 = f32x4.add(s12, f32x4.mul(x01, y02));
    s13 = f32x4.add(s13, f32x4.mul(x01, y03));
    if (!b) break;
    const x02 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x02, y00));
    s21 = f32x4.add(s21, f32x4.mul(x02, y01));
    s22 = f32x4.add(s22, f32x4.mul(x02, y02));
    s23 = f32x4.add(s23, f32x4.mul(x02, y03));
    const x03 = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x03, y00));
    s31 = f32x4.add(s31, f32x4.mul(x03, y01));
    s32 = f32x4.add(s32, f32x4.mul(x03, y02));
    s33 = f32x4.add(s33, f32x4.mul(x03, y03));
    a += step;
    if (b + 64 >= end) break;
    const y10 = v128.load(b, 64);
    const y11 = v128.load(b, 80);
    const y12 = v128.load(b, 96);
    const y13 = v128.load(b, 112);
    const x10 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x10, y10));
    s01 = f32x4.add(s01, f32x4.mul(x10, y11));
    s02 = f32x4.add(s02, f32x4.mul(x10, y12));
    s03 = f32x4.add(s03, f32x4.mul(x10, y13));
    const x11 = v128.load_splat<f32>(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x11, y10));
    s11 = f32x4.add(s11, f32x4.mul(x11, y11));
    s12 = f32x4.add(s12, f32x4.mul(x11, y12));
    s13 = f32x4.add(s13, f32x4.mul(x11, y13));
    if (!b) break;
    const x12 = v128.load_splat<f32>(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x12, y10));
    s21 = f32x4.add(s21, f32x4.mul(x12, y11));
    s22 = f32x4.add(s22, f32x4.mul(x12, y12));
    s23 = f32x4.add(s23, f32x4.mul(x12, y13));
    const x13 = v128.load_splat<f32>(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x13, y10));
    s31 = f32x4.add(s31, f32x4.mul(x13, y11));
    s32 = f32x4.add(s32, f32x4.mul(x13, y12));
    s33 = f32x4.add(s33, f32x4.mul(x13, y13));
    a += step;
    b += 128;
    if (b >= end) break;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  v128.store(c, s03, 48);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  v128.store(c, s12, 32);
  v128.store(c, s13, 48);
  c += row;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  v128.store(c, s22, 32);
  v128.store(c, s23, 48);
  c += row;
  v128.store(c, s30);
  v128.store(c, s31, 16);
  v128.store(c, s32, 32);
  v128.store(c, s33, 48);
}

/** Two rows of 16 columns of running sums; at least one p. `across`: bytes between rows of A, `step` between columns. */
export function tile2x16(a: usize, across: usize, step: usize, b: usize, end: usize, c: usize, row: usize, start: usize, startRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s12 = f32x4.splat(0);
  let s13 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    s03 = v128.load(start, 48);
    start += startRow;
    s10 = v128.load(start);
    s11 = v128.load(start, 16);
    s12 = v128.load(start, 32);
    s13 = v128.load(start, 48);
  }
  let a1 = a + across;
  for (; b < end; b += 64) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const y2 = v128.load(b, 32);
    const y3 = v128.load(b, 48);
    const x0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x0, y0));
    s01 = f32x4.add(s01, f32x4.mul(x0, y1));
    s02 = f32x4.add(s02, f32x4.mul(x0, y2));
    s03 = f32x4.add(s03, f32x4.mul(x0, y3));
    const x1 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, y0));
    s11 = f32x4.add(s11, f32x4.mul(x1, y1));
    s12 = f32x4.add(s12, f32x4.mul(x1, y2));
    s13 = f32x4.add(s13, f32x4.mul(x1, y3));
    a += step;
    a1 += step;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  v128.store(c, s03, 48);
  c += row;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  v128.store(c, s12, 32);
  v128.store(c, s13, 48);
}

/** One row of 16 columns of running sums; at least one p. */
export function tile1x16(a: usize, step: usize, b: usize, end: usize, c: usize, start: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  if (start) {
    s00 = v128.load(start);
    s01 = v128.load(start, 16);
    s02 = v128.load(start, 32);
    s03 = v128.load(start, 48);
  }
  for (; b < end; b += 64) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    const y2 = v128.load(b, 32);
    const y3 = v128.load(b, 48);
    const x0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(x0, y0));
    s01 = f32x4.add(s01, f32x4.mul(x0, y1));
    s02 = f32x4.add(s02, f32x4.mul(x0, y2));
    s03 = f32x4.add(s03, f32x4.mul(x0, y3));
    a += step;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s02, 32);
  v128.store(c, s03, 48);
}
