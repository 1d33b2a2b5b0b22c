/** dx: zero, plus every dy[p,q,c] at the place in its window that `maxPoolForward` gave, p, q ascending, for each image. */
export function maxPoolBackward(
  dy: usize,
  place: usize,
  dx: usize,
  images: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  width: i32,
  outRows: i32,
  outColumns: i32,
  down: i32,
  right: i32,
  top: i32,
  left: i32,
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>columns * pixel;
  memory.fill(dx, 0, <usize>images * <usize>rows * line);
  for (let image = 0; image < images; image++) {
    for (let p = 0; p < outRows; p++) {
      for (let q = 0; q < outColumns; q++) {
        for (let c: usize = 0; c < pixel; c += 4) {
          const at = load<i32>(place + c);
          const i = at / width;
          const to = dx + c + <usize>(p * down + i - top) * line + <usize>(q * right + at - i * width - left) * pixel;
          store<f32>(to, load<f32>(to) + load<f32>(dy + c));
        }
        dy += pixel;
        place += pixel;
      }
    }
    dx += <usize>rows * line;
  }
}
