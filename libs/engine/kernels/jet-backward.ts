import { bendBackward } from "./shared/jet-activation";
import { D_BIAS, D_WEIGHT, K, LAYER, N, part, RATE1, RATE2, SLOPE, U, V, VALUE, WEIGHT, wholeVectors } from "./shared/jet-layers";
import { multiply, transpose } from "./shared/multiply";
import { addEach, addRows } from "./shared/row-sums";

/**
 * The gradients of `jetForward` by weights and biases and, where dx0, dx1, dx2 are not 0, by its inputs, from those by its outputs, g0,
 * g1, g2 [runs, m, n] (0: none flows there). A weight's gradient is the sum over value, rate and rate's rate in this order. `table`, `trace` and the inputs as there.
 * `work`: 2·(greatest k·n) + 6·(m·greatest width) floats, each in whole vectors.
 */
export function jetBackward(
  kind: i32,
  table: usize,
  layers: i32,
  x0: usize,
  x1: usize,
  x2: usize,
  g0: usize,
  g1: usize,
  g2: usize,
  dx0: usize,
  dx1: usize,
  dx2: usize,
  runs: i32,
  m: i32,
  trace: usize,
  weights: usize,
  widest: usize,
  work: usize,
): void {
  const last = table + <usize>(layers - 1) * LAYER;
  const input = <usize>(m * load<i32>(table, K)) << 2;
  const output = <usize>(m * load<i32>(last, N)) << 2;
  const turned = work;
  const more = turned + weights;
  const toH = more + weights;
  const toU = toH + widest;
  const toV = toU + widest;
  const up0 = toV + widest;
  const up1 = up0 + widest;
  const up2 = up1 + widest;
  for (let r = 0; r < runs; r++) {
    const own = <usize>r * trace;
    let d0 = part(g0, r, output);
    let d1 = part(g1, r, output);
    let d2 = part(g2, r, output);
    for (let at = last; at >= table; at -= LAYER) {
      const k = load<i32>(at, K);
      const n = load<i32>(at, N);
      const size = <usize>(k * n) << 2;
      if (at != last && (d0 || d1 || d2)) {
        const bytes = wholeVectors(m * n);
        const u = part(load<usize>(at, U), 1, own);
        const v = part(load<usize>(at, V), 1, own);
        bendBackward(kind, load<usize>(at, VALUE) + own, load<usize>(at, SLOPE) + own, u, v, d0, d1, d2, toH, toU, toV, bytes);
        d0 = toH;
        d1 = d1 || d2 ? toU : 0;
        d2 = d2 ? toV : 0;
      }
      let a0 = part(x0, r, input);
      let a1 = part(x1, r, input);
      let a2 = part(x2, r, input);
      let to0 = part(dx0, r, input);
      let to1 = part(dx1, r, input);
      let to2 = part(dx2, r, input);
      if (at != table) {
        a0 = load<usize>(at - LAYER, VALUE) + own;
        a1 = load<usize>(at - LAYER, RATE1) + own;
        a2 = load<usize>(at - LAYER, RATE2) + own;
        to0 = up0;
        to1 = up1;
        to2 = up2;
      }
      const dw = part(load<usize>(at, D_WEIGHT), r, size);
      const db = part(load<usize>(at, D_BIAS), r, <usize>n << 2);
      memory.fill(db, 0, <usize>n << 2);
      if (d0) addRows(d0, db, m, n);
      if (d0) products(a0, d0, dw, m, k, n);
      else if (!d1 && !d2) memory.fill(dw, 0, size);
      if (d1) addProducts(a1, d1, dw, more, !d0, m, k, n);
      if (d2) addProducts(a2, d2, dw, more, !(d0 || d1), m, k, n);
      if (at != table || dx0 || dx1 || dx2) {
        transpose(part(load<usize>(at, WEIGHT), r, size), turned, k, n);
        const row = <usize>n << 2;
        if (d0 && to0) multiply(d0, row, 4, turned, to0, m, n, k, 0, 0);
        if (d1 && to1) multiply(d1, row, 4, turned, to1, m, n, k, 0, 0);
        if (d2 && to2) multiply(d2, row, 4, turned, to2, m, n, k, 0, 0);
      }
      d0 = d0 ? to0 : 0;
      d1 = d1 ? to1 : 0;
      d2 = d2 ? to2 : 0;
    }
  }
}

/** dw = aᵀ·d; a [m,k], d [m,n]. */
@inline
function products(a: usize, d: usize, dw: usize, m: i32, k: i32, n: i32): void {
  multiply(a, 4, <usize>k << 2, d, dw, k, m, n, 0, 0);
}

/** dw += aᵀ·d, or dw = aᵀ·d when it is the first; `more` is scratch of dw's size. */
function addProducts(a: usize, d: usize, dw: usize, more: usize, first: bool, m: i32, k: i32, n: i32): void {
  if (first) {
    products(a, d, dw, m, k, n);
    return;
  }
  products(a, d, more, m, k, n);
  addEach(more, dw, k * n);
}
