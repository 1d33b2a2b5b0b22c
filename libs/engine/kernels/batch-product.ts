import { multiply, transpose } from "./shared/multiply";

/**
 * C[r] = op(A[r])·op(B[r]) for r < runs, where op transposes when told. A is [m,k] ([k,m] when transposed), B is [k,n] ([n,k]).
 * `aRun`/`bRun`: bytes from one run's matrix to the next, 0 when all runs share it. `scratch`: used only when B is
 * transposed: k·n floats, or m·n when A is too, for Aᵀ·Bᵀ is (B·A)ᵀ, to the bit.
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
    if (transposeA && transposeB) {
      multiply(b, <usize>k << 2, 4, a, scratch, n, k, m, 0, 0);
      transpose(scratch, c, n, m);
    } else if (transposeB) {
      transpose(b, scratch, n, k);
      multiply(a, aRow, aColumn, scratch, c, m, k, n, 0, 0);
    } else multiply(a, aRow, aColumn, b, c, m, k, n, 0, 0);
    a += aRun;
    b += bRun;
    c += (<usize>m * n) << 2;
  }
}
