import { normalQuantile } from "./normal-quantile";

/** Γ(a + ½) / (Γ(a)·√a), a > 0, relative error about 1e-15: the asymptotic series from a ≥ 24 on, recursion below. */
function gammaRatio(a: number): number {
  let factor = 1;
  let x = a;
  // Γ(x+½)/Γ(x) = x/(x+½) · Γ(x+3/2)/Γ(x+1)
  while (x < 24) {
    factor *= x / (x + 0.5);
    x += 1;
  }
  const inverse = 1 / x;
  const square = inverse * inverse;
  const exponent = -inverse * (1 / 8 - square * (1 / 192 - square * (1 / 640 - square * (17 / 14_336 - square * (31 / 18_432)))));
  return factor * Math.exp(exponent) * Math.sqrt(x / a);
}

/**
 * Regularized incomplete beta function I_x(a, ½) by the continued fraction of the classical texts (modified Lentz), used where
 * it converges fast (x < (a+1)/(a+2.5)); otherwise by I_x(a,b) = 1 − I_{1−x}(b,a). `y` is 1 − x, given to avoid cancellation.
 */
function betaTail(x: number, y: number, a: number): number {
  const b = 0.5;
  // x^a · y^b / B(a, ½), with 1/B(a, ½) = Γ(a+½)/(Γ(a)·Γ(½)). For x near 1 the power is taken through log1p.
  const power = Math.exp(a * (y < 0.5 ? Math.log1p(-y) : Math.log(x)));
  const front = (power * Math.sqrt(y) * gammaRatio(a) * Math.sqrt(a)) / Math.sqrt(Math.PI);
  if (x < (a + 1) / (a + b + 2)) return (front * continuedFraction(x, a, b)) / a;
  return 1 - (front * continuedFraction(y, b, a)) / b;
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let value = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    c = 1 + even / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    if (Math.abs(c) < tiny) c = tiny;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    value *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return value;
}

/** P(T > t) for t ≥ 0 and Student's t with `degrees` > 0 degrees of freedom: ½·I_x(ν/2, ½) with x = ν/(ν + t²). */
function upperTail(t: number, degrees: number): number {
  const square = t * t;
  const x = degrees / (degrees + square);
  const y = square / (degrees + square);
  return y === 0 ? 0.5 : 0.5 * betaTail(x, y, degrees / 2);
}

/** P(|T| > |t|) for Student's t with `degrees` > 0 degrees of freedom. NaN for NaN or degrees ≤ 0. */
export function studentTTwoSided(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees > 0)) return Number.NaN;
  return Math.min(1, 2 * upperTail(Math.abs(t), degrees));
}

/** Density at t. */
function density(t: number, degrees: number): number {
  const scale = gammaRatio(degrees / 2) / Math.sqrt(2 * Math.PI);
  return scale * Math.exp((-(degrees + 1) / 2) * Math.log1p((t * t) / degrees));
}

/** Beyond this the expansion about the normal quantile has an error below 1e-13. */
const manyDegrees = 2000;

/**
 * The t with P(T ≤ t) = p for Student's t with `degrees` degrees of freedom (any real > 0, or Infinity for the normal
 * distribution); relative error below 1e-11. Newton's method on the tail, kept inside a bracket; from 2,000 degrees on the
 * Cornish–Fisher expansion (Abramowitz & Stegun 26.7.5). NaN for p outside [0, 1] or degrees ≤ 0.
 */
export function studentTQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1) || !(degrees > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, degrees);
  if (p === 1) return Number.POSITIVE_INFINITY;
  const z = normalQuantile(p);
  const expanded = expansion(z, degrees);
  if (degrees >= manyDegrees) return expanded;
  const tail = 1 - p;
  let low = z;
  let high = Number.POSITIVE_INFINITY;
  let t = degrees >= 3 ? Math.max(expanded, z) : Math.max(z, degrees / 2);
  for (let iteration = 0; iteration < 400; iteration++) {
    const excess = upperTail(t, degrees) - tail;
    if (excess > 0) low = t;
    else if (excess < 0) high = t;
    else return t;
    // Newton on ln(tail) against ln(t): nearly linear however heavy the tail is.
    const next = t * Math.exp((excess + tail) * Math.log((excess + tail) / tail) * (1 / (t * density(t, degrees))));
    const inside = next > low && next < high;
    const candidate = inside ? next : high === Number.POSITIVE_INFINITY ? t * 4 : (low + high) / 2;
    if (Math.abs(candidate - t) <= 1e-15 * t || candidate === low || candidate === high) return candidate;
    t = candidate;
  }
  return t;
}

function expansion(z: number, degrees: number): number {
  const s = z * z;
  const g1 = (z * (s + 1)) / 4;
  const g2 = (z * ((5 * s + 16) * s + 3)) / 96;
  const g3 = (z * (((3 * s + 19) * s + 17) * s - 15)) / 384;
  const g4 = (z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945)) / 92_160;
  return z + (g1 + (g2 + (g3 + g4 / degrees) / degrees) / degrees) / degrees;
}
