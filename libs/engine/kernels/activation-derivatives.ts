import { COSINE, ELU, gate, gate1, gate2, gate3, GELU, GELU_TANH, LEAKY_RELU, nearOf, RELU, SIGMOID, SINE, SOFTPLUS, SWISH, TANH } from "./shared/activation";
import {
  constants,
  four,
  geluCubic,
  geluFactor,
  leak,
  minusFar,
  minusGaussFar,
  minusTwo,
  one,
  six,
  three,
  two,
  zero,
} from "./shared/constant-table";
import {
  cosReduced,
  exp,
  expm1,
  gaussian,
  nearMean,
  normalDensity,
  normalDistribution,
  parityOf,
  reduceByPi,
  sinReduced,
  softplus,
  tanh,
} from "./shared/vector-math";

const LINEAR = 0;

/**
 * y = f(x) and its derivatives by x, elementwise: first, second and third where their address is not 0 (a higher one needs
 * all lower ones). At a kink they are those of the left side. What they may be off by, for every float32 (f, f′, f″, f‴; "u+a": u units in
 * the last place plus a absolute; activation-accuracy.spec.ts holds them against double precision):
 * sigmoid 4+1e-37, 8+1e-37, 8+1e-7, 8+2e-7 · tanh 4, 4+4e-7, 4+8e-7, 4+2e-6 · elu 2, 2+1e-37, 2+1e-37, 2+1e-37 ·
 * gelu 8+4e-37, 8+1e-7, 8+1e-7, 8+1e-7 · gelu-tanh 8+5e-7, 8+3e-7, 8+5e-7, 8+1e-6 · swish 4+4e-36, 8+3e-7, 8+3e-7, 8+4e-7 · softplus 4+2e-38, 4+1e-37, 8+1e-37, 8+1e-7 ·
 * sine and cosine 2+1e-6 for |x| ≤ 10⁴, all orders; beyond it stays within ±1 · leaky-relu 1 · relu and linear exact.
 * Infinities give the limits (sine and cosine: NaN), NaN gives a NaN f. `edge`: 80 bytes of scratch for the last 1–3 values, which pass through the
 * same vector code.
 */
export function activationDerivatives(
  kind: i32,
  x: usize,
  y: usize,
  first: usize,
  second: usize,
  third: usize,
  count: i32,
  edge: usize,
): void {
  const body = count & ~3;
  vectors(kind, x, y, first, second, third, <usize>body << 2);
  const rest = <usize>(count - body) << 2;
  if (rest == 0) return;
  const done = <usize>body << 2;
  v128.store(edge, f32x4.splat(0));
  memory.copy(edge, x + done, rest);
  vectors(kind, edge, edge + 16, first ? edge + 32 : 0, second ? edge + 48 : 0, third ? edge + 64 : 0, 16);
  memory.copy(y + done, edge + 16, rest);
  if (first) memory.copy(first + done, edge + 32, rest);
  if (second) memory.copy(second + done, edge + 48, rest);
  if (third) memory.copy(third + done, edge + 64, rest);
}

