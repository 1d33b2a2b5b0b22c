import { bendBackward, CHUNK } from "./shared/jet-activation";
import {
  D,
  D_BIAS,
  D_WEIGHT,
  DX,
  G,
  K,
  layerBytes,
  N,
  outOf,
  part,
  preOf,
  SLOPE,
  STREAM,
  WEIGHT,
  wholeVectors,
  X,
} from "./shared/jet-layers";
import { multiply, transpose } from "./shared/multiply";
import { addEach, addRows } from "./shared/row-sums";

/**
 * The gradients of `jetForward` by weights and biases and, where a stream has an address for it, by its input, from those by the outputs
 * that have one. A weight's gradient is the sum over the streams in their order. `streams`, `table`, `trace` as there. `work`: two chunks of
 * bytes, twice `weights` (bytes of the greatest k·n, in whole vectors), and 2·count times `widest` (those of m · the greatest width).
 */
export function jetBackward(
  kind: i32,
  streams: usize,
  firsts: i32,
  count: i32,
  table: usize,
  layers: i32,
  runs: i32,
  m: i32,
  trace: usize,
  weights: usize,
  widest: usize,
  work: usize,
): void {
  const record = layerBytes(count);
  const last = table + <usize>(layers - 1) * record;
  const input = <usize>(m * load<i32>(table, K)) << 2;
  const output = <usize>(m * load<i32>(last, N)) << 2;
  const turned = work + 2 * CHUNK;
  const more = turned + weights;
  const to = more + weights;
  const up = to + <usize>count * widest;
  const end = streams + <usize>count * STREAM;
  let wantInput = false;
  for (let at = streams; at < end; at += STREAM) if (load<usize>(at, DX)) wantInput = true;
  for (let r = 0; r < runs; r++) {
    const own = <usize>r * trace;
    let flows = false;
    for (let at = streams; at < end; at += STREAM) {
      const g = part(load<usize>(at, G), r, output);
      store<usize>(at, g, D);
      if (g) flows = true;
    }
    for (let at = last; at >= table; at -= record) {
      const k = load<i32>(at, K);
      const n = load<i32>(at, N);
      const size = <usize>(k * n) << 2;
      if (at != last && flows) {
        const kept = preOf(at, count, 0);
        const value = (kept ? kept : outOf(at, 0)) + own;
        const slope = load<usize>(at, SLOPE) + own;
        bendBackward(kind, value, slope, at, own, streams, firsts, count, to, widest, wholeVectors(m * n), work);
      }
      const dw = part(load<usize>(at, D_WEIGHT), r, size);
      const db = part(load<usize>(at, D_BIAS), r, <usize>n << 2);
      memory.fill(db, 0, <usize>n << 2);
      const d0 = load<usize>(streams, D);
      if (d0) addRows(d0, db, m, n);
      if (!flows) memory.fill(dw, 0, size);
      let first = true;
      for (let s = 0; s < count; s++) {
        const stream = streams + <usize>s * STREAM;
        const d = load<usize>(stream, D);
        if (!d) continue;
        const a = at == table ? part(load<usize>(stream, X), r, input) : outOf(at - record, s) + own;
        multiply(a, 4, <usize>k << 2, d, first ? dw : more, k, m, n, 0, 0);
        if (!first) addEach(more, dw, k * n);
        first = false;
      }
      if (at == table && !wantInput) break;
      transpose(part(load<usize>(at, WEIGHT), r, size), turned, k, n);
      for (let s = 0; s < count; s++) {
        const stream = streams + <usize>s * STREAM;
        const d = load<usize>(stream, D);
        const by = at == table ? part(load<usize>(stream, DX), r, input) : up + <usize>s * widest;
        if (d && by) multiply(d, <usize>n << 2, 4, turned, by, m, n, k, 0, 0);
        store<usize>(stream, d ? by : 0, D);
      }
    }
  }
}
