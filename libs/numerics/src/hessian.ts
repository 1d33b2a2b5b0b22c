import { square } from "./elementary";

/** The gradient at a point, [n] to [n]; it must not keep the point. */
export type GradientFunction = (point: Float64Array) => ArrayLike<number>;

/**
 * Hessian times vector at a point by central differences of the gradient: (g(x + hv/‖v‖) − g(x − hv/‖v‖))·‖v‖/2h. Error O(h²) by the fourth
 * derivatives and about 1e-16·‖g‖/h by rounding: h = 1e-5 leaves some ten digits in double precision. Zero for v = 0.
 */
export function hessianProduct(
  gradient: GradientFunction,
  point: ArrayLike<number>,
  vector: ArrayLike<number>,
  h = 1e-5,
): Float64Array {
  const n = point.length;
  if (vector.length !== n) throw new RangeError(`a vector of ${vector.length} does not belong to a point of ${n}`);
  if (!(h > 0)) throw new RangeError(`the step must be a positive number, not ${h}`);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += square(vector[i] ?? 0);
  if (squares === 0) return new Float64Array(n);
  const size = Math.sqrt(squares);
  const at = (sign: number): Float64Array =>
    Float64Array.from(gradient(Float64Array.from(point, (x, i) => x + (sign * h * (vector[i] ?? 0)) / size)));
  // Not both at once: a gradient may be written to the same array every time.
  const [above, below] = [at(1), at(-1)];
  return above.map((value, i) => ((value - (below[i] ?? 0)) * size) / (2 * h));
}

/** The Hessian at a point, row-major [n, n] and symmetric: `hessianProduct` with every unit vector, averaged with its transpose. 2n gradients. */
export function hessian(gradient: GradientFunction, point: ArrayLike<number>, h = 1e-5): Float64Array {
  const n = point.length;
  const rows = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    unit[i] = 1;
    rows.set(hessianProduct(gradient, point, unit, h), i * n);
    unit[i] = 0;
  }
  return rows.map((value, at) => (value + (rows[(at % n) * n + Math.floor(at / n)] ?? 0)) / 2);
}
