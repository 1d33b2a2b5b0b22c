import { activate } from "./shared/activation";
import { bendForward } from "./shared/jet-activation";
import { A, BIAS, K, layerBytes, N, outOf, part, preOf, SLOPE, STREAM, WEIGHT, wholeVectors, X } from "./shared/jet-layers";
import { multiply } from "./shared/multiply";

/**
 * A network of dense layers, the last one linear, for values A, their first derivatives A_i by `firsts` directions and second ones A_ij:
 * H = AW + b, U_i = A_iW, V_ij = A_ijW, A ← f(H), A_i ← f′(H)∘U_i, A_ij ← f″(H)∘U_i∘U_j + f′(H)∘V_ij. A run takes all its layers before the
 * next one begins. `streams` and `table`: records of the streams (`count` of them) and of the layers. `trace`: bytes of a run's part of the
 * trace. `work`: 48 bytes and a chunk of scratch.
 */
export function jetForward(
  kind: i32,
  streams: usize,
  firsts: i32,
  count: i32,
  table: usize,
  layers: i32,
  runs: i32,
  m: i32,
  trace: usize,
  work: usize,
): void {
  const record = layerBytes(count);
  const last = table + <usize>(layers - 1) * record;
  const input = <usize>(m * load<i32>(table, K)) << 2;
  const end = streams + <usize>count * STREAM;
  for (let r = 0; r < runs; r++) {
    for (let at = streams; at < end; at += STREAM) store<usize>(at, part(load<usize>(at, X), r, input), A);
    const own = <usize>r * trace;
    for (let at = table; at < last; at += record) {
      const k = load<i32>(at, K);
      const n = load<i32>(at, N);
      const row = <usize>k << 2;
      const w = part(load<usize>(at, WEIGHT), r, <usize>(k * n) << 2);
      const b = part(load<usize>(at, BIAS), r, <usize>n << 2);
      const y = outOf(at, 0) + own;
      const slope = load<usize>(at, SLOPE) + own;
      const kept = preOf(at, count, 0);
      const z = kept ? kept + own : y;
      multiply(load<usize>(streams, A), row, 4, w, z, m, k, n, b, 0);
      activate(kind, z, y, slope, m * n, work);
      store<usize>(streams, y, A);
      if (count == 1) continue;
      for (let s = 1; s < count; s++) {
        multiply(load<usize>(streams + <usize>s * STREAM, A), row, 4, w, preOf(at, count, s) + own, m, k, n, 0, 0);
      }
      bendForward(kind, z, slope, at, own, streams, firsts, count, wholeVectors(m * n), work + 48);
      for (let s = 1; s < count; s++) store<usize>(streams + <usize>s * STREAM, outOf(at, s) + own, A);
    }
    const k = load<i32>(last, K);
    const n = load<i32>(last, N);
    const w = part(load<usize>(last, WEIGHT), r, <usize>(k * n) << 2);
    const b = part(load<usize>(last, BIAS), r, <usize>n << 2);
    for (let s = 0; s < count; s++) {
      const y = part(outOf(last, s), r, <usize>(m * n) << 2);
      if (y) multiply(load<usize>(streams + <usize>s * STREAM, A), <usize>k << 2, 4, w, y, m, k, n, s ? 0 : b, 0);
    }
  }
}
