import { panelSpace, wideVectors } from "./constant-table";
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
  const apart = right * channels;
  const places = apart == 1 || apart == 2 || apart == 4 || apart == 8;
  return fits && places && (span == 4 || span == 8 || span == 16) && ((height * span) & 15) == 0 && down <= height && right <= width;
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
  const wide = !narrow && outColumns >= 8 && wideVectors();
  const places = narrow || wide ? 8 : 4;
  const size = <usize>features << 2;
  for (let p = 0; p < outRows; p++) {
    for (let q = 0; q < outColumns; q += places) {
      // The last ones overlap with those before: the same values once more.
      const first = <usize>min<i32>(q, outColumns - places);
      const from = frame + first * step;
      if (narrow) product8x4(from, line, span, step, height, filter, bias, y + first * size);
      else if (wide) product8x8(from, line, span, step, height, filter, bias, y + first * size);
      else product4x8(from, line, span, step, height, filter, bias, y + first * size);
    }
    frame += <usize>down * line;
    y += <usize>outColumns * size;
  }
}


/** 4 places of 8 features. */
function product4x8(a: usize, line: usize, span: usize, step: usize, height: i32, w: usize, bias: usize, c: usize): void {
  const from = bias ? bias : zeros();
  const start = v128.load(from);
  const more = v128.load(from, 16);
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

/** 8 places of 4 features, `Step` bytes apart, so that one address serves all places. The tests that never hold: see `tile3x12`. */
function places8x4<Step>(a: usize, line: usize, span: usize, height: i32, w: usize, bias: usize, c: usize): void {
  const start0 = bias ? v128.load(bias) : f32x4.splat(0);
  let s00 = start0;
  let s10 = start0;
  let s20 = start0;
  let s30 = start0;
  let s40 = start0;
  let s50 = start0;
  let s60 = start0;
  let s70 = start0;
  const skip = line - span;
  for (let i = 0; i < height; i++) {
    const end = a + span;
    while (a < end) {
      const y00 = v128.load(w);
      const x00 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(x00, y00));
      const x01 = v128.load_splat<f32>(a, offsetof<Step>());
      s10 = f32x4.add(s10, f32x4.mul(x01, y00));
      const x02 = v128.load_splat<f32>(a, 2 * offsetof<Step>());
      s20 = f32x4.add(s20, f32x4.mul(x02, y00));
      const x03 = v128.load_splat<f32>(a, 3 * offsetof<Step>());
      s30 = f32x4.add(s30, f32x4.mul(x03, y00));
      if (!w) break;
      const x04 = v128.load_splat<f32>(a, 4 * offsetof<Step>());
      s40 = f32x4.add(s40, f32x4.mul(x04, y00));
      const x05 = v128.load_splat<f32>(a, 5 * offsetof<Step>());
      s50 = f32x4.add(s50, f32x4.mul(x05, y00));
      const x06 = v128.load_splat<f32>(a, 6 * offsetof<Step>());
      s60 = f32x4.add(s60, f32x4.mul(x06, y00));
      const x07 = v128.load_splat<f32>(a, 7 * offsetof<Step>());
      s70 = f32x4.add(s70, f32x4.mul(x07, y00));
      if (!w) break;
      const y10 = v128.load(w, 16);
      const x10 = v128.load_splat<f32>(a, 4);
      s00 = f32x4.add(s00, f32x4.mul(x10, y10));
      const x11 = v128.load_splat<f32>(a, offsetof<Step>() + 4);
      s10 = f32x4.add(s10, f32x4.mul(x11, y10));
      const x12 = v128.load_splat<f32>(a, 2 * offsetof<Step>() + 4);
      s20 = f32x4.add(s20, f32x4.mul(x12, y10));
      const x13 = v128.load_splat<f32>(a, 3 * offsetof<Step>() + 4);
      s30 = f32x4.add(s30, f32x4.mul(x13, y10));
      if (!w) break;
      const x14 = v128.load_splat<f32>(a, 4 * offsetof<Step>() + 4);
      s40 = f32x4.add(s40, f32x4.mul(x14, y10));
      const x15 = v128.load_splat<f32>(a, 5 * offsetof<Step>() + 4);
      s50 = f32x4.add(s50, f32x4.mul(x15, y10));
      const x16 = v128.load_splat<f32>(a, 6 * offsetof<Step>() + 4);
      s60 = f32x4.add(s60, f32x4.mul(x16, y10));
      const x17 = v128.load_splat<f32>(a, 7 * offsetof<Step>() + 4);
      s70 = f32x4.add(s70, f32x4.mul(x17, y10));
      w += 32;
      a += 8;
    }
    a += skip;
  }
  v128.store(c, s00);
  v128.store(c, s10, 16);
  v128.store(c, s20, 32);
  v128.store(c, s30, 48);
  v128.store(c, s40, 64);
  v128.store(c, s50, 80);
  v128.store(c, s60, 96);
  v128.store(c, s70, 112);
}

