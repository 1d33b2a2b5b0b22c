import {
  lowest,
  highest,
  log2e,
  rounder,
  ln2High,
  ln2Low,
  oneBits,
  over5040,
  over720,
  over120,
  over24,
  over6,
  half,
  one,
  two,
  minusOne,
  quarter,
  tanhHighest,
  tanhLowest,
  tanhP1,
  tanhP2,
  tanhP3,
  tanhQ1,
  tanhQ2,
  tanhQ3,
  tanhStart,
  twoOver15,
  twoOver13,
  twoOver11,
  twoOver9,
  twoOver7,
  twoOver5,
  twoOver3,
  zero,
  overPi,
  piHigh,
  piMiddle,
  piLow,
  halfPi,
  minusHalfPi,
  integers,
  over13f,
  over11f,
  over9f,
  minusOver14f,
  over12f,
  over10f,
  over8f,
  gaussFar,
  minusGaussFar,
  overRoot2Pi,
  tailP0,
  tailP1,
  tailP2,
  tailP3,
  tailP4,
  tailQ0,
  tailQ1,
  tailQ2,
  tailQ3,
  tailQ4,
  tailQ5,
  upperBits,
} from "./constant-table";

/**
 * Elementary functions on four floats. Accuracy is stated per function, in units in the last place (ulp) of float32.
 * `k` is the address of the table of constants. NaN in, NaN out: `pmin`/`pmax` are written so that a NaN in the first operand stays.
 */

/** e^x − 1 for x in [−87, 88] (clamped beyond); ≤ 2 ulp, also near 0. x = n·ln2 + r, Taylor to r⁷, then 2ⁿ·(p+1) − 1. */
@inline
export function expm1(x: v128, k: usize): v128 {
  x = f32x4.pmin(f32x4.pmax(x, lowest(k)), highest(k));
  const shifted = f32x4.add(f32x4.mul(x, log2e(k)), rounder(k));
  const n = f32x4.sub(shifted, rounder(k));
  const scale = i32x4.add(i32x4.shl(shifted, 23), oneBits(k));
  const p = expm1Reduced(f32x4.sub(f32x4.sub(x, f32x4.mul(n, ln2High(k))), f32x4.mul(n, ln2Low(k))), k);
  return f32x4.add(f32x4.mul(scale, p), f32x4.sub(scale, one(k)));
}

/** e^x for x in [−87, 88] (clamped beyond); ≤ 2 ulp. */
@inline
export function exp(x: v128, k: usize): v128 {
  x = f32x4.pmin(f32x4.pmax(x, lowest(k)), highest(k));
  const shifted = f32x4.add(f32x4.mul(x, log2e(k)), rounder(k));
  const n = f32x4.sub(shifted, rounder(k));
  const scale = i32x4.add(i32x4.shl(shifted, 23), oneBits(k));
  const p = expm1Reduced(f32x4.sub(f32x4.sub(x, f32x4.mul(n, ln2High(k))), f32x4.mul(n, ln2Low(k))), k);
  return f32x4.add(f32x4.mul(scale, p), scale);
}

/** e^r − 1 for |r| ≤ ln2/2: Σ_{n=1..7} rⁿ/n!. */
@inline
function expm1Reduced(r: v128, k: usize): v128 {
  let q = over5040(k);
  q = f32x4.add(f32x4.mul(q, r), over720(k));
  q = f32x4.add(f32x4.mul(q, r), over120(k));
  q = f32x4.add(f32x4.mul(q, r), over24(k));
  q = f32x4.add(f32x4.mul(q, r), over6(k));
  q = f32x4.add(f32x4.mul(q, r), half(k));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q));
}

/**
 * tanh x = 2NQ/(Q² + N²) with N/Q = tanh(x/2), x within ±9, where it is ±1 to the bit; N = ½x·P(x²), P and Q of degree 3 with the
 * least possible greatest relative error over that range, 2.5e-8. ≤ 4 ulp, never beyond ±1. The doubling keeps errors of N and Q out of
 * results near 1; P(0) = Q(0) = 1.8, because a rounding weighs least just below a power of 2. P and Q do not wait for each other, as an
 * exponential's steps do.
 */
