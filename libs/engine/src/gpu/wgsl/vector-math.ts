/** Twins of kernels/shared/vector-math.ts, one float instead of four: the same polynomials, the same order. No function of the device takes part
 * but `round`, to even, where the kernels add 1.5·2²³: a compiler takes that sum apart. */
export const vectorMath = `
fn pmin(x: f32, y: f32) -> f32 { return select(x, y, y < x); }
fn pmax(x: f32, y: f32) -> f32 { return select(x, y, x < y); }
fn expm1Reduced(r: f32) -> f32 {
  var q = ${1 / 5040};
  q = mad(q, r, ${1 / 720});
  q = mad(q, r, ${1 / 120});
  q = mad(q, r, ${1 / 24});
  q = mad(q, r, ${1 / 6});
  q = mad(q, r, 0.5);
  return r + mul(mul(r, r), q);
}
fn powerParts(given: f32) -> vec2f {
  let x = pmin(pmax(given, -87.0), 88.0);
  let n = round(mul(x, 1.4426950408889634));
  let scale = bitcast<f32>((i32(n) << 23u) + 0x3f800000);
  return vec2f(scale, expm1Reduced((x - mul(n, 0.693359375)) - mul(n, -2.12194440e-4)));
}
fn expm1(x: f32) -> f32 { let parts = powerParts(x); return mul(parts.x, parts.y) + (parts.x - 1.0); }
fn power(x: f32) -> f32 { let parts = powerParts(x); return mul(parts.x, parts.y) + parts.x; }
fn tangent(given: f32) -> f32 {
  let x = pmin(pmax(given, -9.0), 9.0);
  let t = mul(x, x);
  var p = mad(1.5478850912131747e-7, t, 2.878782106563449e-4);
  var q = mad(4.928082944388734e-6, t, 2.5120163336396217e-3);
  p = mad(p, t, 0.056689221411943436);
  q = mad(q, t, 0.20668914914131165);
  p = mad(p, t, 1.8);
  q = mad(q, t, 1.8);
  let twice = mul(x, p);
  let squares = mul(q, q) + mul(mul(twice, twice), 0.25);
  return pmin(pmax(divide(mul(twice, q), squares), -1.0), 1.0);
}
fn logistic(x: f32) -> f32 { return divide(1.0, 1.0 + power(-x)); }
fn nearMean(x: f32) -> f32 { return pmin(pmax(x, -12.9), 12.9); }
fn gaussian(x: f32) -> f32 {
  let h = bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
  let square = mul(h, mul(h, 0.5));
  let rest = mul(x - h, mul(x + h, 0.5));
  let n = round(-mul(square, 1.4426950408889634));
  let scale = bitcast<f32>((i32(n) << 23u) + 0x3f800000);
  let reduced = ((square + mul(n, 0.693359375)) + mul(n, -2.12194440e-4)) + rest;
  return mul(scale, expm1Reduced(-reduced)) + scale;
}
fn normalDensity(e: f32) -> f32 { return mul(e, 0.3989422804014327); }
fn normalDistribution(x: f32, e: f32) -> f32 {
  let y = abs(x);
  var p = mad(0.0052149105, y, 0.052327357);
  var q = mad(0.013071631, y, 0.13117594);
  p = mad(p, y, 0.23866653);
  q = mad(q, y, 0.6110845);
  p = mad(p, y, 0.5762115);
  q = mad(q, y, 1.578535);
  p = mad(p, y, 0.665);
  q = mad(q, y, 2.2136095);
  q = mad(q, y, 1.33);
  let tail = divide(mul(e, p), q);
  return select(tail, 1.0 - tail, x > 0.0);
}
fn logarithmOfOneAnd(e: f32) -> f32 {
  let s = divide(e, 2.0 + e);
  let t = mul(s, s);
  var q = ${2 / 15};
  q = mad(q, t, ${2 / 13});
  q = mad(q, t, ${2 / 11});
  q = mad(q, t, ${2 / 9});
  q = mad(q, t, ${2 / 7});
  q = mad(q, t, ${2 / 5});
  q = mad(q, t, ${2 / 3});
  return mul(s, 2.0) + mul(mul(s, t), q);
}
fn softened(x: f32) -> f32 { return pmax(x, 0.0) + logarithmOfOneAnd(power(-abs(x))); }
fn reduceByPi(x: f32) -> f32 {
  let n = round(mul(x, 0.3183098861837907));
  var r = x - mul(n, 3.140625);
  r = r - mul(n, 9.67502593994140625e-4);
  r = r - mul(n, 1.509957990978376e-7);
  return pmin(pmax(r, -1.5707963267948966), 1.5707963267948966);
}
fn turned(value: f32, x: f32) -> f32 {
  let odd = (bitcast<u32>(i32(round(mul(x, 0.3183098861837907)))) & 1u) << 31u;
  return bitcast<f32>(bitcast<u32>(value) ^ odd);
}
fn sinReduced(r: f32) -> f32 {
  let t = mul(r, r);
  var q = ${1 / 6227020800};
  q = mul(q, t) - ${1 / 39916800};
  q = mad(q, t, ${1 / 362880});
  q = mul(q, t) - ${1 / 5040};
  q = mad(q, t, ${1 / 120});
  q = mul(q, t) - ${1 / 6};
  return r + mul(mul(r, t), q);
}
fn cosReduced(r: f32) -> f32 {
  let t = mul(r, r);
  var q = ${-1 / 87178291200};
  q = mad(q, t, ${1 / 479001600});
  q = mul(q, t) - ${1 / 3628800};
  q = mad(q, t, ${1 / 40320});
  q = mul(q, t) - ${1 / 720};
  q = mad(q, t, ${1 / 24});
  q = mul(q, t) - 0.5;
  return 1.0 + mul(t, q);
}
fn sine(x: f32) -> f32 { return turned(sinReduced(reduceByPi(x)), x); }
fn cosine(x: f32) -> f32 { return turned(cosReduced(reduceByPi(x)), x); }
`;

