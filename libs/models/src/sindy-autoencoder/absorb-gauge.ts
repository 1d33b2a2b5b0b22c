import { inverseMatrix } from "@basin/numerics";
import type { HostTensors } from "../training/tensor-state";
import type { Architecture } from "./architecture";

/** z' = Mz + s (M row-major [latent, latent]) and the law's coefficients there, [terms, latent], 0 where a term is not part of it. */
export interface AffineGauge {
  matrix: Float64Array;
  shift: Float64Array;
  coefficients: Float64Array;
}

/**
 * Writes z' = Mz + s into the networks, exactly: encoder's last layer W ← WMᵀ, b ← Mb + s; decoder's first W ← M⁻ᵀW, b ← b − sᵀW (the
 * new one). So x̃ stays what it was. Adam's moments follow the change of variables (a gradient by WMᵀ is that by W times M⁻¹; second moments
 * as if entries were independent), and those of Ξ start anew. Changes `run` in place. Throws RangeError when M has no inverse.
 */
export function absorbGauge({ layers, latentWidth, specs }: Architecture, run: HostTensors, gauge: AffineGauge): void {
  const n = latentWidth;
  const { matrix, shift } = gauge;
  const inverse = inverseMatrix(matrix, n);
  if (!inverse) throw new RangeError("A gauge without an inverse cannot be absorbed.");
  const encoder = 2 * (layers - 1);
  const decoder = 2 * layers;
  const forward = transposed(matrix, n);
  const backward = transposed(inverse, n);
  rightMultiply(at(run.parameters, encoder), forward, n);
  const bias = at(run.parameters, encoder + 1);
  rightMultiply(bias, forward, n);
  shift.forEach((value, i) => (bias[i] = (bias[i] ?? 0) + value));
  const weight = at(run.parameters, decoder);
  leftMultiply(weight, backward, n);
  const decoderBias = at(run.parameters, decoder + 1);
  const width = decoderBias.length;
  decoderBias.forEach((value, o) => {
    decoderBias[o] = shift.reduce((sum, s, i) => sum - s * (weight[i * width + o] ?? 0), value);
  });
  run.slots.forEach((slot, moment) => {
    const power = (values: Float64Array): Float64Array => (moment === 0 ? values : values.map((value) => value * value));
    rightMultiply(at(slot, encoder), power(inverse), n);
    rightMultiply(at(slot, encoder + 1), power(inverse), n);
    leftMultiply(at(slot, decoder), power(matrix), n);
    at(slot, specs.length - 1).fill(0);
  });
  at(run.parameters, specs.length - 1).set(gauge.coefficients);
}

/** values ← values·K, values [rows, n]. */
function rightMultiply(values: Float32Array, K: Float64Array, n: number): void {
  const row = new Float64Array(n);
  for (let from = 0; from < values.length; from += n) {
    for (let j = 0; j < n; j++) {
      row[j] = 0;
      for (let l = 0; l < n; l++) row[j] = (row[j] ?? 0) + (values[from + l] ?? 0) * (K[l * n + j] ?? 0);
    }
    values.set(row, from);
  }
}

/** values ← K·values, values [n, columns]. */
function leftMultiply(values: Float32Array, K: Float64Array, n: number): void {
  const columns = values.length / n;
  const column = new Float64Array(n);
  for (let c = 0; c < columns; c++) {
    for (let j = 0; j < n; j++) {
      column[j] = 0;
      for (let l = 0; l < n; l++) column[j] = (column[j] ?? 0) + (K[j * n + l] ?? 0) * (values[l * columns + c] ?? 0);
    }
    column.forEach((value, j) => (values[j * columns + c] = value));
  }
}

function transposed(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((_, i) => matrix[(i % n) * n + Math.floor(i / n)] ?? 0);
}

function at(tensors: readonly Float32Array[], i: number): Float32Array {
  const found = tensors[i];
  if (!found) throw new RangeError(`There is no tensor ${i}.`);
  return found;
}
