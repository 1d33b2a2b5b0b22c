/**
 * dx: zero, plus every dy[p,q,c] at the place in its window that `maxPoolForward` gave, p, q ascending, for each image. Four channels at a
 * time visit every place of the window and add 0 where it is not theirs.
 */
export function maxPoolBackward(
  dy: usize,
  place: usize,
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
): void {
  const pixel = <usize>channels << 2;
  const line = <usize>columns * pixel;
  memory.fill(dx, 0, <usize>images * <usize>rows * line);
  for (let image = 0; image < images; image++) {
    for (let p = 0; p < outRows; p++) {
      const i0 = max<i32>(0, top - p * down);
      const i1 = min<i32>(height, rows + top - p * down);
      for (let q = 0; q < outColumns; q++) {
        const j0 = max<i32>(0, left - q * right);
        const j1 = min<i32>(width, columns + left - q * right);
        const corner = dx + <usize>(p * down + i0 - top) * line + <usize>(q * right + j0 - left) * pixel;
        let c: usize = 0;
        for (; c + 16 <= pixel; c += 16) {
          const at = v128.load(place + c);
          const g = v128.load(dy + c);
          let row = corner + c;
          for (let i = i0; i < i1; i++) {
            let to = row;
            for (let j = j0; j < j1; j++) {
              const own = v128.and(g, i32x4.eq(at, i32x4.splat(i * width + j)));
              v128.store(to, f32x4.add(v128.load(to), own));
              to += pixel;
            }
            row += line;
          }
        }
        for (; c < pixel; c += 4) {
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
