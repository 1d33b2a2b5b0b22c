import { cosPi, exponential, sinPi } from "@basin/numerics";

/** The square [−halfWidth, halfWidth]² on which the function is learned and judged. */
export const halfWidth = 1.5;

/** f(x, y) = sin 2πx · cos 2πy · e^{−(x²+y²)}; max |f| = 0.942. The same bits on every platform. */
export function targetFunction(x: number, y: number): number {
  return sinPi(2 * x) * cosPi(2 * y) * exponential(-(x * x + y * y));
}

/** Derivatives of f by x and y: the gradient (a Jacobian of one row) and the Hessian. */
export interface TargetDerivatives {
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/** With f = a(x)·b(y), a = sin 2πx · e^{−x²}, b = cos 2πy · e^{−y²}, by the product rule. */
export function targetDerivatives(x: number, y: number): TargetDerivatives {
  const a = withBell(x, sinPi(2 * x), cosPi(2 * x));
  const b = withBell(y, cosPi(2 * y), -sinPi(2 * y));
  return {
    x: a.first * b.value,
    y: a.value * b.first,
    xx: a.second * b.value,
    xy: a.first * b.first,
    yy: a.value * b.second,
  };
}

/** w·e^{−u²} and two derivatives of it, where w is a wave with w′ = 2π·slope and w″ = −4π²w. */
function withBell(u: number, wave: number, slope: number): { value: number; first: number; second: number } {
  const bell = exponential(-u * u);
  const turn = 2 * Math.PI;
  return {
    value: wave * bell,
    first: (turn * slope - 2 * u * wave) * bell,
    second: (-turn * turn * wave - 4 * u * turn * slope + (4 * u * u - 2) * wave) * bell,
  };
}

/** The function at row-major points [n, 2], in double precision. */
export function targetValues(points: Float32Array): Float64Array {
  const values = new Float64Array(points.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = targetFunction(points[2 * i] ?? 0, points[2 * i + 1] ?? 0);
  return values;
}