@inline
export function tanh(x: v128, k: usize): v128 {
  x = f32x4.pmin(f32x4.pmax(x, tanhLowest(k)), tanhHighest(k));
  const t = f32x4.mul(x, x);
  let p = f32x4.add(f32x4.mul(tanhP3(k), t), tanhP2(k));
  let q = f32x4.add(f32x4.mul(tanhQ3(k), t), tanhQ2(k));
  p = f32x4.add(f32x4.mul(p, t), tanhP1(k));
  q = f32x4.add(f32x4.mul(q, t), tanhQ1(k));
  p = f32x4.add(f32x4.mul(p, t), tanhStart(k));
  q = f32x4.add(f32x4.mul(q, t), tanhStart(k));
  const twice = f32x4.mul(x, p);
  const squares = f32x4.add(f32x4.mul(q, q), f32x4.mul(f32x4.mul(twice, twice), quarter(k)));
  return f32x4.pmin(f32x4.pmax(f32x4.div(f32x4.mul(twice, q), squares), minusOne(k)), one(k));
}

/** 1/(1+e^−x); ≤ 4 ulp. */
@inline
export function sigmoid(x: v128, k: usize): v128 {
  return f32x4.div(one(k), f32x4.add(one(k), exp(f32x4.neg(x), k)));
}

/** x within ±12.9, beyond which Φ is 0 or 1 to 2e-38 and no product with it or φ overflows. NaN stays. */
@inline
export function nearMean(x: v128, k: usize): v128 {
  return f32x4.pmin(f32x4.pmax(x, minusGaussFar(k)), gaussFar(k));
}

/**
 * e^(−x²/2) for |x| ≤ 12.9; ≤ 2 ulp. x² = h² + (x−h)(x+h) with the upper 12 bits h of x, so that h² is exact: rounding x² would cost 40 ulp
 * far out.
 */
@inline
export function gaussian(x: v128, k: usize): v128 {
  const h = v128.and(x, upperBits(k));
  const square = f32x4.mul(h, f32x4.mul(h, half(k)));
  const rest = f32x4.mul(f32x4.sub(x, h), f32x4.mul(f32x4.add(x, h), half(k)));
  const shifted = f32x4.sub(rounder(k), f32x4.mul(square, log2e(k)));
  const n = f32x4.sub(shifted, rounder(k));
  const scale = i32x4.add(i32x4.shl(shifted, 23), oneBits(k));
  const reduced = f32x4.add(f32x4.add(f32x4.add(square, f32x4.mul(n, ln2High(k))), f32x4.mul(n, ln2Low(k))), rest);
  return f32x4.add(f32x4.mul(scale, expm1Reduced(f32x4.neg(reduced), k)), scale);
}

/** φ = e/√(2π) from e = e^(−x²/2). */
@inline
export function normalDensity(e: v128, k: usize): v128 {
  return f32x4.mul(e, overRoot2Pi(k));
}

/**
 * Φ(x) = ½(1 + erf(x/√2)) from e = e^(−x²/2), for |x| ≤ 12.9; ≤ 8 ulp, also where it is small. Φ(−|x|) = e·P(|x|)/Q(|x|), the form of
 * algorithm 5666 of J. F. Hart et al., Computer Approximations (1968); here P has degree 4 and Q 5, with the least possible greatest relative error
 * on [0, 13], 5.4e-9, found by linear programming. All coefficients are positive, so nothing cancels; P(0) = Q(0)/2 = 0.665 kept rounding least.
 */
@inline
export function normalDistribution(x: v128, e: v128, k: usize): v128 {
  const y = f32x4.abs(x);
  let p = f32x4.add(f32x4.mul(tailP4(k), y), tailP3(k));
  let q = f32x4.add(f32x4.mul(tailQ5(k), y), tailQ4(k));
  p = f32x4.add(f32x4.mul(p, y), tailP2(k));
  q = f32x4.add(f32x4.mul(q, y), tailQ3(k));
  p = f32x4.add(f32x4.mul(p, y), tailP1(k));
  q = f32x4.add(f32x4.mul(q, y), tailQ2(k));
  p = f32x4.add(f32x4.mul(p, y), tailP0(k));
  q = f32x4.add(f32x4.mul(q, y), tailQ1(k));
  q = f32x4.add(f32x4.mul(q, y), tailQ0(k));
  const tail = f32x4.div(f32x4.mul(e, p), q);
  return v128.bitselect(f32x4.sub(one(k), tail), tail, f32x4.gt(x, zero(k)));
}

