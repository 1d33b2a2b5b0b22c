/**
 * `loops` times 12 independent four-wide products and sums, x ← x·a + b: 96 floating-point operations per loop, as fast as this
 * instruction set allows (a sum waits for its product, so that 12 are in flight to fill two pipelines of each kind). Writes the sum of
 * all to `out`, 16 bytes, whose first two floats are a and b before.
 */
export function peakRate(loops: i32, out: usize): void {
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
