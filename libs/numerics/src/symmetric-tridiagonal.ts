import { square } from "./elementary";

/** A symmetric matrix with `diagonal` [n] and the entries `beside` [n − 1] beside it; all others are zero. */
export interface SymmetricTridiagonal {
  diagonal: ArrayLike<number>;
  beside: ArrayLike<number>;
}

/** The x with Ax = b by elimination without pivots (L. H. Thomas 1949): for matrices that are definite or dominated by their diagonal. O(n). */
export function solveTridiagonal({ diagonal, beside }: SymmetricTridiagonal, b: ArrayLike<number>): Float64Array {
  const n = diagonal.length;
  const ratio = new Float64Array(n);
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const before = i > 0 ? (beside[i - 1] ?? 0) : 0;
    const pivot = (diagonal[i] ?? 0) - before * (ratio[i - 1] ?? 0);
    ratio[i] = (beside[i] ?? 0) / pivot;
    x[i] = ((b[i] ?? 0) - before * (x[i - 1] ?? 0)) / pivot;
  }
  for (let i = n - 2; i >= 0; i--) x[i] = (x[i] ?? 0) - (ratio[i] ?? 0) * (x[i + 1] ?? 0);
  return x;
}

/** How many eigenvalues are below a number: the negative pivots of A − number·I (J. J. Sylvester's law of inertia). O(n). */
export function eigenvaluesBelow({ diagonal, beside }: SymmetricTridiagonal, number: number): number {
  let below = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const before = i > 0 ? (beside[i - 1] ?? 0) : 0;
    pivot = (diagonal[i] ?? 0) - number - (before * before) / pivot;
    if (pivot === 0) pivot = -Number.MIN_VALUE;
    if (pivot < 0) below += 1;
  }
  return below;
}

/**
 * The eigenvalue number `index` from below (0 is the least), by bisection of Gershgorin's interval to the last bit of its ends. Error below
 * 1e-15·n of the greatest eigenvalue's size.
 */
export function tridiagonalEigenvalue(matrix: SymmetricTridiagonal, index: number): number {
  const n = matrix.diagonal.length;
  if (!Number.isInteger(index) || index < 0 || index >= n)
    throw new RangeError(`a matrix of ${n} rows has no eigenvalue ${index}`);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const radius = Math.abs(i > 0 ? (matrix.beside[i - 1] ?? 0) : 0) + Math.abs(i < n - 1 ? (matrix.beside[i] ?? 0) : 0);
    low = Math.min(low, (matrix.diagonal[i] ?? 0) - radius);
    high = Math.max(high, (matrix.diagonal[i] ?? 0) + radius);
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    if (eigenvaluesBelow(matrix, middle) > index) high = middle;
    else low = middle;
  }
}

/**
 * A vector of length 1 that belongs to an eigenvalue known to rounding, its first entry not negative: three steps of inverse iteration with pivots
 * (G. Peters, J. H. Wilkinson, 1979). For eigenvalues that are apart.
 */
export function tridiagonalEigenvector(matrix: SymmetricTridiagonal, eigenvalue: number): Float64Array {
  const n = matrix.diagonal.length;
  let vector: Float64Array = new Float64Array(n).fill(1);
  for (let step = 0; step < 3; step++) {
    // Not constant: an odd vector is orthogonal to a constant one.
    if (step === 0) for (let i = 0; i < n; i++) vector[i] = 1 + i / n;
    vector = solveShifted(matrix, eigenvalue, vector);
    let squares = 0;
    let greatest = 0;
    for (const value of vector) greatest = Math.max(greatest, Math.abs(value));
    for (const value of vector) squares += square(value / greatest);
    const length = greatest * Math.sqrt(squares) * ((vector[0] ?? 0) < 0 ? -1 : 1);
    vector = vector.map((value) => value / length);
  }
  return vector;
}

/** The x with (A − shift·I)x = b, nearly singular, by elimination with row exchanges. */
function solveShifted({ diagonal, beside }: SymmetricTridiagonal, shift: number, b: Float64Array): Float64Array {
  const n = diagonal.length;
  // Row i of the triangle: entries in columns i, i + 1, i + 2.
  const [first, second, third] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const right = Float64Array.from(b);
  let size = 0;
  for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(diagonal[i] ?? 0), Math.abs(beside[i] ?? 0));
  let [a, c] = [(diagonal[0] ?? 0) - shift, beside[0] ?? 0];
  for (let i = 0; i < n - 1; i++) {
    const lower = beside[i] ?? 0;
    const next = (diagonal[i + 1] ?? 0) - shift;
    const after = beside[i + 1] ?? 0;
    if (Math.abs(lower) > Math.abs(a)) {
      [first[i], second[i], third[i]] = [lower, next, after];
      const kept = right[i] ?? 0;
      right[i] = right[i + 1] ?? 0;
      const factor = a / lower;
      right[i + 1] = kept - factor * (right[i] ?? 0);
      [a, c] = [c - factor * next, -factor * after];
    } else {
      [first[i], second[i], third[i]] = [a, c, 0];
      const factor = a === 0 ? 0 : lower / a;
      right[i + 1] = (right[i + 1] ?? 0) - factor * (right[i] ?? 0);
      [a, c] = [next - factor * c, after];
    }
  }
  first[n - 1] = a;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const rest = (right[i] ?? 0) - (second[i] ?? 0) * (x[i + 1] ?? 0) - (third[i] ?? 0) * (x[i + 2] ?? 0);
    const pivot = first[i] ?? 0;
    x[i] = rest / (Math.abs(pivot) > 1e-300 ? pivot : 1e-16 * size);
  }
  return x;
}
