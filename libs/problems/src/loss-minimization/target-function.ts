import { cosPi, exponential, sinPi } from "@basin/numerics";

/** The square [−halfWidth, halfWidth]² on which the function is learned and judged. */
export const halfWidth = 1.5;

/** f(x, y) = sin 2πx · cos 2πy · e^{−(x²+y²)}; max |f| = 0.942. The same bits on every platform. */
export function targetFunction(x: number, y: number): number {
  return sinPi(2 * x) * cosPi(2 * y) * exponential(-(x * x + y * y));
}

/** The function at row-major points [n, 2], in double precision. */
export function targetValues(points: Float32Array): Float64Array {
  const values = new Float64Array(points.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = targetFunction(points[2 * i] ?? 0, points[2 * i + 1] ?? 0);
  return values;
}
