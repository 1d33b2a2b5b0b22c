import { ELU, SIGMOID, SINE, TANH } from "./activation";
import { constants, four, minusTwo, one, six, two, zero } from "./constant-table";

/** f″ from f and f′. elu takes its left side's value nowhere but below 0. */
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
    default:
      return second(kind, value, first, k);
  }
}

/**
 * With f and f′ at H and the rates U (and V; 0: none) of H: rate1 = f′∘U, rate2 = f″∘U² + f′∘V. All arrays have `bytes` bytes, a
 * multiple of 16.
 */
export function bendForward(kind: i32, value: usize, first: usize, u: usize, v: usize, rate1: usize, rate2: usize, bytes: usize): void {
  const k = constants();
  for (let i: usize = 0; i < bytes; i += 16) {
    const d1 = v128.load(first + i);
    const rate = v128.load(u + i);
    v128.store(rate1 + i, f32x4.mul(d1, rate));
    if (v) {
      const bent = f32x4.mul(second(kind, v128.load(value + i), d1, k), rate);
      v128.store(rate2 + i, f32x4.add(f32x4.mul(bent, rate), f32x4.mul(d1, v128.load(v + i))));
    }
  }
}

/**
 * The gradients by H, U and V from those by f(H), f′∘U and f″∘U² + f′∘V, g0, g1 and g2 (0: none flows there; not all are 0):
 * toH = f′∘g0 + f″∘U∘g1 + (f‴∘U² + f″∘V)∘g2, toU = f′∘g1 + 2f″∘U∘g2, toV = f′∘g2. What nothing flows to is not written.
 */
export function bendBackward(
  kind: i32,
  value: usize,
  first: usize,
  u: usize,
  v: usize,
  g0: usize,
  g1: usize,
  g2: usize,
  toH: usize,
  toU: usize,
  toV: usize,
  bytes: usize,
): void {
  const k = constants();
  for (let i: usize = 0; i < bytes; i += 16) {
    const d1 = v128.load(first + i);
    let h = zero(k);
    if (g0) h = f32x4.mul(d1, v128.load(g0 + i));
    if (g1 || g2) {
      const f = v128.load(value + i);
      const rate = v128.load(u + i);
      const d2 = second(kind, f, d1, k);
      const bent = f32x4.mul(d2, rate);
      let byRate = zero(k);
      if (g1) {
        const g = v128.load(g1 + i);
        const part = f32x4.mul(bent, g);
        h = g0 ? f32x4.add(h, part) : part;
        byRate = f32x4.mul(d1, g);
      }
      if (g2) {
        const g = v128.load(g2 + i);
        v128.store(toV + i, f32x4.mul(d1, g));
        const twice = f32x4.mul(f32x4.mul(bent, g), two(k));
        byRate = g1 ? f32x4.add(byRate, twice) : twice;
        const curve = f32x4.add(
          f32x4.mul(third(kind, f, d1, k), f32x4.mul(rate, rate)),
          f32x4.mul(d2, v128.load(v + i)),
        );
        const part = f32x4.mul(curve, g);
        h = g0 || g1 ? f32x4.add(h, part) : part;
      }
      v128.store(toU + i, byRate);
    }
    v128.store(toH + i, h);
  }
}
