/**
 * C[m,n] = start + A·B for one run, float32, B and C row-major and dense; A with any strides in bytes, so that Aᵀ needs no copy.
 * `start` is the address of n floats (a bias) or 0.
 *
 * Every element is start + Σ_p a_p·b_p with p ascending and a separately rounded product and sum, in every path below.
 * So the result does not depend on where an element lies (vector body, tail column, tail row), nor on the machine.
 *
 * The columns are cut into panels of 16, then 4, then 1; a panel of B stays in the nearest cache while A streams by. Two rows
 * by 16 columns are eight running sums, which with their operands fill the 15 vector registers that V8 hands out.
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
): void {
  const row = <usize>n << 2;
  const columns = row & ~63;
  const quads = row & ~15;
  let j: usize = 0;
  for (; j < columns; j += 64) panel16(a, aRow, aColumn, b + j, c + j, m, k, row, start ? start + j : 0);
  for (; j < quads; j += 16) panel4(a, aRow, aColumn, b + j, c + j, m, k, row, start ? start + j : 0);
  for (; j < row; j += 4) panel1(a, aRow, aColumn, b + j, c + j, m, k, row, start ? start + j : 0);
}

/** B[rows,columns] → out[columns,rows]. */
export function transpose(b: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns << 2;
  for (let j = 0; j < columns; j++) {
    let from = b + (<usize>j << 2);
    for (let i = 0; i < rows; i++) {
      store<f32>(out, load<f32>(from));
      from += row;
      out += 4;
    }
  }
}

function panel16(a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, m: i32, k: i32, row: usize, start: usize): void {
  let b0 = f32x4.splat(0);
  let b1 = b0;
  let b2 = b0;
  let b3 = b0;
  if (start) {
    b0 = v128.load(start);
    b1 = v128.load(start, 16);
    b2 = v128.load(start, 32);
    b3 = v128.load(start, 48);
  }
  const end = b + <usize>k * row;
  for (; m >= 2; m -= 2) {
    let s0 = b0;
    let s1 = b1;
    let s2 = b2;
    let s3 = b3;
    let t0 = b0;
    let t1 = b1;
    let t2 = b2;
    let t3 = b3;
    let p = a;
    let q = a + aRow;
    for (let r = b; r < end; r += row) {
      const r0 = v128.load(r);
      const r1 = v128.load(r, 16);
      const r2 = v128.load(r, 32);
      const r3 = v128.load(r, 48);
      const x = v128.load_splat<f32>(p);
      s0 = f32x4.add(s0, f32x4.mul(x, r0));
      s1 = f32x4.add(s1, f32x4.mul(x, r1));
      s2 = f32x4.add(s2, f32x4.mul(x, r2));
      s3 = f32x4.add(s3, f32x4.mul(x, r3));
      const y = v128.load_splat<f32>(q);
      t0 = f32x4.add(t0, f32x4.mul(y, r0));
      t1 = f32x4.add(t1, f32x4.mul(y, r1));
      t2 = f32x4.add(t2, f32x4.mul(y, r2));
      t3 = f32x4.add(t3, f32x4.mul(y, r3));
      p += aColumn;
      q += aColumn;
    }
    v128.store(c, s0);
    v128.store(c, s1, 16);
    v128.store(c, s2, 32);
    v128.store(c, s3, 48);
    v128.store(c + row, t0);
    v128.store(c + row, t1, 16);
    v128.store(c + row, t2, 32);
    v128.store(c + row, t3, 48);
    c += row + row;
    a += aRow + aRow;
  }
  if (m == 0) return;
  let s0 = b0;
  let s1 = b1;
  let s2 = b2;
  let s3 = b3;
  for (let r = b; r < end; r += row) {
    const x = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(r)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(r, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(r, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(r, 48)));
    a += aColumn;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
}

function panel4(a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, m: i32, k: i32, row: usize, start: usize): void {
  let first = f32x4.splat(0);
  if (start) first = v128.load(start);
  const end = b + <usize>k * row;
  for (; m >= 4; m -= 4) {
    let s0 = first;
    let s1 = first;
    let s2 = first;
    let s3 = first;
    let p0 = a;
    let p1 = p0 + aRow;
    let p2 = p1 + aRow;
    let p3 = p2 + aRow;
    for (let r = b; r < end; r += row) {
      const x = v128.load(r);
      s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(p0), x));
      s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(p1), x));
      s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(p2), x));
      s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(p3), x));
      p0 += aColumn;
      p1 += aColumn;
      p2 += aColumn;
      p3 += aColumn;
    }
    v128.store(c, s0);
    c += row;
    v128.store(c, s1);
    c += row;
    v128.store(c, s2);
    c += row;
    v128.store(c, s3);
    c += row;
    a += aRow << 2;
  }
  for (; m > 0; m--) {
    let s = first;
    let p = a;
    for (let r = b; r < end; r += row) {
      s = f32x4.add(s, f32x4.mul(v128.load_splat<f32>(p), v128.load(r)));
      p += aColumn;
    }
    v128.store(c, s);
    c += row;
    a += aRow;
  }
}

function panel1(a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, m: i32, k: i32, row: usize, start: usize): void {
  let first: f32 = 0;
  if (start) first = load<f32>(start);
  const end = b + <usize>k * row;
  for (; m >= 4; m -= 4) {
    let s0 = first;
    let s1 = first;
    let s2 = first;
    let s3 = first;
    let p0 = a;
    let p1 = p0 + aRow;
    let p2 = p1 + aRow;
    let p3 = p2 + aRow;
    for (let r = b; r < end; r += row) {
      const x = load<f32>(r);
      s0 += load<f32>(p0) * x;
      s1 += load<f32>(p1) * x;
      s2 += load<f32>(p2) * x;
      s3 += load<f32>(p3) * x;
      p0 += aColumn;
      p1 += aColumn;
      p2 += aColumn;
      p3 += aColumn;
    }
    store<f32>(c, s0);
    c += row;
    store<f32>(c, s1);
    c += row;
    store<f32>(c, s2);
    c += row;
    store<f32>(c, s3);
    c += row;
    a += aRow << 2;
  }
  for (; m > 0; m--) {
    let s = first;
    let p = a;
    for (let r = b; r < end; r += row) {
      s += load<f32>(p) * load<f32>(r);
      p += aColumn;
    }
    store<f32>(c, s);
    c += row;
    a += aRow;
  }
}
