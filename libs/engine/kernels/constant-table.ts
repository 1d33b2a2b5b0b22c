/**
 * The constants of the vector functions, each four times, in memory that the host gives once. V8 builds a v128 constant from
 * immediates in five instructions each time it is used, also within loops; a load costs one. Measured on tanh: 3 times faster.
 */
let table: usize = 0;


/** Writes the table to `address`, which must stay ours with the 17 KiB from there. To be called before any other kernel. */
export function placeConstants(address: usize): void {
  table = address;
  put(0, -87);
  put(1, 88);
  put(2, 1.4426950408889634);
  put(3, 12582912); // 1.5·2²³: adding it rounds to an integer (ties to even) and leaves that integer in the low bits
  put(4, 0.693359375);
  put(5, -2.12194440e-4); // ln 2 = 0.693359375 − 2.1219444e-4
  v128.store(table, i32x4.splat(0x3f800000), 6 * 16);
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
}

function put(place: usize, value: f32): void {
  v128.store(table + (place << 4), f32x4.splat(value));
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

@inline export function lowest(k: usize): v128 { return v128.load(k, 0 * 16); }
@inline export function highest(k: usize): v128 { return v128.load(k, 1 * 16); }
@inline export function log2e(k: usize): v128 { return v128.load(k, 2 * 16); }
@inline export function rounder(k: usize): v128 { return v128.load(k, 3 * 16); }
@inline export function ln2High(k: usize): v128 { return v128.load(k, 4 * 16); }
@inline export function ln2Low(k: usize): v128 { return v128.load(k, 5 * 16); }
@inline export function oneBits(k: usize): v128 { return v128.load(k, 6 * 16); }
@inline export function over5040(k: usize): v128 { return v128.load(k, 7 * 16); }
@inline export function over720(k: usize): v128 { return v128.load(k, 8 * 16); }
@inline export function over120(k: usize): v128 { return v128.load(k, 9 * 16); }
@inline export function over24(k: usize): v128 { return v128.load(k, 10 * 16); }
@inline export function over6(k: usize): v128 { return v128.load(k, 11 * 16); }
@inline export function half(k: usize): v128 { return v128.load(k, 12 * 16); }
@inline export function one(k: usize): v128 { return v128.load(k, 13 * 16); }
@inline export function two(k: usize): v128 { return v128.load(k, 14 * 16); }
@inline export function minusTwo(k: usize): v128 { return v128.load(k, 15 * 16); }
@inline export function twoOver15(k: usize): v128 { return v128.load(k, 17 * 16); }
@inline export function twoOver13(k: usize): v128 { return v128.load(k, 18 * 16); }
@inline export function twoOver11(k: usize): v128 { return v128.load(k, 19 * 16); }
@inline export function twoOver9(k: usize): v128 { return v128.load(k, 20 * 16); }
@inline export function twoOver7(k: usize): v128 { return v128.load(k, 21 * 16); }
@inline export function twoOver5(k: usize): v128 { return v128.load(k, 22 * 16); }
@inline export function twoOver3(k: usize): v128 { return v128.load(k, 23 * 16); }
@inline export function leak(k: usize): v128 { return v128.load(k, 24 * 16); }
@inline export function geluCubic(k: usize): v128 { return v128.load(k, 25 * 16); }
@inline export function geluFactor(k: usize): v128 { return v128.load(k, 26 * 16); }
@inline export function far(k: usize): v128 { return v128.load(k, 27 * 16); }
@inline export function three(k: usize): v128 { return v128.load(k, 28 * 16); }
@inline export function zero(k: usize): v128 { return v128.load(k, 29 * 16); }
@inline export function minusFar(k: usize): v128 { return v128.load(k, 30 * 16); }
@inline export function six(k: usize): v128 { return v128.load(k, 31 * 16); }
@inline export function tanhLowest(k: usize): v128 { return v128.load(k, 32 * 16); }
@inline export function tanhHighest(k: usize): v128 { return v128.load(k, 33 * 16); }
@inline export function tanhP3(k: usize): v128 { return v128.load(k, 34 * 16); }
@inline export function tanhP2(k: usize): v128 { return v128.load(k, 35 * 16); }
@inline export function tanhP1(k: usize): v128 { return v128.load(k, 36 * 16); }
@inline export function tanhQ3(k: usize): v128 { return v128.load(k, 37 * 16); }
@inline export function tanhQ2(k: usize): v128 { return v128.load(k, 38 * 16); }
@inline export function tanhQ1(k: usize): v128 { return v128.load(k, 39 * 16); }
@inline export function tanhStart(k: usize): v128 { return v128.load(k, 40 * 16); }
@inline export function quarter(k: usize): v128 { return v128.load(k, 41 * 16); }
@inline export function minusOne(k: usize): v128 { return v128.load(k, 42 * 16); }
@inline export function four(k: usize): v128 { return v128.load(k, 43 * 16); }
