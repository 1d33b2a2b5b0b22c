import { panelSpace, wideVectors } from "./constant-table";

/** The gradients of `direct-windows.ts`; its words and bits. */

/** dFilter[k] += Σ over places ascending of the window's k-th value·g; g [outRows, outColumns, features]. */
export function addFilterGradient(
  frame: usize, line: usize, span: usize, step: usize, height: i32, g: usize, dFilter: usize,
  features: i32, outRows: i32, outColumns: i32, down: i32,
): void {
  const gap = <usize>down * line - <usize>outColumns * step;
  const all = <usize>height * span;
  if (features == 4) {
    for (let k: usize = 0; k < all; k += 32) {
      const a = frame + (k / span) * line + (k % span);
      const b = frame + ((k + 16) / span) * line + ((k + 16) % span);
      values8x4(a, b, step, gap, g, outRows, outColumns, dFilter);
      dFilter += 128;
    }
  } else {
    let k: usize = 0;
    if (wideVectors()) {
      for (; k + 32 <= all; k += 32) {
        const a = frame + (k / span) * line + (k % span);
        const b = frame + ((k + 16) / span) * line + ((k + 16) % span);
        values8x8(a, b, step, gap, g, outRows, outColumns, dFilter);
        dFilter += 256;
      }
    }
    for (; k < all; k += 16) {
      values4x8(frame + (k / span) * line + (k % span), step, gap, g, outRows, outColumns, dFilter);
      dFilter += 128;
    }
  }
}

/** Four values from a and four from b, with 4 features. */
function values8x4(a: usize, b: usize, step: usize, gap: usize, g: usize, rows: i32, columns: i32, c: usize): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  let s2 = v128.load(c, 32);
  let s3 = v128.load(c, 48);
  let s4 = v128.load(c, 64);
  let s5 = v128.load(c, 80);
  let s6 = v128.load(c, 96);
  let s7 = v128.load(c, 112);
  for (let p = 0; p < rows; p++) {
    const end = g + (<usize>columns << 4);
    while (g < end) {
      const y = v128.load(g);
      s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a), y));
      s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(a, 4), y));
      s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(a, 8), y));
      s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(a, 12), y));
      if (!g) break;
      s4 = f32x4.add(s4, f32x4.mul(v128.load_splat<f32>(b), y));
      s5 = f32x4.add(s5, f32x4.mul(v128.load_splat<f32>(b, 4), y));
      s6 = f32x4.add(s6, f32x4.mul(v128.load_splat<f32>(b, 8), y));
      s7 = f32x4.add(s7, f32x4.mul(v128.load_splat<f32>(b, 12), y));
      g += 16;
      a += step;
      b += step;
    }
    a += gap;
    b += gap;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
  v128.store(c, s2, 32);
  v128.store(c, s3, 48);
  v128.store(c, s4, 64);
  v128.store(c, s5, 80);
  v128.store(c, s6, 96);
  v128.store(c, s7, 112);
}

/** Four values with 8 features. */
function values4x8(a: usize, step: usize, gap: usize, g: usize, rows: i32, columns: i32, c: usize): void {
  let s00 = v128.load(c);
  let s01 = v128.load(c, 16);
  let s10 = v128.load(c, 32);
  let s11 = v128.load(c, 48);
  let s20 = v128.load(c, 64);
  let s21 = v128.load(c, 80);
  let s30 = v128.load(c, 96);
  let s31 = v128.load(c, 112);
  for (let p = 0; p < rows; p++) {
    const end = g + (<usize>columns << 5);
    while (g < end) {
      const y0 = v128.load(g);
      const y1 = v128.load(g, 16);
      const x0 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      s01 = f32x4.add(s01, f32x4.mul(x0, y1));
      const x1 = v128.load_splat<f32>(a, 4);
      s10 = f32x4.add(s10, f32x4.mul(x1, y0));
      s11 = f32x4.add(s11, f32x4.mul(x1, y1));
      if (!g) break;
      const x2 = v128.load_splat<f32>(a, 8);
      s20 = f32x4.add(s20, f32x4.mul(x2, y0));
      s21 = f32x4.add(s21, f32x4.mul(x2, y1));
      const x3 = v128.load_splat<f32>(a, 12);
      s30 = f32x4.add(s30, f32x4.mul(x3, y0));
      s31 = f32x4.add(s31, f32x4.mul(x3, y1));
      g += 32;
      a += step;
    }
    a += gap;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s10, 32);
  v128.store(c, s11, 48);
  v128.store(c, s20, 64);
  v128.store(c, s21, 80);
  v128.store(c, s30, 96);
  v128.store(c, s31, 112);
}

