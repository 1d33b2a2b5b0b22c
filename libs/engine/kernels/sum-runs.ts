import { addRows } from "./shared/row-sums";

/**
 * out[r,j] = Σ_i x[r,i,j], x [runs, rows, columns]: in float32 and i ascending for each column by itself, or, when `whole`,
 * out[r] = Σ_ij x[r,i,j] in float64, ascending, rounded once.
 */
export function sumRuns(x: usize, out: usize, runs: i32, rows: i32, columns: i32, whole: bool): void {
  const block = (<usize>rows * columns) << 2;
  for (let r = 0; r < runs; r++) {
    if (whole) {
      let sum: f64 = 0;
      for (let i: usize = 0; i < block; i += 4) sum += <f64>load<f32>(x + i);
      store<f32>(out, <f32>sum);
      out += 4;
    } else {
      memory.fill(out, 0, <usize>columns << 2);
      addRows(x, out, rows, columns);
      out += <usize>columns << 2;
    }
    x += block;
  }
}
