/**
 * y[p,q,c] = the largest x[p·down + i − top, q·right + j − left, c] within the image, i < height, j < width, for each image
 * [rows, columns, channels]; place = i·width + j of it, the first of equals. A NaN counts as the largest. Every window meets the image.
 */
export function maxPoolForward(
  x: usize,
  y: usize,
  place: usize,
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
  for (let image = 0; image < images; image++) {
    for (let p = 0; p < outRows; p++) {
      const i0 = max<i32>(0, top - p * down);
      const i1 = min<i32>(height, rows + top - p * down);
      for (let q = 0; q < outColumns; q++) {
        const j0 = max<i32>(0, left - q * right);
        const j1 = min<i32>(width, columns + left - q * right);
        const corner = x + <usize>(p * down + i0 - top) * line + <usize>(q * right + j0 - left) * pixel;
        let c: usize = 0;
        for (; c + 16 <= pixel; c += 16) {
          let best = v128.load(corner + c);
          let at = i32x4.splat(i0 * width + j0);
          let from = corner + c;
          for (let i = i0; i < i1; i++) {
            for (let j = j0; j < j1; j++) {
              const value = v128.load(from + <usize>(j - j0) * pixel);
              const newNaN = v128.andnot(f32x4.ne(value, value), f32x4.ne(best, best));
              const better = v128.or(f32x4.gt(value, best), newNaN);
              best = v128.bitselect(value, best, better);
              at = v128.bitselect(i32x4.splat(i * width + j), at, better);
            }
            from += line;
          }
          v128.store(y + c, best);
          v128.store(place + c, at);
        }
        for (; c < pixel; c += 4) {
          let best = load<f32>(corner + c);
          let at = i0 * width + j0;
          let from = corner + c;
          for (let i = i0; i < i1; i++) {
            for (let j = j0; j < j1; j++) {
              const value = load<f32>(from + <usize>(j - j0) * pixel);
              if (value > best || (value != value && best == best)) {
                best = value;
                at = i * width + j;
              }
            }
            from += line;
          }
          store<f32>(y + c, best);
          store<i32>(place + c, at);
        }
        y += pixel;
        place += pixel;
      }
    }
    x += <usize>rows * line;
  }
}