/** log(1+e) for e in [0, 1]: 2·atanh(s), s = e/(2+e) ≤ 1/3, to s¹⁵; ≤ 3 ulp. */
@inline
export function log1p(e: v128, k: usize): v128 {
  const s = f32x4.div(e, f32x4.add(two(k), e));
  const t = f32x4.mul(s, s);
  let q = twoOver15(k);
  q = f32x4.add(f32x4.mul(q, t), twoOver13(k));
  q = f32x4.add(f32x4.mul(q, t), twoOver11(k));
  q = f32x4.add(f32x4.mul(q, t), twoOver9(k));
  q = f32x4.add(f32x4.mul(q, t), twoOver7(k));
  q = f32x4.add(f32x4.mul(q, t), twoOver5(k));
  q = f32x4.add(f32x4.mul(q, t), twoOver3(k));
  return f32x4.add(f32x4.mul(s, two(k)), f32x4.mul(f32x4.mul(s, t), q));
}

/** log(1+e^x) = max(x,0) + log1p(e^−|x|); ≤ 4 ulp. */
@inline
export function softplus(x: v128, k: usize): v128 {
  return f32x4.add(f32x4.pmax(x, zero(k)), log1p(exp(f32x4.neg(f32x4.abs(x)), k), k));
}

/**
 * x to the nearest integer, ties to even, with the bits of `f32x4.nearest`, of which V8 does not join two: adding 2²³ rounds, and from there on
 * every float is an integer.
 */
@inline
function nearest(x: v128, k: usize): v128 {
  const size = f32x4.abs(x);
  const rounded = f32x4.sub(f32x4.add(size, integers(k)), integers(k));
  return v128.bitselect(v128.or(rounded, v128.xor(x, size)), x, f32x4.lt(size, integers(k)));
}

/**
 * x − k·π with k the nearest integer to x/π, in three parts of π; the parity of k lands in `parityOf`. Absolute error
 * below 1e-6 for |x| ≤ 10⁴, growing in proportion beyond; always within [−π/2, π/2].
 */
@inline
export function reduceByPi(x: v128, k: usize): v128 {
  const n = nearest(f32x4.mul(x, overPi(k)), k);
  let r = f32x4.sub(x, f32x4.mul(n, piHigh(k)));
  r = f32x4.sub(r, f32x4.mul(n, piMiddle(k)));
  r = f32x4.sub(r, f32x4.mul(n, piLow(k)));
  return f32x4.pmin(f32x4.pmax(r, minusHalfPi(k)), halfPi(k));
}

/** The sign bit of (−1)^k, k the nearest integer to x/π. */
@inline
export function parityOf(x: v128, k: usize): v128 {
  return i32x4.shl(i32x4.trunc_sat_f32x4_s(nearest(f32x4.mul(x, overPi(k)), k)), 31);
}

/** sin r for |r| ≤ π/2: Taylor to r¹³, ≤ 2 ulp of 1. */
@inline
export function sinReduced(r: v128, k: usize): v128 {
  const t = f32x4.mul(r, r);
  let q = over13f(k);
  q = f32x4.sub(f32x4.mul(q, t), over11f(k));
  q = f32x4.add(f32x4.mul(q, t), over9f(k));
  q = f32x4.sub(f32x4.mul(q, t), over5040(k));
  q = f32x4.add(f32x4.mul(q, t), over120(k));
  q = f32x4.sub(f32x4.mul(q, t), over6(k));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, t), q));
}

/** cos r for |r| ≤ π/2: Taylor to r¹⁴, ≤ 2 ulp of 1. */
@inline
export function cosReduced(r: v128, k: usize): v128 {
  const t = f32x4.mul(r, r);
  let q = minusOver14f(k);
  q = f32x4.add(f32x4.mul(q, t), over12f(k));
  q = f32x4.sub(f32x4.mul(q, t), over10f(k));
  q = f32x4.add(f32x4.mul(q, t), over8f(k));
  q = f32x4.sub(f32x4.mul(q, t), over720(k));
  q = f32x4.add(f32x4.mul(q, t), over24(k));
  q = f32x4.sub(f32x4.mul(q, t), half(k));
  return f32x4.add(one(k), f32x4.mul(t, q));
}

/** Natural logarithm of a positive, normal number in float64: 2·atanh((f−1)/(f+1)) with f in [√½, √2); relative error below 1e-12. */
export function logarithm(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <i32>(bits >> 52) - 1023;
  let f = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (f > 1.4142135623730951) {
    f *= 0.5;
    exponent += 1;
  }
  const s = (f - 1) / (f + 1);
  const t = s * s;
  let q: f64 = 2.0 / 15.0;
  q = q * t + 2.0 / 13.0;
  q = q * t + 2.0 / 11.0;
  q = q * t + 2.0 / 9.0;
  q = q * t + 2.0 / 7.0;
  q = q * t + 2.0 / 5.0;
  q = q * t + 2.0 / 3.0;
  return <f64>exponent * 0.6931471805599453 + (2 * s + s * t * q);
}
