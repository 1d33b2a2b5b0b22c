/** Lower triangular L [n, n] with L·Lᵀ = A, row by row without what lies above the diagonal: row i begins at i(i+1)/2. */
export type Triangle = Float64Array;

export const rowStart = (i: number): number => (i * (i + 1)) / 2;

/**
 * The factor of a symmetric A whose rows `of(i)` gives up to the diagonal, from row `first` on; rows before are taken from `known`. A pivot that
 * rounding made less than `least` counts as that.
 */
export function cholesky(
  n: number,
  of: (i: number, row: Float64Array) => void,
  known: Triangle | null = null,
  first = 0,
  least = 1e-12,
): Triangle {
  const factor = new Float64Array(rowStart(n));
  if (known) factor.set(known.subarray(0, rowStart(first)));
  const row = new Float64Array(n);
  for (let i = first; i < n; i++) {
    of(i, row);
    const at = rowStart(i);
    for (let j = 0; j <= i; j++) {
      const other = rowStart(j);
      let sum = row[j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[at + k] as number) * (factor[other + k] as number);
      factor[at + j] = i === j ? Math.sqrt(Math.max(least, sum)) : sum / (factor[other + j] as number);
    }
  }
  return factor;
}

/** x with L·x = b for the first `b.length` rows, in the place of b. */
export function solveLower(factor: Triangle, b: Float64Array): Float64Array {
  for (let i = 0; i < b.length; i++) {
    const at = rowStart(i);
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[at + k] as number) * (b[k] as number);
    b[i] = sum / (factor[at + i] as number);
  }
  return b;
}

/** x with Lᵀ·x = b, in the place of b. */
export function solveUpper(factor: Triangle, b: Float64Array): Float64Array {
  for (let i = b.length - 1; i >= 0; i--) {
    const at = rowStart(i);
    const x = (b[i] as number) / (factor[at + i] as number);
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (factor[at + k] as number) * x;
  }
  return b;
}

/** A⁻¹ = L⁻ᵀ·L⁻¹ of the factor [n, n], up to the diagonal like the factor. */
export function inverseOf(factor: Triangle, n: number): Triangle {
  // Column j of L⁻¹, kept as row j of its transpose.
  const columns = Array.from({ length: n }, (_, j) => {
    const column = new Float64Array(n);
    column[j] = 1 / (factor[rowStart(j) + j] as number);
    for (let i = j + 1; i < n; i++) {
      const at = rowStart(i);
      let sum = 0;
      for (let k = j; k < i; k++) sum += (factor[at + k] as number) * (column[k] as number);
      column[i] = -sum / (factor[at + i] as number);
    }
    return column;
  });
  const inverse = new Float64Array(rowStart(n));
  for (let i = 0; i < n; i++) {
    const a = columns[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const b = columns[j] as Float64Array;
      let sum = 0;
      for (let k = i; k < n; k++) sum += (a[k] as number) * (b[k] as number);
      inverse[rowStart(i) + j] = sum;
    }
  }
  return inverse;
}
