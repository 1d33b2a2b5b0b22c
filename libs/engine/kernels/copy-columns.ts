/**
 * to[r, toStart + j] = from[r mod fromRows, fromStart + j] for r < rows, j < count: columns of one matrix into another, whose rows are so wide. With
 * fewer rows to copy from they are taken again and again.
 */
export function copyColumns(
  from: usize,
  fromRows: i32,
  fromWidth: i32,
  fromStart: i32,
  to: usize,
  rows: i32,
  toWidth: i32,
  toStart: i32,
  count: i32,
): void {
  const bytes = <usize>count << 2;
  const first = from + (<usize>fromStart << 2);
  let out = to + (<usize>toStart << 2);
  let source = first;
  let left = fromRows;
  for (let r = 0; r < rows; r++) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(out + j, v128.load(source + j));
    for (; j < bytes; j += 4) store<f32>(out + j, load<f32>(source + j));
    out += <usize>toWidth << 2;
    source += <usize>fromWidth << 2;
    left -= 1;
    if (left == 0) {
      source = first;
      left = fromRows;
    }
  }
}