function vectors(kind: i32, x: usize, y: usize, first: usize, second: usize, third: usize, bytes: usize): void {
  const k = constants();
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = v128.load(x + i);
    let f = v;
    let d1 = one(k);
    let d2 = zero(k);
    let d3 = zero(k);
    switch (kind) {
      case LINEAR:
        break;
      case SIGMOID: {
        const e = exp(f32x4.neg(v), k);
        f = gate(e, k);
        d1 = gate1(f, e);
        d2 = gate2(f, d1, e);
        d3 = gate3(d1, k);
        break;
      }
      case TANH: {
        f = tanh(v, k);
        const square = f32x4.mul(f, f);
        d1 = f32x4.sub(one(k), square);
        d2 = f32x4.mul(f32x4.mul(f, d1), minusTwo(k));
        d3 = f32x4.mul(d1, f32x4.sub(f32x4.mul(square, six(k)), two(k)));
        break;
      }
      case RELU:
        f = f32x4.pmax(v, zero(k));
        d1 = v128.and(f32x4.gt(v, zero(k)), one(k));
        break;
      case LEAKY_RELU:
        d1 = v128.bitselect(one(k), leak(k), f32x4.gt(v, zero(k)));
        f = f32x4.mul(v, d1);
        break;
      case ELU: {
        const positive = f32x4.gt(v, zero(k));
        const below = f32x4.pmin(v, zero(k));
        const power = exp(below, k);
        f = v128.bitselect(v, expm1(below, k), positive);
        d1 = v128.bitselect(one(k), power, positive);
        d2 = v128.andnot(power, positive);
        d3 = d2;
        break;
      }
      case GELU: {
        const near = nearMean(v, k);
        const e = gaussian(near, k);
        const s = normalDistribution(near, e, k);
        const density = normalDensity(e, k);
        const square = f32x4.mul(near, near);
        f = f32x4.mul(f32x4.pmax(v, minusGaussFar(k)), s);
        d1 = f32x4.add(s, f32x4.mul(near, density));
        d2 = f32x4.mul(density, f32x4.sub(two(k), square));
        d3 = f32x4.mul(f32x4.mul(density, near), f32x4.sub(square, four(k)));
        break;
      }
      case GELU_TANH: {
        const near = nearOf(v, k);
        const bent = f32x4.mul(geluCubic(k), f32x4.mul(near, near));
        const e = exp(f32x4.neg(f32x4.mul(f32x4.mul(geluFactor(k), near), f32x4.add(one(k), bent))), k);
        const s = gate(e, k);
        const u1 = f32x4.mul(geluFactor(k), f32x4.add(one(k), f32x4.mul(three(k), bent)));
        const u3 = f32x4.mul(f32x4.mul(six(k), geluCubic(k)), geluFactor(k));
        const u2 = f32x4.mul(u3, near);
        const s1 = gate1(s, e);
        const s2 = gate2(s, s1, e);
        // Derivatives of σ(u(x)) by x; each factor σ′ comes first, because it is 0 where the others are large.
        const g1 = f32x4.mul(s1, u1);
        const g2 = f32x4.add(f32x4.mul(f32x4.mul(s2, u1), u1), f32x4.mul(s1, u2));
        const mixed = f32x4.mul(f32x4.mul(f32x4.mul(s2, u1), u2), three(k));
        const cubed = f32x4.mul(f32x4.mul(f32x4.mul(gate3(s1, k), u1), u1), u1);
        const g3 = f32x4.add(f32x4.add(cubed, mixed), f32x4.mul(s1, u3));
        f = f32x4.mul(f32x4.pmax(v, minusFar(k)), s);
        d1 = f32x4.add(s, f32x4.mul(near, g1));
        d2 = f32x4.add(f32x4.mul(g1, two(k)), f32x4.mul(near, g2));
        d3 = f32x4.add(f32x4.mul(g2, three(k)), f32x4.mul(near, g3));
        break;
      }
      case SWISH: {
        const near = nearOf(v, k);
        const e = exp(f32x4.neg(v), k);
        const s = gate(e, k);
        const s1 = gate1(s, e);
        const s2 = gate2(s, s1, e);
        f = f32x4.mul(f32x4.pmax(v, minusFar(k)), s);
        d1 = f32x4.add(s, f32x4.mul(near, s1));
        d2 = f32x4.add(f32x4.mul(s1, two(k)), f32x4.mul(near, s2));
        d3 = f32x4.add(f32x4.mul(s2, three(k)), f32x4.mul(near, gate3(s1, k)));
        break;
      }
      case SOFTPLUS: {
        const e = exp(f32x4.neg(v), k);
        f = softplus(v, k);
        d1 = gate(e, k);
        d2 = gate1(d1, e);
        d3 = gate2(d1, d2, e);
        break;
      }
      case SINE: {
        const r = reduceByPi(v, k);
        const sign = parityOf(v, k);
        f = v128.xor(sinReduced(r, k), sign);
        d1 = v128.xor(cosReduced(r, k), sign);
        d2 = f32x4.neg(f);
        d3 = f32x4.neg(d1);
        break;
      }
      case COSINE: {
        const r = reduceByPi(v, k);
        const sign = parityOf(v, k);
        f = v128.xor(cosReduced(r, k), sign);
        d3 = v128.xor(sinReduced(r, k), sign);
        d1 = f32x4.neg(d3);
        d2 = f32x4.neg(f);
        break;
      }
      default:
        unreachable();
    }
    v128.store(y + i, f);
    if (first) v128.store(first + i, d1);
    if (second) v128.store(second + i, d2);
    if (third) v128.store(third + i, d3);
  }
}
