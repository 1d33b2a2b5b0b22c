import { multiply, transpose } from "./multiply";

/**
 * C[r] = op(A[r])·op(B[r]) for r < runs, where op transposes when told. A is [m,k] ([k,m] when transposed), B is [k,n] ([n,k]).
 * `aRun`/`bRun`: bytes from one run's matrix to the next, 0 when all runs share it. `scratch`: k·n floats, used only when B is transposed.
 */
export function batchProduct(
  a: usize,
  b: usize,
  c: usize,
  runs: i32,
  m: i32,
  k: i32,
  n: i32,
  aRun: usize,
  bRun: usize,
  transposeA: bool,
  transposeB: bool,
  scratch: usize,
): void {
  const aRow = transposeA ? <usize>4 : <usize>k << 2;
  const aColumn = transposeA ? <usize>m << 2 : <usize>4;
  for (let r = 0; r < runs; r++) {
    let right = b;
    if (transposeB) {
      transpose(b, scratch, n, k);
      right = scratch;
    }
    multiply(a, aRow, aColumn, right, c, m, k, n, 0, 0);
    a += aRun;
    b += bRun;
    c += (<usize>m * n) << 2;
  }
}
