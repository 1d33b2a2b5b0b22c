import { constants, far, geluCubic, geluFactor, leak, minusFar, one, three, zero } from "./constant-table";
import {
  cosReduced,
  exp,
  expm1,
  parityOf,
  reduceByPi,
  sigmoid,
  sinReduced,
  softplus,
  tanh,
} from "./vector-math";

/** Numbers of the activations, in the order of `activationNames` of the contracts; 0 is linear, which `activate` never gets. */
export const SIGMOID = 1;
export const TANH = 2;
export const RELU = 3;
export const LEAKY_RELU = 4;
export const ELU = 5;
export const GELU = 6;
export const SWISH = 7;
export const SOFTPLUS = 8;
export const SINE = 9;

/** σ(x) from e = e^−x. */
@inline
export function gate(e: v128, k: usize): v128 {
  return f32x4.div(one(k), f32x4.add(one(k), e));
}

/** σ′ = s(1 − s) from s = σ(x) and e = e^−x; 1 − s = e·s does not cancel where s is near 1. */
@inline
export function gate1(s: v128, e: v128): v128 {
  return f32x4.mul(s, f32x4.mul(e, s));
}

/** x within ±100, where the gates of gelu and swish are 0 or 1 to the bit, so that no product with them overflows. NaN stays. */
@inline
export function nearOf(x: v128, k: usize): v128 {
  return f32x4.pmin(f32x4.pmax(x, minusFar(k)), far(k));
}

/**
 * y = f(z), and slope = f′(z) unless `slope` is 0. `z` may be `y`. `edge`: 48 bytes of scratch; the last 1–3 values pass through
 * the same vector code there, so a value's result does not depend on its position.
 */
export function activate(kind: i32, z: usize, y: usize, slope: usize, count: i32, edge: usize): void {
  const body = count & ~3;
  vectors(kind, z, y, slope, body);
  const rest = <usize>(count - body) << 2;
  if (rest == 0) return;
  const done = <usize>body << 2;
  v128.store(edge, f32x4.splat(0));
  memory.copy(edge, z + done, rest);
  vectors(kind, edge, edge + 16, slope ? edge + 32 : 0, 4);
  memory.copy(y + done, edge + 16, rest);
  if (slope) memory.copy(slope + done, edge + 32, rest);
}

function vectors(kind: i32, z: usize, y: usize, slope: usize, count: i32): void {
  const k = constants();
  const end = z + (<usize>count << 2);
  switch (kind) {
    case SIGMOID:
      for (; z < end; z += 16, y += 16) {
        const e = exp(f32x4.neg(v128.load(z)), k);
        const s = gate(e, k);
        v128.store(y, s);
        if (slope) {
          v128.store(slope, gate1(s, e));
          slope += 16;
        }
      }
      break;
    case TANH:
      for (; z < end; z += 16, y += 16) {
        const t = tanh(v128.load(z), k);
        v128.store(y, t);
        if (slope) {
          v128.store(slope, f32x4.sub(one(k), f32x4.mul(t, t)));
          slope += 16;
        }
      }
      break;
    case RELU:
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        v128.store(y, f32x4.pmax(x, zero(k)));
        if (slope) {
          v128.store(slope, v128.and(f32x4.gt(x, zero(k)), one(k)));
          slope += 16;
        }
      }
      break;
    case LEAKY_RELU: {
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        const f = v128.bitselect(one(k), leak(k), f32x4.gt(x, zero(k)));
        v128.store(y, f32x4.mul(x, f));
        if (slope) {
          v128.store(slope, f);
          slope += 16;
        }
      }
      break;
    }
    case ELU:
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        const positive = f32x4.gt(x, zero(k));
        const e = expm1(f32x4.pmin(x, zero(k)), k);
        v128.store(y, v128.bitselect(x, e, positive));
        if (slope) {
          v128.store(slope, v128.bitselect(one(k), f32x4.add(e, one(k)), positive));
          slope += 16;
        }
      }
      break;
    case GELU:
      // The tanh form of D. Hendrycks and K. Gimpel (2016), written without cancellation: y = x·σ(2u), u = √(2/π)·(x + 0.044715x³).
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        const near = nearOf(x, k);
        const bent = f32x4.mul(geluCubic(k), f32x4.mul(near, near));
        const e = exp(f32x4.neg(f32x4.mul(f32x4.mul(geluFactor(k), near), f32x4.add(one(k), bent))), k);
        const s = gate(e, k);
        v128.store(y, f32x4.mul(f32x4.pmax(x, minusFar(k)), s));
        if (slope) {
          const inner = f32x4.mul(geluFactor(k), f32x4.add(one(k), f32x4.mul(three(k), bent)));
          v128.store(slope, f32x4.mul(s, f32x4.add(one(k), f32x4.mul(f32x4.mul(near, inner), f32x4.mul(e, s)))));
          slope += 16;
        }
      }
      break;
    case SWISH:
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        const e = exp(f32x4.neg(x), k);
        const s = gate(e, k);
        v128.store(y, f32x4.mul(f32x4.pmax(x, minusFar(k)), s));
        if (slope) {
          v128.store(slope, f32x4.mul(s, f32x4.add(one(k), f32x4.mul(nearOf(x, k), f32x4.mul(e, s)))));
          slope += 16;
        }
      }
      break;
    case SOFTPLUS:
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        v128.store(y, softplus(x, k));
        if (slope) {
          v128.store(slope, sigmoid(x, k));
          slope += 16;
        }
      }
      break;
    case SINE:
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        const r = reduceByPi(x);
        const sign = parityOf(x);
        v128.store(y, v128.xor(sinReduced(r), sign));
        if (slope) {
          v128.store(slope, v128.xor(cosReduced(r), sign));
          slope += 16;
        }
      }
      break;
    default:
      unreachable();
  }
}
