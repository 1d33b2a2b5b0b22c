import { addWindows } from "./shared/windows";

/**
 * The gradient of `averagePoolForward` by its image: every dy[p,q,c]/(height·width) is added to all of its window's places within the
 * image. `scratch`: outRows·outColumns·height·width·channels floats.
 */
export function averagePoolBackward(
  dy: usize,
  dx: usize,
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
  const image = <usize>(rows * columns) * pixel;
  memory.fill(dx, 0, <usize>images * image);
  for (let n = 0; n < images; n++) {
    let to = scratch;
    for (let place = 0; place < outRows * outColumns; place++) {
      for (let c: usize = 0; c < pixel; c += 4) {
        const part = load<f32>(dy + c) * share;
        for (let i: usize = 0; i < window; i += pixel) store<f32>(to + i + c, part);
      }
      to += window;
      dy += pixel;
    }
    addWindows(scratch, dx, rows, columns, channels, height, width, outRows, outColumns, down, right, top, left);
    dx += image;
  }
}
