/**
 * The sizes of a window that slides over images: `rows`×`columns` pixels of `channels` floats, seen through `outRows`×`outColumns`
 * windows of `height`×`width`, which start at (p·down − top, q·right − left). A window that sticks out sees zeros there.
 */

/**
 * out[p,q,i,j,c] = image[p·down + i − top, q·right + j − left, c] for one image: the row of a window lies in one piece, so that it is
 * copied as one.
 */
export function gatherWindows(
  image: usize,
  out: usize,
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
  const span = <usize>width * pixel;
  const line = <usize>columns * pixel;
  for (let p = 0; p < outRows; p++) {
    const first = p * down - top;
    const whole = first >= 0 && first + height <= rows;
    for (let q = 0; q < outColumns; q++) {
      const x = q * right - left;
      if (whole && x >= 0 && x + width <= columns) {
        out = copyLines(image + (<usize>first * columns + <usize>x) * pixel, out, line, span, height);
        continue;
      }
      const skip = max<i32>(0, -x);
      const stay = min<i32>(width, columns - x);
      for (let i = 0; i < height; i++) {
        const y = p * down + i - top;
        if (y < 0 || y >= rows || stay <= skip) fillZero(out, span);
        else {
          const before = <usize>skip * pixel;
          const inside = <usize>(stay - skip) * pixel;
          if (before) fillZero(out, before);
          copy(image + (<usize>y * columns + <usize>(x + skip)) * pixel, out + before, inside);
          if (before + inside < span) fillZero(out + before + inside, span - before - inside);
        }
        out += span;
      }
    }
  }
}

/** The adjoint for one image: adds windows[p,q,i,j,c] to the place it was taken from, p, q, i, j ascending. Zero `image` before. */
export function addWindows(
  windows: usize,
  image: usize,
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
  const span = <usize>width * pixel;
  const line = <usize>columns * pixel;
  for (let p = 0; p < outRows; p++) {
    const first = p * down - top;
    const whole = first >= 0 && first + height <= rows;
    for (let q = 0; q < outColumns; q++) {
      const x = q * right - left;
      if (whole && x >= 0 && x + width <= columns) {
        windows = addLines(windows, image + (<usize>first * columns + <usize>x) * pixel, line, span, height);
        continue;
      }
      const skip = max<i32>(0, -x);
      const stay = min<i32>(width, columns - x);
      for (let i = 0; i < height; i++) {
        const y = p * down + i - top;
        if (y >= 0 && y < rows && stay > skip) {
          const to = image + (<usize>y * columns + <usize>(x + skip)) * pixel;
          add(windows + <usize>skip * pixel, to, <usize>(stay - skip) * pixel);
        }
        windows += span;
      }
    }
  }
}

/** A window that lies within the image, its lines `line` bytes apart there; returns where the next one goes. */
@inline
function copyLines(from: usize, out: usize, line: usize, span: usize, height: i32): usize {
  if (span == 16) {
    for (let i = 0; i < height; i++) {
      v128.store(out, v128.load(from));
      from += line;
      out += 16;
    }
    return out;
  }
  for (let i = 0; i < height; i++) {
    copy(from, out, span);
    from += line;
    out += span;
  }
  return out;
}

/** Likewise the other way; returns where the next window lies. */
@inline
function addLines(windows: usize, to: usize, line: usize, span: usize, height: i32): usize {
  if (span == 16) {
    for (let i = 0; i < height; i++) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(windows)));
      to += line;
      windows += 16;
    }
    return windows;
  }
  for (let i = 0; i < height; i++) {
    add(windows, to, span);
    to += line;
    windows += span;
  }
  return windows;
}

@inline
export function fillZero(to: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, zero);
  for (; i < bytes; i += 4) store<f32>(to + i, 0);
}

@inline
export function copy(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

@inline
function add(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
}
