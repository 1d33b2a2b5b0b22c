import { wideVectors } from "./constant-table";
import { gradient4x8, gradient8x4, gradient8x8, spread, spreadWide } from "./direct-tiles.generated";

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
      gradient8x4(a, b, step, gap, g, outRows, outColumns, dFilter);
      dFilter += 128;
    }
  } else {
    let k: usize = 0;
    if (wideVectors()) {
      for (; k + 32 <= all; k += 32) {
        const a = frame + (k / span) * line + (k % span);
        const b = frame + ((k + 16) / span) * line + ((k + 16) % span);
        gradient8x8(a, b, step, gap, g, outRows, outColumns, dFilter);
        dFilter += 256;
      }
    }
    for (; k < all; k += 16) {
      gradient4x8(frame + (k / span) * line + (k % span), step, gap, g, outRows, outColumns, dFilter);
      dFilter += 128;
    }
  }
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
