import { square } from "./elementary";

/** Eigenvalues ascending, and the matrix [n, n] whose row i is the eigenvector of values[i], of length 1. */
export interface SymmetricEigen {
  values: Float64Array;
  vectors: Float64Array;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, row-major [n, n] (the upper triangle is read), by cyclic Jacobi rotations (C. G. J. Jacobi 1846;
 * G. H. Golub, C. F. Van Loan, Matrix Computations, section 8.5). Error a few units in the last place of the greatest; O(n³) per sweep and about eight
 * sweeps. Throws RangeError for what is no square or not finite.
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): SymmetricEigen {
  if (!Number.isInteger(n) || n < 1 || matrix.length !== n * n)
    throw new RangeError(`a matrix of ${matrix.length} values does not have ${n} rows and columns`);
  const a = new Float64Array(n * n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      const value = matrix[i * n + j] ?? Number.NaN;
      if (!Number.isFinite(value)) throw new RangeError(`the entry in row ${i}, column ${j} is not a finite number: ${value}`);
      a[i * n + j] = a[j * n + i] = value;
      squares += (i === j ? 1 : 2) * value * value;
    }
  }
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let beside = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) beside += square(a[p * n + q] ?? 0);
    if (beside <= 1e-32 * squares) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => (a[i * n + i] ?? 0) - (a[j * n + j] ?? 0));
  return {
    values: Float64Array.from(order, (i) => a[i * n + i] ?? 0),
    vectors: Float64Array.from({ length: n * n }, (_, at) => vectors[(order[Math.floor(at / n)] ?? 0) * n + (at % n)] ?? 0),
  };
}

/** Makes a[p, q] zero by a rotation of rows and columns p and q; row i of `vectors` follows. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] ?? 0;
  if (apq === 0) return;
  const tau = ((a[q * n + q] ?? 0) - (a[p * n + p] ?? 0)) / (2 * apq);
  const t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [akp, akq] = [a[k * n + p] ?? 0, a[k * n + q] ?? 0];
    a[k * n + p] = c * akp - s * akq;
    a[k * n + q] = s * akp + c * akq;
  }
  for (const rows of [a, vectors]) {
    for (let k = 0; k < n; k++) {
      const [kp, kq] = [rows[p * n + k] ?? 0, rows[q * n + k] ?? 0];
      rows[p * n + k] = c * kp - s * kq;
      rows[q * n + k] = s * kp + c * kq;
    }
  }
  a[p * n + q] = a[q * n + p] = 0;
}
