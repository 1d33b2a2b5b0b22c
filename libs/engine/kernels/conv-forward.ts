import { activate } from "./shared/activation";
import { directProduct, frameImage, frameLine, isDirect } from "./shared/direct-windows";
import { multiply } from "./shared/multiply";
import { gatherWindows } from "./shared/windows";

/**
 * y = f(x ∗ filter + bias) for each run; x [batch, rows, columns, channels], filter [height·width·channels, features], bias [features],
 * y and slope (f′; 0: not wanted) [batch, outRows, outColumns, features]. Image by image: its windows are laid out as a matrix in
 * `scratch` (outRows·outColumns·height·width·channels floats) and multiplied, or taken from where they lie (`direct-windows.ts`). `edge`: 48 bytes.
 */
export function convForward(
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
  const image = (<usize>rows * columns * channels) << 2;
  const places = outRows * outColumns;
  const k = height * width * channels;
  const block = (<usize>places * features) << 2;
  const direct = isDirect(features, channels, height, width, outColumns, down, right);
  const line = frameLine(channels, width, outColumns, right);
  const span = <usize>(width * channels) << 2;
  const step = <usize>(right * channels) << 2;
  for (let r = 0; r < runs; r++) {
    for (let b = 0; b < batch; b++) {
      if (direct) {
        frameImage(x, scratch, rows, columns, channels, height, outRows, down, top, left, line);
        directProduct(scratch, line, span, step, height, filter, bias, y, features, outRows, outColumns, down);
      } else {
        gatherWindows(x, scratch, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
        multiply(scratch, <usize>k << 2, 4, filter, y, places, k, features, bias, 0);
      }
      if (kind != 0) activate(kind, y, y, slope, places * features, edge);
      x += image;
      y += block;
      if (slope) slope += block;
    }
    filter += (<usize>k * features) << 2;
    bias += <usize>features << 2;
  }
}
