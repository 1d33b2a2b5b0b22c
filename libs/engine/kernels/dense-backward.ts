import { multiply, transpose } from "./shared/multiply";
import { addRows, multiplyEach } from "./shared/row-sums";

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
      multiplyEach(dy, slope, scratch, m * n);
      g = scratch;
      slope += block;
    }
    multiply(x, 4, <usize>k << 2, g, dw, k, m, n, 0, 0);
    memory.fill(db, 0, <usize>n << 2);
    addRows(g, db, m, n);
    if (dx) {
      transpose(w, turned, k, n);
      multiply(g, <usize>n << 2, 4, turned, dx, m, n, k, 0, 0);
      dx += (<usize>m * k) << 2;
    }
    dy += block;
    x += (<usize>m * k) << 2;
    w += (<usize>k * n) << 2;
    dw += (<usize>k * n) << 2;
    db += <usize>n << 2;
  }
}
