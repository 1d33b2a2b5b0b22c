/**
 * Elementary functions from additions, multiplications, divisions and bit operations only. ECMAScript leaves the last bits
 * of Math.log, Math.exp, Math.sin and Math.cos to the engine, and V8 has changed them between releases; IEEE 754 fixes the
 * basic operations (and Math.sqrt) to the bit. Whatever enters a run's numbers or a search's candidates uses these.
 */
const ln2High = 0.6931471803691238; // 33 leading bits of ln 2: k·ln2High is exact for |k| < 2^20
const ln2Low = 1.9082149292705877e-10; // ln 2 − ln2High
const scratch = new DataView(new ArrayBuffer(8));

/** x², rounded once: ECMAScript leaves the last bits of `x ** 2` to the engine. */
export function square(x: number): number {
  return x * x;
}

/** 2^exponent for −1022 ≤ exponent ≤ 1023, exactly. */
function powerOfTwo(exponent: number): number {
  scratch.setUint32(0, (exponent + 1023) << 20);
  scratch.setUint32(4, 0);
  return scratch.getFloat64(0);
}

/**
 * Natural logarithm, error below 2 units in the last place. x = m·2^k with √½ ≤ m < √2 and s = (m−1)/(m+1):
 * ln x = k·ln 2 + 2(s + s³/3 + s⁵/5 + …), |s| ≤ 0.1716, twelve terms. ln 0 = −∞; NaN below zero.
 */
export function logarithm(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let scaled = x;
  if (scaled < 2.2250738585072014e-308) {
    scaled *= 18_014_398_509_481_984; // 2^54
    k = -54;
  }
  scratch.setFloat64(0, scaled);
  const top = scratch.getUint32(0);
  k += (top >>> 20) - 1023;
  scratch.setUint32(0, (top & 0x000fffff) | 0x3ff00000);
  let m = scratch.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  // ln m = f − f²/2 + s·(f²/2 + R) with f = m − 1 and R = 2s²/3 + 2s⁴/5 + …: the leading term f is exact.
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let series = 0;
  for (let n = 25; n >= 3; n -= 2) series = z * (series + 2 / n);
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + series) + k * ln2Low) - f);
}

/**
 * Exponential function, error below 2 units in the last place where the result is a normal number.
 * x = k·ln 2 + r with |r| ≤ ½ ln 2; Taylor series of e^r to r¹⁴.
 */
export function exponential(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / Math.LN2);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const error = high - r - low;
  let series = 0;
  for (let n = 14; n >= 2; n--) series = (r / n) * (1 + series);
  const value = 1 + (r + (r * series + error));
  const half = Math.trunc(k / 2);
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** Taylor series of sin(πr) for |r| ≤ ¼. */
function sineKernel(r: number): number {
  const x = Math.PI * r;
  const z = x * x;
  let series = 0;
  for (let n = 18; n >= 2; n -= 2) series = (-z / (n * (n + 1))) * (1 + series);
  return x + x * series;
}

/** Taylor series of cos(πr) for |r| ≤ ¼. */
function cosineKernel(r: number): number {
  const x = Math.PI * r;
  const z = x * x;
  let series = 0;
  for (let n = 19; n >= 1; n -= 2) series = (-z / (n * (n + 1))) * (1 + series);
  return 1 + series;
}

/** sin(πx), exact at multiples of ½; error below 2 units in the last place of the result where it is not near zero. NaN unless x is finite. */
export function sinPi(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const reduced = x % 2;
  const quarter = Math.round(reduced * 2);
  const r = reduced - quarter / 2;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return sineKernel(r);
    case 1:
      return cosineKernel(r);
    case 2:
      return -sineKernel(r);
    default:
      return -cosineKernel(r);
  }
}

/** cos(πx), exact at multiples of ½; otherwise as `sinPi`. */
export function cosPi(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const reduced = Math.abs(x % 2);
  const quarter = Math.round(reduced * 2);
  const r = reduced - quarter / 2;
  switch (quarter % 4) {
    case 0:
      return cosineKernel(r);
    case 1:
      return -sineKernel(r);
    case 2:
      return -cosineKernel(r);
    default:
      return sineKernel(r);
  }
}
