import { copy, fillZero } from "./windows";

/**
 * Convolutions with 4 or 8 features straight from an image in a frame of zeros, without its windows laid out as a matrix. A window's values
 * are `height` lines of `span` bytes, `line` bytes apart in the frame; the next window of a row starts `step` bytes further, the next row of
 * windows `down` lines further. Every sum takes its terms in the order in which `multiply`, `gatherWindows` and `addWindows` do, with the
 * same bits.
 */

/** Whether the functions of this file take the sizes. Then a frame is no larger than the windows laid out. */
export function isDirect(
  features: i32, channels: i32, height: i32, width: i32, outColumns: i32, down: i32, right: i32,
): bool {
  const span = width * channels;
  const fits = features == 4 ? outColumns >= 8 : features == 8 && outColumns >= 4;
  return fits && (span == 4 || span == 8 || span == 16) && ((height * span) & 15) == 0 && down <= height && right <= width;
}

/** Bytes of a line of the frame. */
@inline
export function frameLine(channels: i32, width: i32, outColumns: i32, right: i32): usize {
  return <usize>(((outColumns - 1) * right + width) * channels) << 2;
}

/** Copies the part of an image that windows see into a frame, zeros around it. */
export function frameImage(
  image: usize, frame: usize, rows: i32, columns: i32, channels: i32, height: i32, outRows: i32, down: i32, top: i32, left: i32, line: usize,
): void {
  const pixel = <usize>channels << 2;
  const before = min<usize>(<usize>left * pixel, line);
  const inside = min<usize>(<usize>columns * pixel, line - before);
  const all = (outRows - 1) * down + height;
  for (let y = 0; y < all; y++) {
    const from = y - top;
    if (from < 0 || from >= rows) fillZero(frame, line);
    else {
      fillZero(frame, before);
      copy(image + <usize>(from * columns) * pixel, frame + before, inside);
      fillZero(frame + before + inside, line - before - inside);
    }
    frame += line;
  }
}

/** Copies that part back; the rest of the image is left alone. */
export function unframeImage(
  frame: usize, image: usize, rows: i32, columns: i32, channels: i32, height: i32, outRows: i32, down: i32, top: i32, left: i32, line: usize,
): void {
  const pixel = <usize>channels << 2;
  const before = min<usize>(<usize>left * pixel, line);
  const inside = min<usize>(<usize>columns * pixel, line - before);
  const all = min<i32>((outRows - 1) * down + height, rows + top);
  for (let y = top; y < all; y++) {
    copy(frame + <usize>y * line + before, image + <usize>((y - top) * columns) * pixel, inside);
  }
}

/** y[p,q] = bias (0: none) + Σ over the window's values ascending of value·filter row. y [outRows, outColumns, features]. */
export function directProduct(
  frame: usize, line: usize, span: usize, step: usize, height: i32, filter: usize, bias: usize, y: usize,
  features: i32, outRows: i32, outColumns: i32, down: i32,
): void {
  const narrow = features == 4;
  const places = narrow ? 8 : 4;
  const size = <usize>features << 2;
  for (let p = 0; p < outRows; p++) {
    for (let q = 0; q < outColumns; q += places) {
      // The last ones overlap with those before: the same values once more.
      const first = <usize>min<i32>(q, outColumns - places);
      const from = frame + first * step;
      if (narrow) product8x4(from, line, span, step, height, filter, bias, y + first * size);
      else product4x8(from, line, span, step, height, filter, bias, y + first * size);
    }
    frame += <usize>down * line;
    y += <usize>outColumns * size;
  }
}

