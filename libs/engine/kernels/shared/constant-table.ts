/**
 * The constants of the vector functions in memory that the host gives once. V8 builds a v128 constant from immediates in five
 * instructions each time it is used, also within loops; a load that fills a vector costs one. Measured on tanh: 3 times faster.
 */
let table: usize = 0;
/** Whether the engine joins neighbouring vectors into instructions of eight floats. */
let wide: bool = false;

/** Writes the table to `address`, which must stay ours with the 17 KiB from there. To be called before any other kernel. */
export function placeConstants(address: usize, asWide: bool): void {
  table = address;
  wide = asWide;
  put(0, -87);
  put(1, 88);
  put(2, 1.4426950408889634);
  put(3, 12582912); // 1.5·2²³: adding it rounds to an integer (ties to even) and leaves that integer in the low bits
  put(4, 0.693359375);
  put(5, -2.12194440e-4); // ln 2 = 0.693359375 − 2.1219444e-4
  store<i32>(table, 0x3f800000, 6 * 4);
  put(7, 1.0 / 5040.0);
  put(8, 1.0 / 720.0);
  put(9, 1.0 / 120.0);
  put(10, 1.0 / 24.0);
  put(11, 1.0 / 6.0);
  put(12, 0.5);
  put(13, 1);
  put(14, 2);
  put(15, -2);
  put(17, 2.0 / 15.0);
  put(18, 2.0 / 13.0);
  put(19, 2.0 / 11.0);
  put(20, 2.0 / 9.0);
  put(21, 2.0 / 7.0);
  put(22, 2.0 / 5.0);
  put(23, 2.0 / 3.0);
  put(24, 0.01);
  put(25, 0.044715);
  put(26, 1.5957691216057308); // 2·√(2/π)
  put(27, 100);
  put(28, 3);
  put(29, 0);
  put(30, -100);
  put(31, 6);
  put(32, -9);
  put(33, 9);
  put(34, 1.5478850912131747e-7);
  put(35, 2.878782106563449e-4);
  put(36, 0.056689221411943436);
  put(37, 4.928082944388734e-6);
  put(38, 2.5120163336396217e-3);
  put(39, 0.20668914914131165);
  put(40, 1.8);
  put(41, 0.25);
  put(42, -1);
  put(43, 4);
  put(44, 0.3183098861837907);
  put(45, 3.140625);
  put(46, 9.67502593994140625e-4);
  put(47, 1.509957990978376e-7);
  put(48, 1.5707963267948966);
  put(49, -1.5707963267948966);
  put(50, 8388608); // 2²³: from there on every float is an integer
  put(51, 1.0 / 6227020800.0);
  put(52, 1.0 / 39916800.0);
  put(53, 1.0 / 362880.0);
  put(54, -1.0 / 87178291200.0);
  put(55, 1.0 / 479001600.0);
  put(56, 1.0 / 3628800.0);
  put(57, 1.0 / 40320.0);
  put(58, 12.9); // e^−12.9²/2 = 7e-37: what follows from it is no subnormal number
  put(59, -12.9);
  store<i32>(table, 0xfffff000, 60 * 4); // the upper 12 of 24 bits
  put(61, 0.3989422804014327); // 1/√(2π)
  put(62, 0.665);
  put(63, 0.5762115);
  put(64, 0.23866653);
  put(65, 0.052327357);
  put(66, 0.0052149105);
  put(67, 1.33);
  put(68, 2.2136095);
  put(69, 1.578535);
  put(70, 0.6110845);
  put(71, 0.13117594);
  put(72, 0.013071631);
}

function put(place: usize, value: f32): void {
  store<f32>(table + (place << 2), value);
}

/** Whether products should take tiles that suit instructions of eight floats. The bits are the same. */
@inline
export function wideVectors(): bool {
  return wide;
}

/** 16 KiB behind the table, for a copy of a part of a matrix that lasts while it is multiplied. */
@inline
export function panelSpace(): usize {
  return table + 1024;
}

