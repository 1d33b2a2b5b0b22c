import { constants, geluBound, geluCubic, geluFactor, leak, one, three, zero } from "./constant-table";
import {
  cosReduced,
  expm1,
  parityOf,
  reduceByPi,
  sigmoid,
  sinReduced,
  softplus,
  tanh,
} from "./vector-math";

/** Numbers of the activations, in the order of `activationNames` of the contracts; 0 is linear, which never comes here. */
const SIGMOID = 1;
const TANH = 2;
const RELU = 3;
const LEAKY_RELU = 4;
const ELU = 5;
const GELU = 6;
const SWISH = 7;
const SOFTPLUS = 8;
const SINE = 9;

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
        const s = sigmoid(v128.load(z), k);
        v128.store(y, s);
        if (slope) {
          v128.store(slope, f32x4.mul(s, f32x4.sub(one(k), s)));
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
        // Beyond |x| = 100 the sigmoid is 0 or 1 to the bit; the bound keeps x² finite.
        const bent = f32x4.mul(geluCubic(k), f32x4.pmin(f32x4.mul(x, x), geluBound(k)));
        const s = sigmoid(f32x4.mul(f32x4.mul(geluFactor(k), x), f32x4.add(one(k), bent)), k);
        v128.store(y, f32x4.mul(x, s));
        if (slope) {
          const inner = f32x4.mul(geluFactor(k), f32x4.add(one(k), f32x4.mul(three(k), bent)));
          v128.store(slope, f32x4.mul(s, f32x4.add(one(k), f32x4.mul(f32x4.mul(x, inner), f32x4.sub(one(k), s)))));
          slope += 16;
        }
      }
      break;
    case SWISH:
      for (; z < end; z += 16, y += 16) {
        const x = v128.load(z);
        const s = sigmoid(x, k);
        v128.store(y, f32x4.mul(x, s));
        if (slope) {
          v128.store(slope, f32x4.mul(s, f32x4.add(one(k), f32x4.mul(x, f32x4.sub(one(k), s)))));
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
