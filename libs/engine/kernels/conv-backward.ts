import { addFilterGradient, addSpread } from "./shared/direct-gradients";
import { frameImage, frameLine, isDirect, unframeImage } from "./shared/direct-windows";
import { multiply, transpose } from "./shared/multiply";
import { addRows, multiplyEach } from "./shared/row-sums";
import { addWindows, gatherWindows } from "./shared/windows";

/**
 * The gradients of `convForward` for each run from dy = ∂L/∂y and slope = f′ (0: linear): with g = dy∘slope and the windows P of x,
 * dFilter = Pᵀ·g, dBias = Σ g, both over images in ascending order; dx = the windows g·filterᵀ put back (skipped when `dx` is 0).
 * `scratch`: places·k + places·features + k·features floats, places = outRows·outColumns, k = height·width·channels.
 */
export function convBackward(
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
  const image = (<usize>rows * columns * channels) << 2;
  const places = outRows * outColumns;
  const k = height * width * channels;
  const block = (<usize>places * features) << 2;
  const weights = (<usize>k * features) << 2;
  const scaled = scratch + ((<usize>places * k) << 2);
  const turned = scaled + block;
  const direct = isDirect(features, channels, height, width, outColumns, down, right);
  const line = frameLine(channels, width, outColumns, right);
  const span = <usize>(width * channels) << 2;
  const step = <usize>(right * channels) << 2;
  const frameBytes = <usize>((outRows - 1) * down + height) * line;
  for (let r = 0; r < runs; r++) {
    memory.fill(dFilter, 0, weights);
    memory.fill(dBias, 0, <usize>features << 2);
    if (dx) {
      transpose(filter, turned, k, features);
      memory.fill(dx, 0, image * batch);
    }
    for (let b = 0; b < batch; b++) {
      let g = dy;
      if (slope) {
        multiplyEach(dy, slope, scaled, places * features);
        g = scaled;
        slope += block;
      }
      if (direct) {
        frameImage(x, scratch, rows, columns, channels, height, outRows, down, top, left, line);
        addFilterGradient(scratch, line, span, step, height, g, dFilter, features, outRows, outColumns, down);
      } else {
        gatherWindows(x, scratch, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
        multiply(scratch, 4, <usize>k << 2, g, dFilter, k, places, features, dFilter, <usize>features << 2);
      }
      addRows(g, dBias, places, features);
      if (dx && direct) {
        memory.fill(scratch, 0, frameBytes);
        addSpread(g, turned, scratch, line, span, step, height, features, outRows, outColumns, down);
        unframeImage(scratch, dx, rows, columns, channels, height, outRows, down, top, left, line);
      } else if (dx) {
        multiply(g, <usize>features << 2, 4, turned, scratch, places, features, k, 0, 0);
        addWindows(scratch, dx, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
      }
      if (dx) dx += image;
      x += image;
      dy += block;
    }
    filter += weights;
    dFilter += weights;
    dBias += <usize>features << 2;
  }
}
