import { leastSquares, randomStream } from "@basin/numerics";

export const samples = 100;
export const width = 20;
const noise = 0.1;

/** w*: three of the twenty coefficients, counted from 0. */
export const trueCoefficients: readonly number[] = Array.from({ length: width }, (_, j) => ({ 2: 3, 7: -2, 13: 1 })[j] ?? 0);

/** X [samples, width] with entries of N(0, 1), in single precision as the network has them, and y = Xw* + N(0, 0.1²). */
export function sparseData(dataSeed: number): { x: Float32Array; y: Float64Array } {
  const x = new Float32Array(samples * width);
  randomStream(dataSeed, "lasso/inputs").fillNormal(x);
  const drawn = new Float64Array(samples);
  randomStream(dataSeed, "lasso/noise").fillNormal(drawn);
  const y = drawn.map((e, i) => trueCoefficients.reduce((sum, w, j) => sum + w * (x[i * width + j] ?? 0), noise * e));
  return { x, y };
}

/** The inputs whose coefficient is not 0. */
export function supportOf(coefficients: ArrayLike<number>): number[] {
  return Array.from(coefficients, (w, j) => (w === 0 ? -1 : j)).filter((j) => j >= 0);
}

/** Greatest error of a coefficient after least squares on the inputs of a support alone, the others 0. */
export function refitError(support: readonly number[], { x, y }: { x: ArrayLike<number>; y: ArrayLike<number> }): number {
  const rows = Array.from(y, (_, i) => [...support.map((j) => x[i * width + j] ?? 0), 1]).flat();
  const fit = leastSquares(rows, y, support.length + 1);
  return greatestError(trueCoefficients.map((_, j) => (support.includes(j) ? (fit[support.indexOf(j)] ?? Number.NaN) : 0)));
}

/** Greatest |w − w*|. */
export function greatestError(coefficients: ArrayLike<number>, wanted: ArrayLike<number> = trueCoefficients): number {
  return Math.max(...Array.from(wanted, (want, j) => Math.abs((coefficients[j] ?? Number.NaN) - want)));
}
