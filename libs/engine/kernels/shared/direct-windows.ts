import { wideVectors } from "./constant-table";
import { product4x8, product8x4, product8x8 } from "./direct-tiles.generated";
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
