import { gatherWindows } from "./shared/windows";

/**
 * y[p,q,c] = (Σ_ij x[p·down + i − top, q·right + j − left, c])/(height·width), zero outside the image, i, j ascending, for each image
 * [rows, columns, channels]. `scratch`: outRows·outColumns·height·width·channels floats.
 */
export function averagePoolForward(
  x: usize,
  y: usize,
  images: i32,
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
  const pixel = <usize>channels << 2;
  const window = <usize>(height * width) * pixel;
  const share = <f32>(1.0 / <f64>(height * width));
  for (let image = 0; image < images; image++) {
    gatherWindows(x, scratch, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
    let from = scratch;
    for (let place = 0; place < outRows * outColumns; place++) {
      for (let c: usize = 0; c < pixel; c += 4) {
        let sum: f32 = 0;
        for (let i: usize = 0; i < window; i += pixel) sum += load<f32>(from + i + c);
        store<f32>(y + c, sum * share);
      }
      from += window;
      y += pixel;
    }
    x += <usize>(rows * columns) * pixel;
  }
}