/**
 * Sums of more than single precision: a value and what it misses (T. J. Dekker, Numer. Math. 18 (1971); D. E. Knuth, The Art of Computer Programming 2), 48
 * bits in the place of the 53 that the kernels of wasm sum in.
 */
export const pairMath = `
fn addTo(a: vec2f, x: f32) -> vec2f {
  let s = a.x + x;
  let z = s - a.x;
  let e = (a.x - (s - z)) + (x - z);
  let lo = a.y + e;
  let hi = s + lo;
  return vec2f(hi, lo - (hi - s));
}
fn addPair(a: vec2f, b: vec2f) -> vec2f { return addTo(addTo(a, b.x), b.y); }
fn halves(a: f32) -> vec2f { let c = mul(4097.0, a); let h = c - (c - a); return vec2f(h, a - h); }
fn product(a: f32, b: f32) -> vec2f {
  let p = mul(a, b);
  let x = halves(a);
  let y = halves(b);
  return vec2f(p, ((mul(x.x, y.x) - p) + mul(x.x, y.y) + mul(x.y, y.x)) + mul(x.y, y.y));
}
fn productOfPairs(a: vec2f, b: vec2f) -> vec2f {
  let p = product(a.x, b.x);
  return addTo(vec2f(p.x, 0.0), p.y + (mul(a.x, b.y) + mul(a.y, b.x)));
}
fn quotient(a: vec2f, b: vec2f) -> vec2f {
  let q = divide(a.x, b.x);
  let p = productOfPairs(vec2f(q, 0.0), b);
  let rest = ((a.x - p.x) - p.y) + a.y;
  return addTo(vec2f(q, 0.0), divide(rest, b.x));
}
fn rounded(a: vec2f) -> f32 { return a.x + a.y; }
`;
