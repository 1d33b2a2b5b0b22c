import { multiply, transpose } from "./multiply";

/**
 * The gradients of y = f(x·w + b) for each run, from dy = ∂L/∂y and slope = f′ (0: linear): with g = dy∘slope,
 * dw = xᵀ·g, db = column sums of g, dx = g·wᵀ (skipped when `dx` is 0). x [m,k], w [k,n], dy and slope [m,n].
 * `scratch`: m·n + k·n floats.
 */
export function denseBackward(
  dy: usize,
  slope: usize,
  x: usize,
  w: usize,
  dw: usize,
  db: usize,
  dx: usize,
  runs: i32,
  m: i32,
  k: i32,
  n: i32,
  scratch: usize,
): void {
  const block = (<usize>m * n) << 2;
  const turned = scratch + block;
  for (let r = 0; r < runs; r++) {
    let g = dy;
    if (slope) {
      scale(dy, slope, scratch, m * n);
      g = scratch;
      slope += block;
    }
    multiply(x, 4, <usize>k << 2, g, dw, k, m, n, 0);
    sumRows(g, db, m, n);
    if (dx) {
      transpose(w, turned, k, n);
      multiply(g, <usize>n << 2, 4, turned, dx, m, n, k, 0);
      dx += (<usize>m * k) << 2;
    }
    dy += block;
    x += (<usize>m * k) << 2;
    w += (<usize>k * n) << 2;
    dw += (<usize>k * n) << 2;
    db += <usize>n << 2;
  }
}

function scale(a: usize, b: usize, out: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(out, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
  for (; i < count; i++) {
    store<f32>(out, load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
    out += 4;
  }
}

/** out[j] = Σ_i g[i,j], i ascending. */
function sumRows(g: usize, out: usize, rows: i32, columns: i32): void {
  memory.fill(out, 0, <usize>columns << 2);
  for (let i = 0; i < rows; i++) {
    let to = out;
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(g)));
      to += 16;
      g += 16;
    }
    for (; j < columns; j++) {
      store<f32>(to, load<f32>(to) + load<f32>(g));
      to += 4;
      g += 4;
    }
  }
}
