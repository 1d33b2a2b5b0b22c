/**
 * Sums in double precision out of integers, for those whose terms cancel: pairs of floats are too coarse there. A `Double` is ±(high·2³² + low)·2^exponent, the
 * whole number having 53 bits, or 0; it is rounded to the nearest, to even. No infinities and no numbers that are none: a sum in floats beside it knows of those.
 */
export const doubleSums = `
struct Double { negative: bool, exponent: i32, high: u32, low: u32 };
fn promoted(x: f32) -> Double {
  let bits = bitcast<u32>(x);
  let exponent = i32((bits >> 23u) & 255u);
  if (exponent == 0) { return Double(false, 0, 0u, 0u); }
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  return Double(bits >= 0x80000000u, exponent - 179, mantissa >> 3u, mantissa << 29u);
}
fn shiftedRight(high: u32, low: u32, by: u32) -> vec2u {
  if (by == 0u) { return vec2u(high, low); }
  if (by >= 64u) { return vec2u(0u, u32((high | low) != 0u)); }
  if (by >= 32u) {
    let rest = by - 32u;
    let lost = low | select(0u, high << (32u - rest), rest != 0u);
    return vec2u(0u, (high >> rest) | u32(lost != 0u));
  }
  return vec2u(high >> by, (low >> by) | (high << (32u - by)) | u32((low << (32u - by)) != 0u));
}
fn sumOfDoubles(x: Double, y: Double) -> Double {
  if (y.high == 0u) { return x; }
  if (x.high == 0u) { return y; }
  var a = x; var b = y;
  if (b.exponent > a.exponent || (b.exponent == a.exponent && (b.high > a.high || (b.high == a.high && b.low > a.low)))) { a = y; b = x; }
  let first = vec2u((a.high << 3u) | (a.low >> 29u), a.low << 3u);
  let other = shiftedRight((b.high << 3u) | (b.low >> 29u), b.low << 3u, u32(a.exponent - b.exponent));
  var high = 0u; var low = 0u; var exponent = a.exponent;
  if (a.negative == b.negative) {
    low = first.y + other.y;
    high = first.x + other.x + u32(low < first.y);
    if (high >= 0x1000000u) { let less = shiftedRight(high, low, 1u); high = less.x; low = less.y; exponent = exponent + 1; }
  } else {
    low = first.y - other.y;
    high = first.x - other.x - u32(first.y < other.y);
    if ((high | low) == 0u) { return Double(false, 0, 0u, 0u); }
    var by = select(countLeadingZeros(high), 32u + countLeadingZeros(low), high == 0u) - 8u;
    exponent = exponent - i32(by);
    if (by >= 32u) { high = low; low = 0u; by = by - 32u; }
    if (by > 0u) { high = (high << by) | (low >> (32u - by)); low = low << by; }
  }
  let rest = low & 7u;
  low = (low >> 3u) | (high << 29u);
  high = high >> 3u;
  if (rest > 4u || (rest == 4u && (low & 1u) == 1u)) {
    low = low + 1u;
    high = high + u32(low == 0u);
    if (high >= 0x200000u) { low = (low >> 1u) | (high << 31u); high = high >> 1u; exponent = exponent + 1; }
  }
  return Double(a.negative, exponent, high, low);
}
fn demoted(a: Double) -> f32 {
  if (a.high == 0u) { return 0.0; }
  var mantissa = (a.high << 3u) | (a.low >> 29u);
  let rest = a.low & 0x1fffffffu;
  var exponent = a.exponent + 179;
  if (rest > 0x10000000u || (rest == 0x10000000u && (mantissa & 1u) == 1u)) {
    mantissa = mantissa + 1u;
    if (mantissa == 0x1000000u) { mantissa = mantissa >> 1u; exponent = exponent + 1; }
  }
  let sign = select(0u, 0x80000000u, a.negative);
  if (exponent <= 0) { return bitcast<f32>(sign); }
  if (exponent >= 255) { return bitcast<f32>(sign | pack.infinity); }
  return bitcast<f32>(sign | (u32(exponent) << 23u) | (mantissa & 0x7fffffu));
}
`;