/** 8 places of 4 features. The tests that never hold: see `tile3x12`. */
function product8x4(a: usize, line: usize, span: usize, step: usize, height: i32, w: usize, bias: usize, c: usize): void {
  const start = bias ? v128.load(bias) : f32x4.splat(0);
  let s0 = start;
  let s1 = start;
  let s2 = start;
  let s3 = start;
  let s4 = start;
  let s5 = start;
  let s6 = start;
  let s7 = start;
  const skip = line - span;
  let a1 = a + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  let a4 = a3 + step;
  let a5 = a4 + step;
  let a6 = a5 + step;
  let a7 = a6 + step;
  for (let i = 0; i < height; i++) {
    const end = a + span;
    while (a < end) {
      const y = v128.load(w);
      s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a), y));
      s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(a1), y));
      s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(a2), y));
      s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(a3), y));
      if (!w) break;
      s4 = f32x4.add(s4, f32x4.mul(v128.load_splat<f32>(a4), y));
      s5 = f32x4.add(s5, f32x4.mul(v128.load_splat<f32>(a5), y));
      s6 = f32x4.add(s6, f32x4.mul(v128.load_splat<f32>(a6), y));
      s7 = f32x4.add(s7, f32x4.mul(v128.load_splat<f32>(a7), y));
      if (!w) break;
      const z = v128.load(w, 16);
      s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a, 4), z));
      s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(a1, 4), z));
      s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(a2, 4), z));
      s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(a3, 4), z));
      if (!w) break;
      s4 = f32x4.add(s4, f32x4.mul(v128.load_splat<f32>(a4, 4), z));
      s5 = f32x4.add(s5, f32x4.mul(v128.load_splat<f32>(a5, 4), z));
      s6 = f32x4.add(s6, f32x4.mul(v128.load_splat<f32>(a6, 4), z));
      s7 = f32x4.add(s7, f32x4.mul(v128.load_splat<f32>(a7, 4), z));
      w += 32;
      a += 8;
      a1 += 8;
      a2 += 8;
      a3 += 8;
      a4 += 8;
      a5 += 8;
      a6 += 8;
      a7 += 8;
    }
    a += skip;
    a1 += skip;
    a2 += skip;
    a3 += skip;
    a4 += skip;
    a5 += skip;
    a6 += skip;
    a7 += skip;
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

/** 4 places of 8 features. */
function product4x8(a: usize, line: usize, span: usize, step: usize, height: i32, w: usize, bias: usize, c: usize): void {
  const start = bias ? v128.load(bias) : f32x4.splat(0);
  const more = bias ? v128.load(bias, 16) : f32x4.splat(0);
  let s00 = start;
  let s01 = more;
  let s10 = start;
  let s11 = more;
  let s20 = start;
  let s21 = more;
  let s30 = start;
  let s31 = more;
  const skip = line - span;
  let a1 = a + step;
  let a2 = a1 + step;
  let a3 = a2 + step;
  for (let i = 0; i < height; i++) {
    const end = a + span;
    while (a < end) {
      const y0 = v128.load(w);
      const y1 = v128.load(w, 16);
      const x0 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(x0, y0));
      s01 = f32x4.add(s01, f32x4.mul(x0, y1));
      const x1 = v128.load_splat<f32>(a1);
      s10 = f32x4.add(s10, f32x4.mul(x1, y0));
      s11 = f32x4.add(s11, f32x4.mul(x1, y1));
      if (!w) break;
      const x2 = v128.load_splat<f32>(a2);
      s20 = f32x4.add(s20, f32x4.mul(x2, y0));
      s21 = f32x4.add(s21, f32x4.mul(x2, y1));
      const x3 = v128.load_splat<f32>(a3);
      s30 = f32x4.add(s30, f32x4.mul(x3, y0));
      s31 = f32x4.add(s31, f32x4.mul(x3, y1));
      if (!w) break;
      const z0 = v128.load(w, 32);
      const z1 = v128.load(w, 48);
      const u0 = v128.load_splat<f32>(a, 4);
      s00 = f32x4.add(s00, f32x4.mul(u0, z0));
      s01 = f32x4.add(s01, f32x4.mul(u0, z1));
      const u1 = v128.load_splat<f32>(a1, 4);
      s10 = f32x4.add(s10, f32x4.mul(u1, z0));
      s11 = f32x4.add(s11, f32x4.mul(u1, z1));
      if (!w) break;
      const u2 = v128.load_splat<f32>(a2, 4);
      s20 = f32x4.add(s20, f32x4.mul(u2, z0));
      s21 = f32x4.add(s21, f32x4.mul(u2, z1));
      const u3 = v128.load_splat<f32>(a3, 4);
      s30 = f32x4.add(s30, f32x4.mul(u3, z0));
      s31 = f32x4.add(s31, f32x4.mul(u3, z1));
      w += 64;
      a += 8;
      a1 += 8;
      a2 += 8;
      a3 += 8;
    }
    a += skip;
    a1 += skip;
    a2 += skip;
    a3 += skip;
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
