/**
 * out[r, i] = data[order[r, start + i]] for r < runs, i < count: mini-batches of rows of `width` floats out of one data set that
 * the runs share. `order` is int32 [runs, length].
 */
export function gatherRows(
  data: usize,
  order: usize,
  out: usize,
  runs: i32,
  length: i32,
  start: i32,
  count: i32,
  width: i32,
): void {
  const row = <usize>width << 2;
  for (let r = 0; r < runs; r++) {
    let from = order + ((<usize>r * length + start) << 2);
    let i = 0;
    for (; i + 4 <= count; i += 4) {
      copyFour(data, from, out, row);
      out += 4 * row;
      from += 16;
    }
    for (; i < count; i++) {
      const source = data + <usize>load<i32>(from) * row;
      let j: usize = 0;
      for (; j + 16 <= row; j += 16) v128.store(out + j, v128.load(source + j));
      for (; j < row; j += 4) store<f32>(out + j, load<f32>(source + j));
      out += row;
      from += 4;
    }
  }
}

/** Four rows side by side, so that the waits for their first values, which are far apart in memory, overlap. */
@inline
function copyFour(data: usize, order: usize, out: usize, row: usize): void {
  const a = data + <usize>load<i32>(order) * row;
  const b = data + <usize>load<i32>(order, 4) * row;
  const c = data + <usize>load<i32>(order, 8) * row;
  const d = data + <usize>load<i32>(order, 12) * row;
  let j: usize = 0;
  for (; j + 16 <= row; j += 16) {
    v128.store(out + j, v128.load(a + j));
    v128.store(out + row + j, v128.load(b + j));
    v128.store(out + 2 * row + j, v128.load(c + j));
    v128.store(out + 3 * row + j, v128.load(d + j));
  }
  for (; j < row; j += 4) {
    store<f32>(out + j, load<f32>(a + j));
    store<f32>(out + row + j, load<f32>(b + j));
    store<f32>(out + 2 * row + j, load<f32>(c + j));
    store<f32>(out + 3 * row + j, load<f32>(d + j));
  }
}
