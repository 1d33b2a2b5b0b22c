import { crossProducts, spreadOf } from "./spread";

/**
 * The x that minimizes ‖Ax − b‖² + ridge·‖x‖², A row-major [rows, columns], by Householder reflections of A with √ridge·I below it.
 * A column that is (numerically) a combination of those before it gets the coefficient 0. NaN in, NaN out.
 */
export function leastSquares(a: ArrayLike<number>, b: ArrayLike<number>, columns: number, ridge = 0): Float64Array {
  const rows = b.length;
  if (a.length !== rows * columns) throw new RangeError(`a matrix of ${a.length} values has no ${rows} rows of ${columns}`);
  const height = ridge > 0 ? rows + columns : rows;
  // Column by column, so that a reflection runs along memory.
  const q = Array.from({ length: columns }, (_, j) => {
    const column = new Float64Array(height);
    for (let i = 0; i < rows; i++) column[i] = a[i * columns + j] ?? 0;
    if (ridge > 0) column[rows + j] = Math.sqrt(ridge);
    return column;
  });
  const right = new Float64Array(height);
  for (let i = 0; i < rows; i++) right[i] = b[i] ?? 0;
  const sizes = q.map((column) => Math.sqrt(dot(column, column, 0)));
  const diagonal = new Float64Array(columns);
  const pivots: number[] = [];
  let row = 0;
  for (let j = 0; j < columns; j++) {
    const column = q[j];
    if (!column || row >= height) break;
    const norm = Math.sqrt(dot(column, column, row));
    if (norm <= 1e-12 * (sizes[j] ?? 0)) continue;
    const head = column[row] ?? 0;
    const alpha = head > 0 ? -norm : norm;
    column[row] = head - alpha;
    const squares = dot(column, column, row);
    for (let k = j + 1; k < columns; k++) reflect(column, q[k], row, squares);
    reflect(column, right, row, squares);
    diagonal[row] = alpha;
    pivots.push(j);
    row += 1;
  }
  const x = new Float64Array(columns);
  for (let r = pivots.length - 1; r >= 0; r--) {
    const j = pivots[r] ?? 0;
    let rest = right[r] ?? 0;
    for (let k = r + 1; k < pivots.length; k++) {
      const other = pivots[k] ?? 0;
      rest -= (q[other]?.[r] ?? 0) * (x[other] ?? 0);
    }
    x[j] = rest / (diagonal[r] ?? Number.NaN);
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** target ← target − 2·v(vᵀtarget)/(vᵀv) below `from`. */
function reflect(v: Float64Array, target: Float64Array | undefined, from: number, squares: number): void {
  if (!target) return;
  const factor = (2 * dot(v, target, from)) / squares;
  for (let i = from; i < v.length; i++) target[i] = (target[i] ?? 0) - factor * (v[i] ?? 0);
}

/** Slope, intercept and R² of the straight line through (x, y) with least squares. R² is NaN when y is constant, all when x is. */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): { slope: number; intercept: number; rSquared: number } {
  const [ofX, ofY] = [spreadOf(x), spreadOf(y)];
  if (!ofX) return { slope: Number.NaN, intercept: Number.NaN, rSquared: Number.NaN };
  if (!ofY) return { slope: 0, intercept: y[0] ?? Number.NaN, rSquared: Number.NaN };
  const xy = crossProducts(ofX, ofY);
  const slope = ((xy / ofX.squares) * ofY.unit) / ofX.unit;
  return { slope, intercept: ofY.mean - slope * ofX.mean, rSquared: (xy * xy) / (ofX.squares * ofY.squares) };
}

/** Inverse of a row-major [n, n] matrix by elimination with row pivots; null where a pivot is below 1e-12 of the greatest entry. */
export function inverseMatrix(matrix: ArrayLike<number>, n: number): Float64Array | null {
  const left = Float64Array.from(matrix);
  const least = 1e-12 * left.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const right = new Float64Array(n * n);
  for (let i = 0; i < n; i++) right[i * n + i] = 1;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(left[r * n + i] ?? 0) > Math.abs(left[pivot * n + i] ?? 0)) pivot = r;
    const value = left[pivot * n + i] ?? Number.NaN;
    if (!(Math.abs(value) > least)) return null;
    for (const side of [left, right]) {
      for (let j = 0; j < n; j++) {
        const kept = side[i * n + j] ?? 0;
        side[i * n + j] = (side[pivot * n + j] ?? 0) / value;
        if (pivot !== i) side[pivot * n + j] = kept;
      }
    }
    for (let r = 0; r < n; r++) {
      const factor = left[r * n + i] ?? 0;
      if (r === i || factor === 0) continue;
      for (const side of [left, right]) {
        for (let j = 0; j < n; j++) side[r * n + j] = (side[r * n + j] ?? 0) - factor * (side[i * n + j] ?? 0);
      }
    }
  }
  return right;
}
