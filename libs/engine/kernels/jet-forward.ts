import { activate } from "./shared/activation";
import { bendForward } from "./shared/jet-activation";
import { BIAS, K, LAYER, N, part, RATE1, RATE2, SLOPE, U, V, VALUE, WEIGHT, wholeVectors } from "./shared/jet-layers";
import { multiply } from "./shared/multiply";

/**
 * A network of dense layers, the last one linear, for values x0 and their first and second time derivatives x1 and x2 [runs, m, k] (0:
 * not there): H = AW + b, U = ȦW, V = ÄW, A ← f(H), Ȧ ← f′(H)∘U, Ä ← f″(H)∘U² + f′(H)∘V. A run takes all its layers before the next
 * one begins. `trace`: bytes of a run's part of the trace. `edge`: 48 bytes of scratch.
 */
export function jetForward(
  kind: i32,
  table: usize,
  layers: i32,
  x0: usize,
  x1: usize,
  x2: usize,
  runs: i32,
  m: i32,
  trace: usize,
  edge: usize,
): void {
  const last = table + <usize>(layers - 1) * LAYER;
  const input = <usize>(m * load<i32>(table, K)) << 2;
  for (let r = 0; r < runs; r++) {
    let a0 = part(x0, r, input);
    let a1 = part(x1, r, input);
    let a2 = part(x2, r, input);
    const own = <usize>r * trace;
    for (let at = table; at <= last; at += LAYER) {
      const k = load<i32>(at, K);
      const n = load<i32>(at, N);
      const row = <usize>k << 2;
      const w = part(load<usize>(at, WEIGHT), r, <usize>(k * n) << 2);
      const b = part(load<usize>(at, BIAS), r, <usize>n << 2);
      if (at == last) {
        const output = <usize>(m * n) << 2;
        const y0 = part(load<usize>(at, VALUE), r, output);
        const y1 = part(load<usize>(at, RATE1), r, output);
        const y2 = part(load<usize>(at, RATE2), r, output);
        if (y0) multiply(a0, row, 4, w, y0, m, k, n, b, 0);
        if (y1) multiply(a1, row, 4, w, y1, m, k, n, 0, 0);
        if (y2) multiply(a2, row, 4, w, y2, m, k, n, 0, 0);
        break;
      }
      const y = load<usize>(at, VALUE) + own;
      const slope = load<usize>(at, SLOPE) + own;
      multiply(a0, row, 4, w, y, m, k, n, b, 0);
      activate(kind, y, y, slope, m * n, edge);
      a0 = y;
      if (!a1) continue;
      const u = load<usize>(at, U) + own;
      const rate1 = load<usize>(at, RATE1) + own;
      multiply(a1, row, 4, w, u, m, k, n, 0, 0);
      let v: usize = 0;
      let rate2: usize = 0;
      if (a2) {
        v = load<usize>(at, V) + own;
        rate2 = load<usize>(at, RATE2) + own;
        multiply(a2, row, 4, w, v, m, k, n, 0, 0);
      }
      bendForward(kind, y, slope, u, v, rate1, rate2, wholeVectors(m * n));
      a1 = rate1;
      a2 = rate2;
    }
  }
}
