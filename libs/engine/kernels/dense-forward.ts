import { activate } from "./shared/activation";
import { multiply } from "./shared/multiply";

/**
 * y[r] = f(x[r]·w[r] + b[r]) for r < runs; x [m,k], w [k,n], b [n], y [m,n]. Unless `slope` is 0, slope[r] = f′ at the same place.
 * `kind` 0 (linear) writes no slope. `edge`: 48 bytes of scratch.
 */
export function denseForward(
  kind: i32,
  x: usize,
  w: usize,
  b: usize,
  y: usize,
  slope: usize,
  runs: i32,
  m: i32,
  k: i32,
  n: i32,
  edge: usize,
): void {
  const block = (<usize>m * n) << 2;
  for (let r = 0; r < runs; r++) {
    multiply(x, <usize>k << 2, 4, w, y, m, k, n, b, 0);
    if (kind != 0) activate(kind, y, y, slope, m * n, edge);
    x += (<usize>m * k) << 2;
    w += (<usize>k * n) << 2;
    b += <usize>n << 2;
    y += block;
    if (slope) slope += block;
  }
}
