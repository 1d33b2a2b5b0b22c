import { ELU, gate, gate1, gate2, gate3, nearOf, SIGMOID, SINE, SWISH, TANH } from "./activation";
import { constants, four, minusTwo, one, six, three, two, zero } from "./constant-table";
import { D, I, J, outOf, preOf, STREAM, TO } from "./jet-layers";
import { exp } from "./vector-math";

/** Bytes that go through all streams before the next ones: with f″ and f‴ they stay in the nearest cache. */
export const CHUNK: usize = 1024;

/** f″ from f and f′, for swish from x in f's place. elu takes its left side's value nowhere but below 0. */
@inline
function second(kind: i32, value: v128, first: v128, k: usize): v128 {
  switch (kind) {
    case TANH:
      return f32x4.mul(f32x4.mul(value, first), minusTwo(k));
    case SIGMOID:
      return f32x4.mul(first, f32x4.sub(one(k), f32x4.mul(value, two(k))));
    case ELU:
      return f32x4.mul(first, v128.and(f32x4.lt(value, zero(k)), one(k)));
    case SINE:
      return f32x4.neg(value);
    case SWISH: {
      const e = exp(f32x4.neg(value), k);
      const s = gate(e, k);
      const s1 = gate1(s, e);
      return f32x4.add(f32x4.mul(s1, two(k)), f32x4.mul(nearOf(value, k), gate2(s, s1, e)));
    }
    default:
      unreachable();
      return value;
  }
}

/** f‴ likewise. */
@inline
function third(kind: i32, value: v128, first: v128, k: usize): v128 {
  switch (kind) {
    case TANH:
      return f32x4.mul(first, f32x4.sub(four(k), f32x4.mul(first, six(k))));
    case SIGMOID:
      return f32x4.mul(first, f32x4.sub(one(k), f32x4.mul(first, six(k))));
    case SINE:
      return f32x4.neg(first);
    case SWISH: {
      const e = exp(f32x4.neg(value), k);
      const s = gate(e, k);
      const s1 = gate1(s, e);
      return f32x4.add(f32x4.mul(gate2(s, s1, e), three(k)), f32x4.mul(nearOf(value, k), gate3(s1, k)));
    }
    default:
      return second(kind, value, first, k);
  }
}

function seconds(kind: i32, value: usize, first: usize, out: usize, bytes: usize): void {
  const k = constants();
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, second(kind, v128.load(value + i), v128.load(first + i), k));
  }
}

function thirds(kind: i32, value: usize, first: usize, out: usize, bytes: usize): void {
  const k = constants();
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, third(kind, v128.load(value + i), v128.load(first + i), k));
  }
}

/**
 * With f and f′ at H (`value`: f(H), for swish H itself) and the derivatives U_i and V_ij of H: f′∘U_i for every first derivative, and
 * f″∘U_i∘U_j + f′∘V_ij for every second one. `layer` has the addresses, `own` is added to them. All arrays have `bytes` bytes, a multiple
 * of 16. `work`: CHUNK bytes.
 */
export function bendForward(
  kind: i32,
  value: usize,
  first: usize,
  layer: usize,
  own: usize,
  streams: usize,
  firsts: i32,
  count: i32,
  bytes: usize,
  work: usize,
): void {
  for (let from: usize = 0; from < bytes; from += CHUNK) {
    const size = min(CHUNK, bytes - from);
    const at = own + from;
    for (let s = 1; s <= firsts; s++) product(first + from, preOf(layer, count, s) + at, outOf(layer, s) + at, size);
    if (count == firsts + 1) continue;
    seconds(kind, value + from, first + from, work, size);
    for (let s = firsts + 1; s < count; s++) {
      const stream = streams + <usize>s * STREAM;
      const u = preOf(layer, count, load<i32>(stream, I)) + at;
      const w = preOf(layer, count, load<i32>(stream, J)) + at;
      const v = preOf(layer, count, s) + at;
      const out = outOf(layer, s) + at;
      for (let i: usize = 0; i < size; i += 16) {
        const bent = f32x4.mul(f32x4.mul(v128.load(work + i), v128.load(u + i)), v128.load(w + i));
        v128.store(out + i, f32x4.add(bent, f32x4.mul(v128.load(first + from + i), v128.load(v + i))));
      }
    }
  }
}

/**
 * The gradients by H, U_i and V_ij from those by f(H), f′∘U_i and f″∘U_i∘U_j + f′∘V_ij, at D of every stream (0: none flows there; not
 * all are 0): f′∘g + Σ f″∘U_i∘g_i + Σ (f‴∘U_i∘U_j + f″∘V_ij)∘g_ij, f′∘g_i + Σ f″∘U_j∘g_ij (twice for j = i) and f′∘g_ij, each sum in the
 * order of the streams. They go to `to`, `stride` bytes for each stream, and their addresses to D; what nothing flows to is not
 * written. The rest as in `bendForward`. `work`: 2·CHUNK bytes.
 */