/** The table's address, for a local variable outside the loop. */
@inline
export function constants(): usize {
  return table;
}

@inline export function lowest(k: usize): v128 { return v128.load_splat<f32>(k, 0 * 4); }
@inline export function highest(k: usize): v128 { return v128.load_splat<f32>(k, 1 * 4); }
@inline export function log2e(k: usize): v128 { return v128.load_splat<f32>(k, 2 * 4); }
@inline export function rounder(k: usize): v128 { return v128.load_splat<f32>(k, 3 * 4); }
@inline export function ln2High(k: usize): v128 { return v128.load_splat<f32>(k, 4 * 4); }
@inline export function ln2Low(k: usize): v128 { return v128.load_splat<f32>(k, 5 * 4); }
@inline export function oneBits(k: usize): v128 { return v128.load_splat<f32>(k, 6 * 4); }
@inline export function over5040(k: usize): v128 { return v128.load_splat<f32>(k, 7 * 4); }
@inline export function over720(k: usize): v128 { return v128.load_splat<f32>(k, 8 * 4); }
@inline export function over120(k: usize): v128 { return v128.load_splat<f32>(k, 9 * 4); }
@inline export function over24(k: usize): v128 { return v128.load_splat<f32>(k, 10 * 4); }
@inline export function over6(k: usize): v128 { return v128.load_splat<f32>(k, 11 * 4); }
@inline export function half(k: usize): v128 { return v128.load_splat<f32>(k, 12 * 4); }
@inline export function one(k: usize): v128 { return v128.load_splat<f32>(k, 13 * 4); }
@inline export function two(k: usize): v128 { return v128.load_splat<f32>(k, 14 * 4); }
@inline export function minusTwo(k: usize): v128 { return v128.load_splat<f32>(k, 15 * 4); }
@inline export function twoOver15(k: usize): v128 { return v128.load_splat<f32>(k, 17 * 4); }
@inline export function twoOver13(k: usize): v128 { return v128.load_splat<f32>(k, 18 * 4); }
@inline export function twoOver11(k: usize): v128 { return v128.load_splat<f32>(k, 19 * 4); }
@inline export function twoOver9(k: usize): v128 { return v128.load_splat<f32>(k, 20 * 4); }
@inline export function twoOver7(k: usize): v128 { return v128.load_splat<f32>(k, 21 * 4); }
@inline export function twoOver5(k: usize): v128 { return v128.load_splat<f32>(k, 22 * 4); }
@inline export function twoOver3(k: usize): v128 { return v128.load_splat<f32>(k, 23 * 4); }
@inline export function leak(k: usize): v128 { return v128.load_splat<f32>(k, 24 * 4); }
@inline export function geluCubic(k: usize): v128 { return v128.load_splat<f32>(k, 25 * 4); }
@inline export function geluFactor(k: usize): v128 { return v128.load_splat<f32>(k, 26 * 4); }
@inline export function far(k: usize): v128 { return v128.load_splat<f32>(k, 27 * 4); }
@inline export function three(k: usize): v128 { return v128.load_splat<f32>(k, 28 * 4); }
@inline export function zero(k: usize): v128 { return v128.load_splat<f32>(k, 29 * 4); }
@inline export function minusFar(k: usize): v128 { return v128.load_splat<f32>(k, 30 * 4); }
@inline export function six(k: usize): v128 { return v128.load_splat<f32>(k, 31 * 4); }
@inline export function tanhLowest(k: usize): v128 { return v128.load_splat<f32>(k, 32 * 4); }
@inline export function tanhHighest(k: usize): v128 { return v128.load_splat<f32>(k, 33 * 4); }
@inline export function tanhP3(k: usize): v128 { return v128.load_splat<f32>(k, 34 * 4); }
@inline export function tanhP2(k: usize): v128 { return v128.load_splat<f32>(k, 35 * 4); }
@inline export function tanhP1(k: usize): v128 { return v128.load_splat<f32>(k, 36 * 4); }
@inline export function tanhQ3(k: usize): v128 { return v128.load_splat<f32>(k, 37 * 4); }
@inline export function tanhQ2(k: usize): v128 { return v128.load_splat<f32>(k, 38 * 4); }
@inline export function tanhQ1(k: usize): v128 { return v128.load_splat<f32>(k, 39 * 4); }
@inline export function tanhStart(k: usize): v128 { return v128.load_splat<f32>(k, 40 * 4); }
@inline export function quarter(k: usize): v128 { return v128.load_splat<f32>(k, 41 * 4); }
@inline export function minusOne(k: usize): v128 { return v128.load_splat<f32>(k, 42 * 4); }
@inline export function four(k: usize): v128 { return v128.load_splat<f32>(k, 43 * 4); }
@inline export function overPi(k: usize): v128 { return v128.load_splat<f32>(k, 44 * 4); }
@inline export function piHigh(k: usize): v128 { return v128.load_splat<f32>(k, 45 * 4); }
@inline export function piMiddle(k: usize): v128 { return v128.load_splat<f32>(k, 46 * 4); }
@inline export function piLow(k: usize): v128 { return v128.load_splat<f32>(k, 47 * 4); }
@inline export function halfPi(k: usize): v128 { return v128.load_splat<f32>(k, 48 * 4); }
@inline export function minusHalfPi(k: usize): v128 { return v128.load_splat<f32>(k, 49 * 4); }
@inline export function integers(k: usize): v128 { return v128.load_splat<f32>(k, 50 * 4); }
@inline export function over13f(k: usize): v128 { return v128.load_splat<f32>(k, 51 * 4); }
@inline export function over11f(k: usize): v128 { return v128.load_splat<f32>(k, 52 * 4); }
@inline export function over9f(k: usize): v128 { return v128.load_splat<f32>(k, 53 * 4); }
@inline export function minusOver14f(k: usize): v128 { return v128.load_splat<f32>(k, 54 * 4); }
@inline export function over12f(k: usize): v128 { return v128.load_splat<f32>(k, 55 * 4); }
@inline export function over10f(k: usize): v128 { return v128.load_splat<f32>(k, 56 * 4); }
@inline export function over8f(k: usize): v128 { return v128.load_splat<f32>(k, 57 * 4); }
@inline export function gaussFar(k: usize): v128 { return v128.load_splat<f32>(k, 58 * 4); }
@inline export function minusGaussFar(k: usize): v128 { return v128.load_splat<f32>(k, 59 * 4); }
@inline export function upperBits(k: usize): v128 { return v128.load_splat<f32>(k, 60 * 4); }
@inline export function overRoot2Pi(k: usize): v128 { return v128.load_splat<f32>(k, 61 * 4); }
@inline export function tailP0(k: usize): v128 { return v128.load_splat<f32>(k, 62 * 4); }
@inline export function tailP1(k: usize): v128 { return v128.load_splat<f32>(k, 63 * 4); }
@inline export function tailP2(k: usize): v128 { return v128.load_splat<f32>(k, 64 * 4); }
@inline export function tailP3(k: usize): v128 { return v128.load_splat<f32>(k, 65 * 4); }
@inline export function tailP4(k: usize): v128 { return v128.load_splat<f32>(k, 66 * 4); }
@inline export function tailQ0(k: usize): v128 { return v128.load_splat<f32>(k, 67 * 4); }
@inline export function tailQ1(k: usize): v128 { return v128.load_splat<f32>(k, 68 * 4); }
@inline export function tailQ2(k: usize): v128 { return v128.load_splat<f32>(k, 69 * 4); }
@inline export function tailQ3(k: usize): v128 { return v128.load_splat<f32>(k, 70 * 4); }
@inline export function tailQ4(k: usize): v128 { return v128.load_splat<f32>(k, 71 * 4); }
@inline export function tailQ5(k: usize): v128 { return v128.load_splat<f32>(k, 72 * 4); }