/** 8 places of 8 features, for vectors of 256 bits: eight sums of them cover the latency of an addition. */
function places8x8<Step>(a: usize, line: usize, span: usize, height: i32, w: usize, bias: usize, c: usize): void {
  const from = bias ? bias : zeros();
  const start0 = v128.load(from);
  const start1 = v128.load(from, 16);
  let s00 = start0;
  let s01 = start1;
  let s10 = start0;
  let s11 = start1;
  let s20 = start0;
  let s21 = start1;
  let s30 = start0;
  let s31 = start1;
  let s40 = start0;
  let s41 = start1;
  let s50 = start0;
  let s51 = start1;
  let s60 = start0;
  let s61 = start1;
  let s70 = start0;
  let s71 = start1;
  const skip = line - span;
  for (let i = 0; i < height; i++) {
    const end = a + span;
    while (a < end) {
      const y00 = v128.load(w);
      const y01 = v128.load(w, 16);
      const x00 = v128.load_splat<f32>(a);
      s00 = f32x4.add(s00, f32x4.mul(x00, y00));
      s01 = f32x4.add(s01, f32x4.mul(x00, y01));
      const x01 = v128.load_splat<f32>(a, offsetof<Step>());
      s10 = f32x4.add(s10, f32x4.mul(x01, y00));
      s11 = f32x4.add(s11, f32x4.mul(x01, y01));
      const x02 = v128.load_splat<f32>(a, 2 * offsetof<Step>());
      s20 = f32x4.add(s20, f32x4.mul(x02, y00));
      s21 = f32x4.add(s21, f32x4.mul(x02, y01));
      const x03 = v128.load_splat<f32>(a, 3 * offsetof<Step>());
      s30 = f32x4.add(s30, f32x4.mul(x03, y00));
      s31 = f32x4.add(s31, f32x4.mul(x03, y01));
      if (!w) break;
      const x04 = v128.load_splat<f32>(a, 4 * offsetof<Step>());
      s40 = f32x4.add(s40, f32x4.mul(x04, y00));
      s41 = f32x4.add(s41, f32x4.mul(x04, y01));
      const x05 = v128.load_splat<f32>(a, 5 * offsetof<Step>());
      s50 = f32x4.add(s50, f32x4.mul(x05, y00));
      s51 = f32x4.add(s51, f32x4.mul(x05, y01));
      const x06 = v128.load_splat<f32>(a, 6 * offsetof<Step>());
      s60 = f32x4.add(s60, f32x4.mul(x06, y00));
      s61 = f32x4.add(s61, f32x4.mul(x06, y01));
      const x07 = v128.load_splat<f32>(a, 7 * offsetof<Step>());
      s70 = f32x4.add(s70, f32x4.mul(x07, y00));
      s71 = f32x4.add(s71, f32x4.mul(x07, y01));
      if (!w) break;
      const y10 = v128.load(w, 32);
      const y11 = v128.load(w, 48);
      const x10 = v128.load_splat<f32>(a, 4);
      s00 = f32x4.add(s00, f32x4.mul(x10, y10));
      s01 = f32x4.add(s01, f32x4.mul(x10, y11));
      const x11 = v128.load_splat<f32>(a, offsetof<Step>() + 4);
      s10 = f32x4.add(s10, f32x4.mul(x11, y10));
      s11 = f32x4.add(s11, f32x4.mul(x11, y11));
      const x12 = v128.load_splat<f32>(a, 2 * offsetof<Step>() + 4);
      s20 = f32x4.add(s20, f32x4.mul(x12, y10));
      s21 = f32x4.add(s21, f32x4.mul(x12, y11));
      const x13 = v128.load_splat<f32>(a, 3 * offsetof<Step>() + 4);
      s30 = f32x4.add(s30, f32x4.mul(x13, y10));
      s31 = f32x4.add(s31, f32x4.mul(x13, y11));
      if (!w) break;
      const x14 = v128.load_splat<f32>(a, 4 * offsetof<Step>() + 4);
      s40 = f32x4.add(s40, f32x4.mul(x14, y10));
      s41 = f32x4.add(s41, f32x4.mul(x14, y11));
      const x15 = v128.load_splat<f32>(a, 5 * offsetof<Step>() + 4);
      s50 = f32x4.add(s50, f32x4.mul(x15, y10));
      s51 = f32x4.add(s51, f32x4.mul(x15, y11));
      const x16 = v128.load_splat<f32>(a, 6 * offsetof<Step>() + 4);
      s60 = f32x4.add(s60, f32x4.mul(x16, y10));
      s61 = f32x4.add(s61, f32x4.mul(x16, y11));
      const x17 = v128.load_splat<f32>(a, 7 * offsetof<Step>() + 4);
      s70 = f32x4.add(s70, f32x4.mul(x17, y10));
      s71 = f32x4.add(s71, f32x4.mul(x17, y11));
      w += 64;
      a += 8;
    }
    a += skip;
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

function product8x4(a: usize, line: usize, span: usize, step: usize, height: i32, w: usize, bias: usize, c: usize): void {
  if (step == 4) places8x4<Bytes4>(a, line, span, height, w, bias, c);
  else if (step == 8) places8x4<Bytes8>(a, line, span, height, w, bias, c);
  else if (step == 16) places8x4<Bytes16>(a, line, span, height, w, bias, c);
  else places8x4<Bytes32>(a, line, span, height, w, bias, c);
}

function product8x8(a: usize, line: usize, span: usize, step: usize, height: i32, w: usize, bias: usize, c: usize): void {
  if (step == 4) places8x8<Bytes4>(a, line, span, height, w, bias, c);
  else if (step == 8) places8x8<Bytes8>(a, line, span, height, w, bias, c);
  else if (step == 16) places8x8<Bytes16>(a, line, span, height, w, bias, c);
  else places8x8<Bytes32>(a, line, span, height, w, bias, c);
}

/** The distances between windows that `isDirect` takes, as types, because an offset within an instruction must be known when it is compiled. */
@unmanaged
class Bytes4 {
  all: f32;
}
@unmanaged
class Bytes8 {
  all: f64;
}
@unmanaged
class Bytes16 {
  all: v128;
}
@unmanaged
class Bytes32 {
  low: v128;
  high: v128;
}

/** Address of eight zeros. Sums that start at loads side by side can be joined by V8; those that start at two choices cannot. */
function zeros(): usize {
  const space = panelSpace();
  v128.store(space, f32x4.splat(0));
  v128.store(space, f32x4.splat(0), 16);
  return space;
}