/** Four values from a and four from b, with 8 features, for vectors of 256 bits. */
function values8x8(a: usize, b: usize, step: usize, gap: usize, g: usize, rows: i32, columns: i32, c: usize): void {
  let s00 = v128.load(c);
  let s01 = v128.load(c, 16);
  let s10 = v128.load(c, 32);
  let s11 = v128.load(c, 48);
  let s20 = v128.load(c, 64);
  let s21 = v128.load(c, 80);
  let s30 = v128.load(c, 96);
  let s31 = v128.load(c, 112);
  let s40 = v128.load(c, 128);
  let s41 = v128.load(c, 144);
  let s50 = v128.load(c, 160);
  let s51 = v128.load(c, 176);
  let s60 = v128.load(c, 192);
  let s61 = v128.load(c, 208);
  let s70 = v128.load(c, 224);
  let s71 = v128.load(c, 240);
  for (let p = 0; p < rows; p++) {
    const end = g + (<usize>columns << 5);
    while (g < end) {
      const y0 = v128.load(g);
      const y1 = v128.load(g, 16);
      const x0 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      s01 = f32x4.add(s01, f32x4.mul(x0, y1));
      const x1 = v128.load_splat<f32>(a, 4);
      s10 = f32x4.add(s10, f32x4.mul(x1, y0));
      s11 = f32x4.add(s11, f32x4.mul(x1, y1));
      const x2 = v128.load_splat<f32>(a, 8);
      s20 = f32x4.add(s20, f32x4.mul(x2, y0));
      s21 = f32x4.add(s21, f32x4.mul(x2, y1));
      const x3 = v128.load_splat<f32>(a, 12);
      s30 = f32x4.add(s30, f32x4.mul(x3, y0));
      s31 = f32x4.add(s31, f32x4.mul(x3, y1));
      if (!g) break;
      const x4 = v128.load_splat<f32>(b);
      s40 = f32x4.add(s40, f32x4.mul(x4, y0));
      s41 = f32x4.add(s41, f32x4.mul(x4, y1));
      const x5 = v128.load_splat<f32>(b, 4);
      s50 = f32x4.add(s50, f32x4.mul(x5, y0));
      s51 = f32x4.add(s51, f32x4.mul(x5, y1));
      const x6 = v128.load_splat<f32>(b, 8);
      s60 = f32x4.add(s60, f32x4.mul(x6, y0));
      s61 = f32x4.add(s61, f32x4.mul(x6, y1));
      const x7 = v128.load_splat<f32>(b, 12);
      s70 = f32x4.add(s70, f32x4.mul(x7, y0));
      s71 = f32x4.add(s71, f32x4.mul(x7, y1));
      g += 32;
      a += step;
      b += step;
    }
    a += gap;
    b += gap;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c, s10, 32);
  v128.store(c, s11, 48);
  v128.store(c, s20, 64);
  v128.store(c, s21, 80);
  v128.store(c, s30, 96);
  v128.store(c, s31, 112);
  v128.store(c, s40, 128);
  v128.store(c, s41, 144);
  v128.store(c, s50, 160);
  v128.store(c, s51, 176);
  v128.store(c, s60, 192);
  v128.store(c, s61, 208);
  v128.store(c, s70, 224);
  v128.store(c, s71, 240);
}

/**
 * The adjoint of `directProduct`: adds each place's window Σ_f g[f]·turned[f], f ascending, to the frame, places ascending. g [outRows,
 * outColumns, features]; turned [features, values of a window].
 */
export function addSpread(
  g: usize, turned: usize, frame: usize, line: usize, span: usize, step: usize, height: i32,
  features: i32, outRows: i32, outColumns: i32, down: i32,
): void {
  const values = <usize>height * span;
  const size = <usize>features << 2;
  // Where the second, third and fourth quarter of 64 bytes of a window lie: whole lines, because a line has 16, 32 or 64 bytes.
  const to1: usize = span == 16 ? line : <usize>16;
  const to2: usize = span == 64 ? <usize>32 : span == 32 ? line : 2 * line;
  const to3: usize = span == 64 ? <usize>48 : span == 32 ? line + 16 : 3 * line;
  const lines: usize = 64 / span;
  const wide = wideVectors();
  for (let p = 0; p < outRows; p++) {
    let to = frame;
    for (let q = 0; q < outColumns; q += 2) {
      const two = q + 1 < outColumns;
      const next = two ? size : 0;
      let at = to;
      for (let k: usize = 0; k < values; k += 64) {
        if (wide) spreadWide(g, g + next, features, turned + k, values, at, at + step, to1, to2, to3, two);
        else spread(g, g + next, features, turned + k, values, at, at + step, to1, to2, to3, two);
        at += lines * line;
      }
      g += size + next;
      to += 2 * step;
    }
    frame += <usize>down * line;
  }
}

