/** out[i] = x[i], four at a time: the least that any elementwise kernel does. */
export function copyFloats(x: usize, out: usize, count: i32): void {
  const bytes = <usize>count << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, v128.load(x + i));
  for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(x + i));
}
