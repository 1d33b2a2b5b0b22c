import { addFilterGradient } from "./shared/direct-gradients";
import { directProduct, frameImage, frameLine, isDirect } from "./shared/direct-windows";
import { multiply } from "./shared/multiply";
import { addRows, multiplyEach } from "./shared/row-sums";
import { gatherWindows } from "./shared/windows";

/**
 * The gradients of `transposedConvForward` for each run from dy = ∂L/∂y and slope = f′ (0: linear): with the windows P of
 * g = dy∘slope, dFilter = Pᵀ·x, dBias = Σ g, both over images in ascending order, and dx = P·filter (skipped when `dx` is 0).
 * `scratch`: places·k + rows·columns·channels floats, places = outRows·outColumns, k = height·width·channels.
 */
export function transposedConvBackward(
  dy: usize,
  slope: usize,
  x: usize,
  filter: usize,
  dFilter: usize,
  dBias: usize,
  dx: usize,
  runs: i32,
  features: i32,
  batch: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  height: i32,
  width: i32,
  outRows: i32,
  outColumns: i32,
  down: i32,
  right: i32,
  top: i32,
  left: i32,
  scratch: usize,
): void {
  const pixels = rows * columns;
  const image = (<usize>pixels * channels) << 2;
  const places = outRows * outColumns;
  const k = height * width * channels;
  const block = (<usize>places * features) << 2;
  const weights = (<usize>k * features) << 2;
  const scaled = scratch + ((<usize>places * k) << 2);
  const direct = isDirect(features, channels, height, width, outColumns, down, right);
  const line = frameLine(channels, width, outColumns, right);
  const span = <usize>(width * channels) << 2;
  const step = <usize>(right * channels) << 2;
  for (let r = 0; r < runs; r++) {
    memory.fill(dFilter, 0, weights);
    memory.fill(dBias, 0, <usize>channels << 2);
    for (let b = 0; b < batch; b++) {
      let g = dy;
      if (slope) {
        multiplyEach(dy, slope, scaled, pixels * channels);
        g = scaled;
        slope += image;
      }
      if (direct) {
        frameImage(g, scratch, rows, columns, channels, height, outRows, down, top, left, line);
        addFilterGradient(scratch, line, span, step, height, x, dFilter, features, outRows, outColumns, down);
        if (dx) directProduct(scratch, line, span, step, height, filter, 0, dx, features, outRows, outColumns, down);
      } else {
        gatherWindows(g, scratch, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
        multiply(scratch, 4, <usize>k << 2, x, dFilter, k, places, features, dFilter, <usize>features << 2);
        if (dx) multiply(scratch, <usize>k << 2, 4, filter, dx, places, k, features, 0, 0);
      }
      addRows(g, dBias, pixels, channels);
      if (dx) dx += block;
      x += block;
      dy += image;
    }
    filter += weights;
    dFilter += weights;
    dBias += <usize>channels << 2;
  }
}
