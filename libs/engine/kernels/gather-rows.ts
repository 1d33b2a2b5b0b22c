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
    for (let i = 0; i < count; i++) {
      const source = data + <usize>load<i32>(from) * row;
      let j: usize = 0;
      for (; j + 16 <= row; j += 16) v128.store(out + j, v128.load(source + j));
      for (; j < row; j += 4) store<f32>(out + j, load<f32>(source + j));
      out += row;
      from += 4;
    }
  }
}
