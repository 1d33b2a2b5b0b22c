import { leastSquares } from "@basin/numerics";
import { evaluateTerms, type Library } from "@basin/problems";

/** Row-major square matrix of the latent width. */
export type Square = Float64Array;

/** ẇ_i = c_i + Σ_j L_ij w_j + Σ_jk Q_ijk w_j w_k with Q symmetric in j and k; flat, row-major. */
export interface QuadraticLaw {
  width: number;
  constant: Float64Array;
  linear: Float64Array;
  quadratic: Float64Array;
}

/** Least squares of `rates` [samples, width] by the library at `w` [samples, width]: coefficients [terms, width]. `active` leaves terms out. */
export function fitCoefficients(
  library: Library,
  w: Float64Array,
  rates: Float64Array,
  active: (term: number, state: number) => boolean,
): Float64Array {
  const width = library.variables.length;
  const terms = library.terms.length;
  const samples = w.length / width;
  const theta = new Float64Array(samples * terms);
  const row = new Float64Array(terms);
  for (let n = 0; n < samples; n++) {
    evaluateTerms(library, w.subarray(n * width, (n + 1) * width), row);
    theta.set(row, n * terms);
  }
  const out = new Float64Array(terms * width);
  for (let state = 0; state < width; state++) {
    const chosen = Array.from({ length: terms }, (_, k) => k).filter((k) => active(k, state));
    if (chosen.length === 0) continue;
    const columns = new Float64Array(samples * chosen.length);
    const target = new Float64Array(samples);
    for (let n = 0; n < samples; n++) {
      chosen.forEach((k, c) => (columns[n * chosen.length + c] = theta[n * terms + k] ?? Number.NaN));
      target[n] = rates[n * width + state] ?? Number.NaN;
    }
    leastSquares(columns, target, chosen.length).forEach((value, c) => (out[(chosen[c] ?? 0) * width + state] = value));
  }
  return out;
}

/** Coefficients [terms, width] of a library of constant, linear and quadratic monomials as a law. */
export function lawOf(library: Library, coefficients: Float64Array): QuadraticLaw {
  const width = library.variables.length;
  const law = {
    width,
    constant: new Float64Array(width),
    linear: new Float64Array(width * width),
    quadratic: new Float64Array(width * width * width),
  };
  library.terms.forEach(({ factors }, k) => {
    const [first, second] = factors;
    for (let i = 0; i < width; i++) {
      const value = coefficients[k * width + i] ?? 0;
      if (!first) law.constant[i] = value;
      else if (!second) law.linear[i * width + first.variable] = value;
      else {
        const [j, l] = [first.variable, second.variable];
        law.quadratic[(i * width + j) * width + l] = value / (j === l ? 1 : 2);
        law.quadratic[(i * width + l) * width + j] = value / (j === l ? 1 : 2);
      }
    }
  });
  return law;
}

/** The law of u where w = Au + d, with B = A⁻¹: u̇ = B·f(Au + d). Writes to `out`; `scratch` holds 2·width³ values. */
export function changeVariables(
  law: QuadraticLaw,
  A: Square,
  B: Square,
  d: Float64Array,
  out: QuadraticLaw,
  scratch: Float64Array,
): void {
  const n = law.width;
  const at = (values: Float64Array, i: number): number => values[i] ?? 0;
  // In w's rows first: constant, L + 2Q(d, ·), and Q(A·, A·), which then combine by B.
  const constant = scratch.subarray(0, n);
  const linear = scratch.subarray(n, n + n * n);
  const half = scratch.subarray(n + n * n, n + 2 * n * n);
  const quadratic = scratch.subarray(n + 2 * n * n, n + 2 * n * n + n * n * n);
  const bent = scratch.subarray(n + 2 * n * n + n * n * n, n + 3 * n * n + n * n * n);
  for (let i = 0; i < n; i++) {
    let value = at(law.constant, i);
    for (let j = 0; j < n; j++) {
      let slope = 0;
      for (let k = 0; k < n; k++) slope += at(law.quadratic, (i * n + j) * n + k) * at(d, k);
      value += (at(law.linear, i * n + j) + slope) * at(d, j);
      bent[i * n + j] = at(law.linear, i * n + j) + 2 * slope;
    }
    constant[i] = value;
    for (let b = 0; b < n; b++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += at(bent, i * n + j) * at(A, j * n + b);
      linear[i * n + b] = sum;
    }
    for (let j = 0; j < n; j++) {
      for (let b = 0; b < n; b++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += at(law.quadratic, (i * n + j) * n + k) * at(A, k * n + b);
        half[j * n + b] = sum;
      }
    }
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += at(half, j * n + b) * at(A, j * n + a);
        quadratic[(i * n + a) * n + b] = sum;
      }
    }
  }
  combine(B, constant, out.constant, n, 1);
  combine(B, linear, out.linear, n, n);
  combine(B, quadratic, out.quadratic, n, n * n);
}

/** out = B·values, both [n, columns]. */
function combine(B: Square, values: Float64Array, out: Float64Array, n: number, columns: number): void {
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (B[i * n + j] ?? 0) * (values[j * columns + c] ?? 0);
      out[i * columns + c] = sum;
    }
  }
}
