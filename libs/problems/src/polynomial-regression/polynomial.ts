import { leastSquares, permutation, randomStream } from "@basin/numerics";

/** Exponents of x and y in the columns of the design matrix, up to the third degree; the constant is the neuron's bias. */
export const exponents: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
  [3, 0],
  [2, 1],
  [1, 2],
  [0, 3],
];

/** Coefficients of the target in that order; the constant is 0. */
export const trueCoefficients: readonly number[] = [1, 2, 3, 4, 5, 0, 0, 0, 0];

/** Names of the columns, e.g. "x y²". */
export const columnNames: readonly string[] = exponents.map(([p, q]) =>
  [power("x", p), power("y", q)].filter((text) => text !== "").join(" "),
);

function power(variable: string, exponent: number): string {
  return exponent === 0 ? "" : exponent === 1 ? variable : `${variable}${exponent === 2 ? "²" : "³"}`;
}

/** z = x + 2y + 3x² + 4xy + 5y². */
export function targetPolynomial(x: number, y: number): number {
  return x + 2 * y + 3 * x * x + 4 * x * y + 5 * y * y;
}

function raised(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}

/** Points, columns of the design matrix (row-major) and targets. */
export interface Part {
  points: [number, number][];
  columns: Float64Array;
  targets: Float64Array;
}

/** How many grid points are for training. */
export function trainingPoints(step: number): number {
  const grid = Math.ceil((1 - 1e-9) / step) ** 2;
  return grid - Math.ceil(grid / 4);
}

/** Grid points x, y = 0, step, 2·step … below 1, a quarter of them (rounded up) for the test, chosen by the data seed. */
export function splitGrid({ step, dataSeed }: { step: number; dataSeed: number }): { training: Part; test: Part } {
  const places: number[] = [];
  for (let i = 0; i * step < 1 - 1e-9; i++) places.push(i * step);
  const grid = places.flatMap((y) => places.map((x): [number, number] => [x, y]));
  const order = permutation(randomStream(dataSeed, "polynomial-regression/split"), grid.length);
  const held = Math.ceil(grid.length / 4);
  const part = (rows: Int32Array): Part => {
    const points = Array.from(rows, (row): [number, number] => grid[row] ?? [Number.NaN, Number.NaN]);
    return {
      points,
      columns: Float64Array.from(points.flatMap(([x, y]) => exponents.map(([p, q]) => raised(x, p) * raised(y, q)))),
      targets: Float64Array.from(points, ([x, y]) => targetPolynomial(x, y)),
    };
  };
  return { training: part(order.slice(held).sort()), test: part(order.slice(0, held).sort()) };
}

/** Coefficients (the constant last) of the least-squares fit to the training part: what gradient descent would reach in the end. */
export function exactFit({ columns, targets }: Part): Float64Array {
  const width = exponents.length;
  const rows = Array.from(targets, (_, i) => [...columns.subarray(i * width, (i + 1) * width), 1]);
  return leastSquares(rows.flat(), targets, width + 1);
}

/** Mean squared error of predictions. */
export function meanSquaredError(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < targets.length; i++) squares += ((predictions[i] ?? Number.NaN) - (targets[i] ?? Number.NaN)) ** 2;
  return squares / targets.length;
}
