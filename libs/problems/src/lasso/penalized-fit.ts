import { softThreshold } from "@basin/numerics";

/** Sweeps over the coefficients after which any data that were tried had settled; a bound, so that the loop ends. */
const mostSweeps = 10_000;

/** A linear model ŷ = x·w + b. */
export interface LinearFit {
  coefficients: Float64Array;
  constant: number;
}

/**
 * The w and b that minimize mean (xw + b − y)² + l1·Σ|w| + ½·l2·Σw², X row-major [rows, columns], by coordinate descent from `start` (zeros when left
 * out): each w in turn is the soft-thresholded minimum along its axis (J. Friedman, T. Hastie, R. Tibshirani, J. Stat. Softw. 33 (2010)). The constant costs
 * nothing. NaN in, NaN out.
 */
export function penalizedFit(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  columns: number,
  { l1, l2 }: { l1: number; l2: number },
  start?: Float64Array,
): LinearFit {
  const rows = y.length;
  const centred = Array.from({ length: columns }, (_, j) =>
    centre(Float64Array.from({ length: rows }, (__, i) => x[i * columns + j] ?? 0)),
  );
  const target = centre(Float64Array.from(y));
  const coefficients = Float64Array.from(start ?? new Float64Array(columns));
  const residual = target.values.map((value, i) =>
    centred.reduce((rest, column, j) => rest - (coefficients[j] ?? 0) * (column.values[i] ?? 0), value),
  );
  const curvatures = centred.map(({ values }) => (2 * dot(values, values)) / rows);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let moved = 0;
    centred.forEach(({ values }, j) => {
      const [old, curvature] = [coefficients[j] ?? 0, curvatures[j] ?? 0];
      const pull = (2 * dot(values, residual)) / rows + curvature * old;
      const next = softThreshold(pull, l1) / (curvature + l2);
      coefficients[j] = next;
      for (let i = 0; i < rows; i++) residual[i] = (residual[i] ?? 0) - (next - old) * (values[i] ?? 0);
      moved = Math.max(moved, Math.abs(next - old));
    });
    if (!(moved > 1e-13)) break;
  }
  const constant = centred.reduce((rest, { mean }, j) => rest - (coefficients[j] ?? 0) * mean, target.mean);
  return { coefficients, constant };
}

function centre(values: Float64Array): { mean: number; values: Float64Array } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, values: values.map((value) => value - mean) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
