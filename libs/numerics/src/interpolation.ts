import { leastSquares } from "./linear-algebra";

/** A function of one variable with its first derivative. */
export interface Interpolant {
  value: (x: number) => number;
  derivative: (x: number) => number;
}

function requireAscending(x: ArrayLike<number>, y: ArrayLike<number>, least: number): void {
  if (x.length !== y.length) throw new RangeError(`${x.length} places and ${y.length} values do not go together`);
  if (x.length < least) throw new RangeError(`at least ${least} points are needed, not ${x.length}`);
  for (let i = 1; i < x.length; i++) {
    if (!((x[i] ?? NaN) > (x[i - 1] ?? NaN))) throw new RangeError("the places must ascend");
  }
}

/** Newton's polynomial of degree n − 1 through n points, by divided differences; x ascends. Throws RangeError otherwise. */
export function interpolatingPolynomial(x: ArrayLike<number>, y: ArrayLike<number>): Interpolant {
  requireAscending(x, y, 1);
  const places = Float64Array.from(x);
  const differences = Float64Array.from(y);
  const n = places.length;
  for (let order = 1; order < n; order++) {
    for (let i = n - 1; i >= order; i--) {
      const rise = (differences[i] ?? 0) - (differences[i - 1] ?? 0);
      differences[i] = rise / ((places[i] ?? 0) - (places[i - order] ?? 0));
    }
  }
  const at = (u: number): { value: number; slope: number } => {
    let value = 0;
    let slope = 0;
    for (let i = n - 1; i >= 0; i--) {
      const distance = u - (places[i] ?? 0);
      slope = slope * distance + value;
      value = value * distance + (differences[i] ?? 0);
    }
    return { value, slope };
  };
  return { value: (u) => at(u).value, derivative: (u) => at(u).slope };
}

/**
 * The spline of odd degree k through n ≥ k + 1 points, x ascending, with the knots that FITPACK takes for interpolation (P. Dierckx,
 * "Curve and Surface Fitting with Splines", 1993): all x but the (k + 1)/2 outermost at either end, so that the outer pieces continue ("not a
 * knot" for k = 3). Outside the points the first and last piece go on. Throws RangeError for other degrees or points.
 */
export function interpolatingSpline(x: ArrayLike<number>, y: ArrayLike<number>, degree: number): Interpolant {
  if (!Number.isInteger(degree) || degree < 1 || degree % 2 === 0) throw new RangeError(`the degree must be odd, not ${degree}`);
  requireAscending(x, y, degree + 1);
  const n = x.length;
  const half = (degree + 1) / 2;
  const ends = (value: number | undefined): number[] => new Array<number>(degree + 1).fill(value ?? Number.NaN);
  const knots = Float64Array.from([...ends(x[0]), ...Array.from(x).slice(half, n - half), ...ends(x[n - 1])]);
  const collocation = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    const place = x[row] ?? Number.NaN;
    const piece = pieceOf(knots, degree, place);
    collocation.set(basis(knots, degree, piece, place), row * n + piece - degree);
  }
  const coefficients = leastSquares(collocation, y, n);
  const slopes = new Float64Array(n - 1);
  for (let i = 0; i < n - 1; i++) {
    const width = (knots[i + degree + 1] ?? 0) - (knots[i + 1] ?? 0);
    slopes[i] = (degree * ((coefficients[i + 1] ?? 0) - (coefficients[i] ?? 0))) / width;
  }
  const inner = knots.slice(1, -1);
  return {
    value: (u) => splineValue(knots, coefficients, degree, u),
    derivative: (u) => splineValue(inner, slopes, degree - 1, u),
  };
}

function splineValue(knots: Float64Array, coefficients: Float64Array, degree: number, u: number): number {
  const piece = pieceOf(knots, degree, u);
  return basis(knots, degree, piece, u).reduce((sum, b, i) => sum + b * (coefficients[piece - degree + i] ?? 0), 0);
}

/** The last i with knots[i] ≤ u among the pieces that have a width. */
function pieceOf(knots: Float64Array, degree: number, u: number): number {
  const last = knots.length - degree - 2;
  let piece = degree;
  while (piece < last && u >= (knots[piece + 1] ?? 0)) piece += 1;
  return piece;
}

/** The degree + 1 B-splines that do not vanish on a piece, at u: C. de Boor, "A Practical Guide to Splines", chapter X, (8). */
function basis(knots: Float64Array, degree: number, piece: number, u: number): Float64Array {
  const out = new Float64Array(degree + 1);
  out[0] = 1;
  for (let order = 1; order <= degree; order++) {
    let carried = 0;
    for (let i = 0; i < order; i++) {
      const right = knots[piece + 1 + i] ?? 0;
      const left = knots[piece + 1 + i - order] ?? 0;
      const share = (out[i] ?? 0) / (right - left);
      out[i] = carried + (right - u) * share;
      carried = (u - left) * share;
    }
    out[order] = carried;
  }
  return out;
}