export function bendBackward(
  kind: i32,
  value: usize,
  first: usize,
  layer: usize,
  own: usize,
  streams: usize,
  firsts: i32,
  count: i32,
  to: usize,
  stride: usize,
  bytes: usize,
  work: usize,
): void {
  const beyond = work + CHUNK;
  let rates = false;
  let curves = false;
  for (let s = 1; s < count; s++) {
    if (!load<usize>(streams + <usize>s * STREAM, D)) continue;
    rates = true;
    if (s > firsts) curves = true;
  }
  for (let from: usize = 0; from < bytes; from += CHUNK) {
    const size = min(CHUNK, bytes - from);
    const at = own + from;
    const slope = first + from;
    if (rates) seconds(kind, value + from, slope, work, size);
    if (curves) thirds(kind, value + from, slope, beyond, size);
    const h = to + from;
    const g0 = load<usize>(streams, D);
    let written = false;
    if (g0) {
      product(slope, g0 + from, h, size);
      written = true;
    }
    for (let s = 1; s <= firsts; s++) {
      const g = load<usize>(streams + <usize>s * STREAM, D);
      if (!g) continue;
      const toU = h + <usize>s * stride;
      product(slope, g + from, toU, size);
      throughRate(work, preOf(layer, count, s) + at, g + from, h, written, false, size);
      written = true;
    }
    for (let s = firsts + 1; s < count; s++) {
      const stream = streams + <usize>s * STREAM;
      const g = load<usize>(stream, D);
      if (!g) continue;
      product(slope, g + from, h + <usize>s * stride, size);
      const i = load<i32>(stream, I);
      const j = load<i32>(stream, J);
      const u = preOf(layer, count, i) + at;
      const w = preOf(layer, count, j) + at;
      throughCurve(work, beyond, u, w, preOf(layer, count, s) + at, g + from, h, written, size);
      written = true;
      throughRate(work, w, g + from, h + <usize>i * stride, reached(streams, firsts, s, i), i == j, size);
      if (i != j) throughRate(work, u, g + from, h + <usize>j * stride, reached(streams, firsts, s, j), false, size);
    }
  }
  for (let s = count - 1; s > 0; s--) {
    const stream = streams + <usize>s * STREAM;
    const flows = s > firsts ? load<usize>(stream, D) != 0 : reached(streams, firsts, count, s);
    store<usize>(stream, flows ? to + <usize>s * stride : 0, TO);
  }
  for (let s = 1; s < count; s++) {
    const stream = streams + <usize>s * STREAM;
    store<usize>(stream, load<usize>(stream, TO), D);
  }
  store<usize>(streams, to, D);
}

/** Whether the gradient by U_i has a part from f′∘U_i or from a second derivative before stream `end`. */
function reached(streams: usize, firsts: i32, end: i32, i: i32): bool {
  if (load<usize>(streams + <usize>i * STREAM, D)) return true;
  for (let s = firsts + 1; s < end; s++) {
    const stream = streams + <usize>s * STREAM;
    if (load<usize>(stream, D) && (load<i32>(stream, I) == i || load<i32>(stream, J) == i)) return true;
  }
  return false;
}

/** out = a∘b */
@inline
function product(a: usize, b: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
}

/** out (+)= f″∘u∘g, or twice that. */
function throughRate(f2: usize, u: usize, g: usize, out: usize, more: bool, twice: bool, bytes: usize): void {
  const factor = twice ? two(constants()) : one(constants());
  for (let i: usize = 0; i < bytes; i += 16) {
    const flow = f32x4.mul(f32x4.mul(f32x4.mul(v128.load(f2 + i), v128.load(u + i)), v128.load(g + i)), factor);
    v128.store(out + i, more ? f32x4.add(v128.load(out + i), flow) : flow);
  }
}

/** out (+)= (f‴∘u∘w + f″∘v)∘g */
function throughCurve(f2: usize, f3: usize, u: usize, w: usize, v: usize, g: usize, out: usize, more: bool, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const bent = f32x4.mul(v128.load(f3 + i), f32x4.mul(v128.load(u + i), v128.load(w + i)));
    const flow = f32x4.mul(f32x4.add(bent, f32x4.mul(v128.load(f2 + i), v128.load(v + i))), v128.load(g + i));
    v128.store(out + i, more ? f32x4.add(v128.load(out + i), flow) : flow);
  }
}
