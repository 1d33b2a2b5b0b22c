import type { RandomStream } from "./random-stream";

/**
 * Matrix number `draw` of a stream's Gaussian orthogonal ensemble, row-major [n, n]: (A + Aᵀ)/2 with standard normal entries of A, so variance 1 on the
 * diagonal and ½ beside it (M. L. Mehta, Random Matrices).
 */
export function gaussianOrthogonalMatrix(stream: RandomStream, n: number, draw = 0): Float64Array {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`a matrix has 1 or more rows, not ${n}`);
  const a = new Float64Array(n * n);
  stream.fillNormal(a, draw * n * n);
  return a.map((value, at) => (value + (a[(at % n) * n + Math.floor(at / n)] ?? 0)) / 2);
}
