import { wideVectors, panelSpace } from "./shared/constant-table";

/**
 * `loops` times 12 independent products and sums, x ← x·a + b, as fast as this instruction set allows (a sum waits for its product, so that 12
 * are in flight to fill two pipelines of each kind): of four floats each, 96 floating-point operations per loop, or of eight where V8 joins
 * vectors, 192. Writes the sum of all to `out`, 16 bytes, whose first two floats are a and b before.
 */
export function peakRate(loops: i32, out: usize): void {
  if (wideVectors()) peakOfEight(loops, out);
  else peakOfFour(loops, out);
}

function peakOfFour(loops: i32, out: usize): void {
  const a = v128.load_splat<f32>(out);
  const b = v128.load_splat<f32>(out, 4);
  let x0 = f32x4.splat(0);
  let x1 = f32x4.splat(1);
  let x2 = f32x4.splat(2);
  let x3 = f32x4.splat(3);
  let x4 = f32x4.splat(4);
  let x5 = f32x4.splat(5);
  let x6 = f32x4.splat(6);
  let x7 = f32x4.splat(7);
  let x8 = f32x4.splat(8);
  let x9 = f32x4.splat(9);
  let x10 = f32x4.splat(10);
  let x11 = f32x4.splat(11);
  for (let i = 0; i < loops; i++) {
    x0 = f32x4.add(f32x4.mul(x0, a), b);
    x1 = f32x4.add(f32x4.mul(x1, a), b);
    x2 = f32x4.add(f32x4.mul(x2, a), b);
    x3 = f32x4.add(f32x4.mul(x3, a), b);
    x4 = f32x4.add(f32x4.mul(x4, a), b);
    x5 = f32x4.add(f32x4.mul(x5, a), b);
    x6 = f32x4.add(f32x4.mul(x6, a), b);
    x7 = f32x4.add(f32x4.mul(x7, a), b);
    x8 = f32x4.add(f32x4.mul(x8, a), b);
    x9 = f32x4.add(f32x4.mul(x9, a), b);
    x10 = f32x4.add(f32x4.mul(x10, a), b);
    x11 = f32x4.add(f32x4.mul(x11, a), b);
  }
  const low = f32x4.add(f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)), f32x4.add(x4, x5));
  const high = f32x4.add(f32x4.add(f32x4.add(x6, x7), f32x4.add(x8, x9)), f32x4.add(x10, x11));
  v128.store(out, f32x4.add(low, high));
}

/** As above with 24 vectors, of which V8 joins two and two because their stores are neighbours. */
function peakOfEight(loops: i32, out: usize): void {
  const a = v128.load_splat<f32>(out);
  const b = v128.load_splat<f32>(out, 4);
  const space = panelSpace();
  for (let i: usize = 0; i < 24; i++) v128.store(space + (i << 4), f32x4.splat(<f32>i));
  let x0 = v128.load(space);
  let y0 = v128.load(space, 16);
  let x1 = v128.load(space, 32);
  let y1 = v128.load(space, 48);
  let x2 = v128.load(space, 64);
  let y2 = v128.load(space, 80);
  let x3 = v128.load(space, 96);
  let y3 = v128.load(space, 112);
  let x4 = v128.load(space, 128);
  let y4 = v128.load(space, 144);
  let x5 = v128.load(space, 160);
  let y5 = v128.load(space, 176);
  let x6 = v128.load(space, 192);
  let y6 = v128.load(space, 208);
  let x7 = v128.load(space, 224);
  let y7 = v128.load(space, 240);
  let x8 = v128.load(space, 256);
  let y8 = v128.load(space, 272);
  let x9 = v128.load(space, 288);
  let y9 = v128.load(space, 304);
  let x10 = v128.load(space, 320);
  let y10 = v128.load(space, 336);
  let x11 = v128.load(space, 352);
  let y11 = v128.load(space, 368);
  for (let i = 0; i < loops; i++) {
    x0 = f32x4.add(f32x4.mul(x0, a), b);
    y0 = f32x4.add(f32x4.mul(y0, a), b);
    x1 = f32x4.add(f32x4.mul(x1, a), b);
    y1 = f32x4.add(f32x4.mul(y1, a), b);
    x2 = f32x4.add(f32x4.mul(x2, a), b);
    y2 = f32x4.add(f32x4.mul(y2, a), b);
    x3 = f32x4.add(f32x4.mul(x3, a), b);
    y3 = f32x4.add(f32x4.mul(y3, a), b);
    x4 = f32x4.add(f32x4.mul(x4, a), b);
    y4 = f32x4.add(f32x4.mul(y4, a), b);
    x5 = f32x4.add(f32x4.mul(x5, a), b);
    y5 = f32x4.add(f32x4.mul(y5, a), b);
    x6 = f32x4.add(f32x4.mul(x6, a), b);
    y6 = f32x4.add(f32x4.mul(y6, a), b);
    x7 = f32x4.add(f32x4.mul(x7, a), b);
    y7 = f32x4.add(f32x4.mul(y7, a), b);
    x8 = f32x4.add(f32x4.mul(x8, a), b);
    y8 = f32x4.add(f32x4.mul(y8, a), b);
    x9 = f32x4.add(f32x4.mul(x9, a), b);
    y9 = f32x4.add(f32x4.mul(y9, a), b);
    x10 = f32x4.add(f32x4.mul(x10, a), b);
    y10 = f32x4.add(f32x4.mul(y10, a), b);
    x11 = f32x4.add(f32x4.mul(x11, a), b);
    y11 = f32x4.add(f32x4.mul(y11, a), b);
  }
  v128.store(space, x0);
  v128.store(space, y0, 16);
  v128.store(space, x1, 32);
  v128.store(space, y1, 48);
  v128.store(space, x2, 64);
  v128.store(space, y2, 80);
  v128.store(space, x3, 96);
  v128.store(space, y3, 112);
  v128.store(space, x4, 128);
  v128.store(space, y4, 144);
  v128.store(space, x5, 160);
  v128.store(space, y5, 176);
  v128.store(space, x6, 192);
  v128.store(space, y6, 208);
  v128.store(space, x7, 224);
  v128.store(space, y7, 240);
  v128.store(space, x8, 256);
  v128.store(space, y8, 272);
  v128.store(space, x9, 288);
  v128.store(space, y9, 304);
  v128.store(space, x10, 320);
  v128.store(space, y10, 336);
  v128.store(space, x11, 352);
  v128.store(space, y11, 368);
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < 24; i++) sum = f32x4.add(sum, v128.load(space + (i << 4)));
  v128.store(out, sum);
}
