/** out[j] += Σ_i g[i,j], i ascending: a sum over rows that comes in pieces. Zero `out` before the first. */
export function addRows(g: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns << 2;
  let j: usize = 0;
  for (; j + 32 <= row; j += 32) {
    let sum0 = v128.load(out + j);
    let sum1 = v128.load(out + j, 16);
    let from = g + j;
    for (let i = 0; i < rows; i++) {
      sum0 = f32x4.add(sum0, v128.load(from));
      sum1 = f32x4.add(sum1, v128.load(from, 16));
      from += row;
    }
    v128.store(out + j, sum0);
    v128.store(out + j, sum1, 16);
  }
  for (; j + 16 <= row; j += 16) {
    let sum = v128.load(out + j);
    let from = g + j;
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(from));
      from += row;
    }
    v128.store(out + j, sum);
  }
  for (; j < row; j += 4) {
    let sum = load<f32>(out + j);
    let from = g + j;
    for (let i = 0; i < rows; i++) {
      sum += load<f32>(from);
      from += row;
    }
    store<f32>(out + j, sum);
  }
}

/** out[i] = a[i]·b[i]. */
export function multiplyEach(a: usize, b: usize, out: usize, count: i32): void {
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const low = f32x4.mul(v128.load(a), v128.load(b));
    const high = f32x4.mul(v128.load(a, 16), v128.load(b, 16));
    v128.store(out, low);
    v128.store(out, high, 16);
    a += 32;
    b += 32;
    out += 32;
  }
  for (; i + 4 <= count; i += 4) {
    v128.store(out, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
  for (; i < count; i++) {
    store<f32>(out, load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
    out += 4;
  }
}

/** to[i] += from[i]. */
export function addEach(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const low = f32x4.add(v128.load(to), v128.load(from));
    const high = f32x4.add(v128.load(to, 16), v128.load(from, 16));
    v128.store(to, low);
    v128.store(to, high, 16);
    from += 32;
    to += 32;
  }
  for (; i + 4 <= count; i += 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
  }
  for (; i < count; i++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
  }
}
