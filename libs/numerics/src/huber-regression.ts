import { leastSquares } from "./linear-algebra";
import { requirePositive } from "./require-positive";

/** Steps after which the weights have settled for any data that were tried; a bound, so that the loop ends. */
const mostSteps = 10_000;

/**
 * The x that minimizes the sum of Huber's losses of Ax − b with the given delta, A row-major [rows, columns], by least squares with weights
 * min(1, delta/|r|) that are made anew until nothing moves (P. W. Holland, R. E. Welsch, Commun. Stat. 6 (1977)). NaN in, NaN out.
 */
export function huberRegression(a: ArrayLike<number>, b: ArrayLike<number>, columns: number, delta: number): Float64Array {
  requirePositive("delta", delta);
  let x = leastSquares(a, b, columns);
  for (let step = 0; step < mostSteps && !x.some(Number.isNaN); step++) {
    const roots = Array.from({ length: b.length }, (_, i) => {
      let residual = -(b[i] ?? 0);
      for (let j = 0; j < columns; j++) residual += (a[i * columns + j] ?? 0) * (x[j] ?? 0);
      return Math.sqrt(Math.min(1, delta / Math.abs(residual)));
    });
    const next = leastSquares(
      Float64Array.from(a, (value, at) => value * (roots[Math.floor(at / columns)] ?? 0)),
      Float64Array.from(b, (value, i) => value * (roots[i] ?? 0)),
      columns,
    );
    const moved = next.reduce((most, value, j) => Math.max(most, Math.abs(value - (x[j] ?? 0)) / (1 + Math.abs(value))), 0);
    x = next;
    if (moved < 1e-14) break;
  }
  return x;
}
