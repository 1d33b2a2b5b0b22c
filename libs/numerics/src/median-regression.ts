import { inverseMatrix, leastSquares } from "./linear-algebra";
import { randomStream } from "./random-stream";

/**
 * The x that minimizes Σ|Ax − b|, A row-major [rows, columns], by descent along edges from vertex to vertex (P. Bloomfield, W. Steiger, SIAM J. Sci. Stat.
 * Comput. 1 (1980)): it passes through as many rows as it has coefficients. Where several x are as good, one of them; the order of ties is decided by moving
 * each b by at most 1e-12 of the greatest, so the sum is least to rows·2e-12 of that. NaN in, NaN out. Throws RangeError where the rows do not determine the
 * coefficients.
 */
export function medianRegression(a: ArrayLike<number>, b: ArrayLike<number>, columns: number): Float64Array {
  const start = leastSquares(a, b, columns);
  if (start.some(Number.isNaN)) return start;
  const rows = Array.from({ length: b.length }, (_, i) =>
    Float64Array.from({ length: columns }, (_, j) => a[i * columns + j] ?? 0),
  );
  const sizes = residualsOf(rows, b, start).map(Math.abs);
  const nearest = rows.map((_, i) => i).sort((i, j) => (sizes[i] ?? 0) - (sizes[j] ?? 0));
  const basis = independent(rows, nearest, columns);
  const moved = new Float64Array(b.length);
  randomStream(0, "median-regression/ties").fillUniform(moved);
  const greatest = rows.reduce((most, _, i) => Math.max(most, Math.abs(b[i] ?? 0)), 0);
  moved.forEach((share, i) => (moved[i] = (b[i] ?? 0) + 1e-12 * greatest * share));
  for (let step = 0; step < 1000 + 10 * rows.length; step++) {
    const inverse = inverseMatrix(
      basis.flatMap((i) => Array.from(rows[i] ?? [])),
      columns,
    );
    if (!inverse) throw new RangeError("the rows do not determine the coefficients");
    const column = (k: number): Float64Array => Float64Array.from({ length: columns }, (_, j) => inverse[j * columns + k] ?? 0);
    const through = (values: ArrayLike<number>): Float64Array => {
      const x = new Float64Array(columns);
      basis.forEach((i, k) => column(k).forEach((value, j) => (x[j] = (x[j] ?? 0) + value * (values[i] ?? 0))));
      return x;
    };
    const found = steepestEdge(rows, residualsOf(rows, moved, through(moved)), basis, column);
    if (!found) return through(b);
    basis[found.leaves] = found.enters;
  }
  throw new RangeError("the descent to the least sum of absolute residuals did not end");
}

/** Which row leaves the basis and which enters it on the edge along which the sum falls most, at the lowest point of that edge; null at a minimum. */
function steepestEdge(
  rows: Float64Array[],
  residuals: Float64Array,
  basis: number[],
  column: (k: number) => Float64Array,
): { leaves: number; enters: number } | null {
  let best: { slope: number; leaves: number; rates: Float64Array } | null = null;
  for (let k = 0; k < basis.length; k++) {
    // Along ±column k only row basis[k] of the basis leaves 0, at rate 1; every other row changes by `rates`.
    const direction = column(k);
    const rates = Float64Array.from(rows, (row, i) => (basis.includes(i) ? 0 : dot(row, direction)));
    const pull = dot(rates, residuals.map(Math.sign));
    const slope = 1 - Math.abs(pull);
    if (slope < -1e-10 && slope < (best?.slope ?? 0))
      best = { slope, leaves: k, rates: pull < 0 ? rates.map((rate) => -rate) : rates };
  }
  if (!best) return null;
  const { rates, leaves } = best;
  const crossings = Array.from(rates, (rate, i) => ({ row: i, at: (residuals[i] ?? 0) / rate, turn: 2 * Math.abs(rate) }))
    .filter(({ at }) => at > 0 && Number.isFinite(at))
    .sort((p, q) => p.at - q.at);
  let { slope } = best;
  for (const { row, turn } of crossings) {
    slope += turn;
    if (slope >= 0) return { leaves, enters: row };
  }
  return null;
}

/** The first rows in an order that are linearly independent, as many as there are columns. */
function independent(rows: Float64Array[], order: number[], columns: number): number[] {
  const found: number[] = [];
  const directions: Float64Array[] = [];
  for (const i of order) {
    const row = rows[i] ?? new Float64Array(columns);
    let rest = row;
    for (const direction of directions) {
      const share = dot(rest, direction);
      rest = rest.map((value, j) => value - share * (direction[j] ?? 0));
    }
    const size = Math.sqrt(dot(rest, rest));
    if (!(size > 1e-8 * Math.sqrt(dot(row, row)))) continue;
    directions.push(rest.map((value) => value / size));
    found.push(i);
    if (found.length === columns) return found;
  }
  throw new RangeError(`rows of rank ${found.length} do not determine ${columns} coefficients`);
}

function residualsOf(rows: Float64Array[], b: ArrayLike<number>, x: Float64Array): Float64Array {
  return Float64Array.from(rows, (row, i) => (b[i] ?? 0) - dot(row, x));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
