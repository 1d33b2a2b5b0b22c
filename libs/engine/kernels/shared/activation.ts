import { constants, far, geluCubic, geluFactor, leak, minusFar, minusGaussFar, one, six, three, zero } from "./constant-table";
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
export const GELU_TANH = 7;
export const SWISH = 8;
export const SOFTPLUS = 9;
export const SINE = 10;
export const COSINE = 11;

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

/** σ″ = σ′((1 − s) − s) */
@inline
export function gate2(s: v128, s1: v128, e: v128): v128 {
  return f32x4.mul(s1, f32x4.sub(f32x4.mul(e, s), s));
}

/** σ‴ = σ′(1 − 6σ′) */
@inline
export function gate3(s1: v128, k: usize): v128 {
  return f32x4.mul(s1, f32x4.sub(one(k), f32x4.mul(six(k), s1)));
}

/** x within ±100, where the gates of gelu-tanh and swish are 0 or 1 to the bit, so that no product with them overflows. NaN stays. */
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

/** Inlined twice, so that each kind's loop stays a function of its own: V8 compiles small ones better. */
@inline
function vectors(kind: i32, z: usize, y: usize, slope: usize, count: i32): void {
  const k = constants();
  const end = z + (<usize>count << 2);
  switch (kind) {
    case SIGMOID:
      sigmoids(z, y, slope, end, k);
      break;
    case TANH:
      tanhs(z, y, slope, end, k);
      break;
    case RELU:
      relus(z, y, slope, end, k);
      break;
    case LEAKY_RELU:
      leakyRelus(z, y, slope, end, k);
      break;
    case ELU:
      elus(z, y, slope, end, k);
      break;
    case GELU:
      gelus(z, y, slope, end, k);
      break;
    case GELU_TANH:
      geluTanhs(z, y, slope, end, k);
      break;
    case SWISH:
      swishes(z, y, slope, end, k);
      break;
    case SOFTPLUS:
      softpluses(z, y, slope, end, k);
      break;
    case SINE:
      sines(z, y, slope, end, k);
      break;
    case COSINE:
      cosines(z, y, slope, end, k);
      break;
    default:
      unreachable();
  }
}

function sigmoids(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(SIGMOID, z, y, slope, end, k);
}

function tanhs(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(TANH, z, y, slope, end, k);
}

function relus(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(RELU, z, y, slope, end, k);
}

function leakyRelus(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(LEAKY_RELU, z, y, slope, end, k);
}

function elus(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(ELU, z, y, slope, end, k);
}

function gelus(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(GELU, z, y, slope, end, k);
}

function geluTanhs(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(GELU_TANH, z, y, slope, end, k);
}

function swishes(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(SWISH, z, y, slope, end, k);
}

function softpluses(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(SOFTPLUS, z, y, slope, end, k);
}

function sines(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(SINE, z, y, slope, end, k);
}

function cosines(z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  through(COSINE, z, y, slope, end, k);
}

/**
 * `kind` is a constant here. Two vectors side by side: they wait less for each other's steps, and V8 can join them into one of eight floats,
 * if no load stands between their stores; not even that of a constant.
 */
@inline
function through(kind: i32, z: usize, y: usize, slope: usize, end: usize, k: usize): void {
  for (; z + 32 <= end; z += 32, y += 32) {
    const x0 = v128.load(z);
    const x1 = v128.load(z, 16);
    const e0 = inner(kind, x0, k);
    const e1 = inner(kind, x1, k);
    const s0 = outer(kind, x0, e0, k);
    const s1 = outer(kind, x1, e1, k);
    const y0 = valueOf(kind, x0, e0, s0, k);
    const y1 = valueOf(kind, x1, e1, s1, k);
    v128.store(y, y0);
    v128.store(y, y1, 16);
    if (slope) {
      const d0 = slopeOf(kind, x0, e0, s0, k);
      const d1 = slopeOf(kind, x1, e1, s1, k);
      v128.store(slope, d0);
      v128.store(slope, d1, 16);
      slope += 32;
    }
  }
  if (z < end) {
    const x = v128.load(z);
    const e = inner(kind, x, k);
    const s = outer(kind, x, e, k);
    v128.store(y, valueOf(kind, x, e, s, k));
    if (slope) v128.store(slope, slopeOf(kind, x, e, s, k));
  }
}

