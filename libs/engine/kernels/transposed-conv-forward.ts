import { activate } from "./shared/activation";
import { addSpread } from "./shared/direct-gradients";
import { frameImage, frameLine, isDirect, unframeImage } from "./shared/direct-windows";
import { multiply, transpose } from "./shared/multiply";
import { addWindows } from "./shared/windows";

/**
 * y = f(A(x) + bias) for each run, A the adjoint of a convolution: x [batch, outRows, outColumns, features] stands where that
 * convolution's result would, y [batch, rows, columns, channels] where its image would; filter [height·width·channels, features], bias
 * [channels]. The sums over windows start at the bias. `slope` (f′) is 0 when not wanted.
 * `scratch`: places·k + k·features floats, places = outRows·outColumns, k = height·width·channels. `edge`: 48 bytes.
 */
export function transposedConvForward(
  kind: i32,
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  slope: usize,
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
  edge: usize,
): void {
  const pixels = rows * columns;
  const image = (<usize>pixels * channels) << 2;
  const places = outRows * outColumns;
  const k = height * width * channels;
  const turned = scratch + ((<usize>places * k) << 2);
  const direct = isDirect(features, channels, height, width, outColumns, down, right);
  const line = frameLine(channels, width, outColumns, right);
  const span = <usize>(width * channels) << 2;
  const step = <usize>(right * channels) << 2;
  for (let r = 0; r < runs; r++) {
    transpose(filter, turned, k, features);
    for (let b = 0; b < batch; b++) {
      repeat(bias, y, pixels, channels);
      if (direct) {
        frameImage(y, scratch, rows, columns, channels, height, outRows, down, top, left, line);
        addSpread(x, turned, scratch, line, span, step, height, features, outRows, outColumns, down);
        unframeImage(scratch, y, rows, columns, channels, height, outRows, down, top, left, line);
      } else {
        multiply(x, <usize>features << 2, 4, turned, scratch, places, features, k, 0, 0);
        addWindows(scratch, y, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
      }
      if (kind != 0) activate(kind, y, y, slope, pixels * channels, edge);
      x += (<usize>places * features) << 2;
      y += image;
      if (slope) slope += image;
    }
    filter += (<usize>k * features) << 2;
    bias += <usize>channels << 2;
  }
}

function repeat(values: usize, to: usize, times: i32, count: i32): void {
  const bytes = <usize>count << 2;
  for (let t = 0; t < times; t++) {
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(to + i, load<f32>(values + i));
    to += bytes;
  }
}