/** 16 values of the windows of one or two places. */
@inline
function spread(
  g: usize, h: usize, features: i32, w: usize, row: usize, a: usize, b: usize, to1: usize, to2: usize, to3: usize, two: bool,
): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  const end = g + (<usize>features << 2);
  while (g < end) {
    const x = v128.load_splat<f32>(g);
    const z = v128.load_splat<f32>(h);
    const y0 = v128.load(w);
    s0 = f32x4.add(s0, f32x4.mul(x, y0));
    t0 = f32x4.add(t0, f32x4.mul(z, y0));
    const y1 = v128.load(w, 16);
    s1 = f32x4.add(s1, f32x4.mul(x, y1));
    t1 = f32x4.add(t1, f32x4.mul(z, y1));
    if (!w) break;
    const y2 = v128.load(w, 32);
    s2 = f32x4.add(s2, f32x4.mul(x, y2));
    t2 = f32x4.add(t2, f32x4.mul(z, y2));
    const y3 = v128.load(w, 48);
    s3 = f32x4.add(s3, f32x4.mul(x, y3));
    t3 = f32x4.add(t3, f32x4.mul(z, y3));
    g += 4;
    h += 4;
    w += row;
  }
  v128.store(a, f32x4.add(v128.load(a), s0));
  v128.store(a + to1, f32x4.add(v128.load(a + to1), s1));
  v128.store(a + to2, f32x4.add(v128.load(a + to2), s2));
  v128.store(a + to3, f32x4.add(v128.load(a + to3), s3));
  if (!two) return;
  v128.store(b, f32x4.add(v128.load(b), t0));
  v128.store(b + to1, f32x4.add(v128.load(b + to1), t1));
  v128.store(b + to2, f32x4.add(v128.load(b + to2), t2));
  v128.store(b + to3, f32x4.add(v128.load(b + to3), t3));
}

/** The same for vectors of 256 bits: V8 joins sums whose stores are neighbours, so they go through scratch. */
function spreadWide(
  g: usize, h: usize, features: i32, w: usize, row: usize, a: usize, b: usize, to1: usize, to2: usize, to3: usize, two: bool,
): void {
  const sums = panelSpace();
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let t0 = f32x4.splat(0);
  let t1 = f32x4.splat(0);
  let t2 = f32x4.splat(0);
  let t3 = f32x4.splat(0);
  const end = g + (<usize>features << 2);
  while (g < end) {
    const y0 = v128.load(w);
    const y1 = v128.load(w, 16);
    const y2 = v128.load(w, 32);
    const y3 = v128.load(w, 48);
    const x = v128.load_splat<f32>(g);
    s0 = f32x4.add(s0, f32x4.mul(x, y0));
    s1 = f32x4.add(s1, f32x4.mul(x, y1));
    s2 = f32x4.add(s2, f32x4.mul(x, y2));
    s3 = f32x4.add(s3, f32x4.mul(x, y3));
    const z = v128.load_splat<f32>(h);
    t0 = f32x4.add(t0, f32x4.mul(z, y0));
    t1 = f32x4.add(t1, f32x4.mul(z, y1));
    t2 = f32x4.add(t2, f32x4.mul(z, y2));
    t3 = f32x4.add(t3, f32x4.mul(z, y3));
    g += 4;
    h += 4;
    w += row;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
  v128.store(sums, t0, 64);
  v128.store(sums, t1, 80);
  v128.store(sums, t2, 96);
  v128.store(sums, t3, 112);
  v128.store(a, f32x4.add(v128.load(a), v128.load(sums)));
  v128.store(a + to1, f32x4.add(v128.load(a + to1), v128.load(sums, 16)));
  v128.store(a + to2, f32x4.add(v128.load(a + to2), v128.load(sums, 32)));
  v128.store(a + to3, f32x4.add(v128.load(a + to3), v128.load(sums, 48)));
  if (!two) return;
  v128.store(b, f32x4.add(v128.load(b), v128.load(sums, 64)));
  v128.store(b + to1, f32x4.add(v128.load(b + to1), v128.load(sums, 80)));
  v128.store(b + to2, f32x4.add(v128.load(b + to2), v128.load(sums, 96)));
  v128.store(b + to3, f32x4.add(v128.load(b + to3), v128.load(sums, 112)));
}