/** What f and f′ share: e^−x or e^−2u of the gates, e^(−x²/2), f itself, or x within ±π/2. */
@inline
function inner(kind: i32, x: v128, k: usize): v128 {
  if (kind == SIGMOID || kind == SWISH) return exp(f32x4.neg(x), k);
  if (kind == TANH) return tanh(x, k);
  if (kind == ELU) return expm1(f32x4.pmin(x, zero(k)), k);
  if (kind == GELU) return gaussian(nearMean(x, k), k);
  if (kind == GELU_TANH) {
    const near = nearOf(x, k);
    return exp(f32x4.neg(f32x4.mul(f32x4.mul(geluFactor(k), near), f32x4.add(one(k), bentOf(near, k)))), k);
  }
  if (kind == SINE || kind == COSINE) return reduceByPi(x, k);
  return x;
}

/** What they share beyond `e`: the gate, Φ, whether x is positive, or the sign. */
@inline
function outer(kind: i32, x: v128, e: v128, k: usize): v128 {
  if (kind == SIGMOID || kind == SWISH || kind == GELU_TANH) return gate(e, k);
  if (kind == GELU) return normalDistribution(nearMean(x, k), e, k);
  if (kind == RELU || kind == LEAKY_RELU || kind == ELU) return f32x4.gt(x, zero(k));
  if (kind == SINE || kind == COSINE) return parityOf(x, k);
  return e;
}

/**
 * f. gelu is x·Φ(x) (D. Hendrycks and K. Gimpel 2016), gelu-tanh their approximation of it, written without cancellation: x·σ(2u),
 * u = √(2/π)·(x + 0.044715x³).
 */
@inline
function valueOf(kind: i32, x: v128, e: v128, s: v128, k: usize): v128 {
  if (kind == RELU) return f32x4.pmax(x, zero(k));
  if (kind == LEAKY_RELU) return f32x4.mul(x, v128.bitselect(one(k), leak(k), s));
  if (kind == ELU) return v128.bitselect(x, e, s);
  if (kind == GELU) return f32x4.mul(f32x4.pmax(x, minusGaussFar(k)), s);
  if (kind == GELU_TANH || kind == SWISH) return f32x4.mul(f32x4.pmax(x, minusFar(k)), s);
  if (kind == SOFTPLUS) return softplus(x, k);
  if (kind == SINE) return v128.xor(sinReduced(e, k), s);
  if (kind == COSINE) return v128.xor(cosReduced(e, k), s);
  return s;
}

/** f′; that of gelu is Φ + xφ. */
@inline
function slopeOf(kind: i32, x: v128, e: v128, s: v128, k: usize): v128 {
  if (kind == SIGMOID) return gate1(s, e);
  if (kind == TANH) return f32x4.sub(one(k), f32x4.mul(s, s));
  if (kind == RELU) return v128.and(s, one(k));
  if (kind == LEAKY_RELU) return v128.bitselect(one(k), leak(k), s);
  if (kind == ELU) return v128.bitselect(one(k), f32x4.add(e, one(k)), s);
  if (kind == GELU) return f32x4.add(s, f32x4.mul(nearMean(x, k), normalDensity(e, k)));
  if (kind == GELU_TANH) {
    const near = nearOf(x, k);
    const inside = f32x4.mul(geluFactor(k), f32x4.add(one(k), f32x4.mul(three(k), bentOf(near, k))));
    return f32x4.mul(s, f32x4.add(one(k), f32x4.mul(f32x4.mul(near, inside), f32x4.mul(e, s))));
  }
  if (kind == SWISH) return f32x4.mul(s, f32x4.add(one(k), f32x4.mul(nearOf(x, k), f32x4.mul(e, s))));
  if (kind == SOFTPLUS) return sigmoid(x, k);
  if (kind == COSINE) return f32x4.neg(v128.xor(sinReduced(e, k), s));
  return v128.xor(cosReduced(e, k), s);
}

@inline
function bentOf(near: v128, k: usize): v128 {
  return f32x4.mul(geluCubic(k), f32x4.mul(near, near));
}
