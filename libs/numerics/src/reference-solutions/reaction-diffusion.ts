import { cosPi, exponential, square } from "../elementary";
import { odeTrajectory } from "../ode";
import { requirePositive } from "../require-positive";

export interface ReactionDiffusion {
  /** D in u_t = D·u_xx + reaction(u). */
  diffusivity: number;
  reaction: (u: number) => number;
  /** u(x, 0). */
  initial: (x: number) => number;
  /** No flux passes the ends: u_x = 0. */
  range: readonly [lower: number, upper: number];
  endTime: number;
  /** Intervals in space. Default 256: enough while fronts are wider than a fortieth of the range. */
  intervals?: number;
  /** Error allowed per step in time, relative and absolute. Default 1e-9. */
  tolerance?: number;
}

/**
 * Solution of u_t = D·u_xx + reaction(u) between ends without flux, at (x, t) in its range and 0 ≤ t ≤ endTime (NaN elsewhere): cosine collocation
 * (L. N. Trefethen, Spectral Methods in MATLAB, 2000), whose error falls geometrically with the number of intervals once the solution is smooth on their scale;
 * Dormand–Prince in time, whose steps the fastest mode bounds (D·(π·intervals/width)² per unit of time). By reflection at the ends it is the even periodic
 * solution on twice the range.
 */
export function reactionDiffusion(problem: ReactionDiffusion): (x: number, t: number) => number {
  const { diffusivity, reaction, initial, range, endTime, intervals: n = 256, tolerance = 1e-9 } = problem;
  requirePositive("the diffusivity", diffusivity);
  requirePositive("the end time", endTime);
  const [lower, upper] = range;
  const width = requirePositive("the width of the range", upper - lower);
  if (!Number.isInteger(n) || n < 4) throw new RangeError(`a range needs 4 or more intervals, not ${n}`);
  const curvature = secondDerivative(n, width);
  const nodes = projected((share) => initial(lower + share * width), n);
  const trajectory = odeTrajectory(
    (_, u, out) => {
      for (let i = 0; i <= n; i++) {
        let sum = 0;
        const row = i * (n + 1);
        for (let j = 0; j <= n; j++) sum += (curvature[row + j] ?? 0) * (u[j] ?? 0);
        out[i] = diffusivity * sum + reaction(u[i] ?? 0);
      }
    },
    nodes,
    [0, endTime],
    { relativeTolerance: tolerance, absoluteTolerance: tolerance },
  );
  const places = Float64Array.from(nodes, (_, j) => cosPi(j / n));
  const state = new Float64Array(n + 1);
  let stateTime = Number.NaN;
  return (x, t) => {
    if (!(t >= 0 && t <= endTime && x >= lower && x <= upper)) return Number.NaN;
    if (t === 0) return initial(x);
    if (t !== stateTime) trajectory(t, state);
    stateTime = t;
    return cosineInterpolation(places, state, cosPi((x - lower) / width));
  };
}

/**
 * Row-major [n + 1, n + 1]: the second derivative at equidistant nodes of the cosine series through values there. A sum over the series itself, so that
 * a constant's is zero to rounding.
 */
function secondDerivative(n: number, width: number): Float64Array {
  const cosines = Float64Array.from({ length: 2 * n }, (_, i) => cosPi(i / n));
  const matrix = new Float64Array((n + 1) * (n + 1));
  // D[i, j] = −w_j·(2/n)·Σ_k w_k·(kπ/width)²·cos(πki/n)·cos(πkj/n), w = ½ at the ends; the product of cosines depends on i ± j only.
  const sums = new Float64Array(2 * n);
  for (let m = 0; m < 2 * n; m++) {
    let sum = 0;
    for (let k = 1; k <= n; k++) sum += (k === n ? 0.5 : 1) * k * k * (cosines[(k * m) % (2 * n)] ?? 0);
    sums[m] = -sum * square(Math.PI / width);
  }
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= n; j++) {
      const weight = (j === 0 || j === n ? 0.5 : 1) / n;
      matrix[i * (n + 1) + j] = weight * ((sums[(i + j) % (2 * n)] ?? 0) + (sums[Math.abs(i - j)] ?? 0));
    }
  }
  return matrix;
}

/**
 * The first n + 1 terms of a function's cosine series on [0, 1], at n + 1 equidistant nodes. Its coefficients are sums over a grid 16 times as fine: sampled
 * at the nodes alone, a kink's high terms would be taken for low ones.
 */
function projected(f: (share: number) => number, n: number): Float64Array {
  const fine = 16 * n;
  const cosines = Float64Array.from({ length: 2 * fine }, (_, i) => cosPi(i / fine));
  const samples = Float64Array.from({ length: fine + 1 }, (_, j) => (j === 0 || j === fine ? 0.5 : 1) * f(j / fine));
  const coefficients = Float64Array.from({ length: n + 1 }, (_, k) => {
    let sum = 0;
    for (let j = 0, angle = 0; j <= fine; j++, angle = (angle + k) % (2 * fine)) sum += (samples[j] ?? 0) * (cosines[angle] ?? 0);
    return ((k === 0 ? 1 : 2) * sum) / fine;
  });
  return Float64Array.from({ length: n + 1 }, (_, j) =>
    coefficients.reduce((sum, coefficient, k) => sum + coefficient * (cosines[(16 * j * k) % (2 * fine)] ?? 0), 0),
  );
}

/** The cosine series through equidistant values is a polynomial in c = cos: the barycentric formula (J.-P. Berrut, L. N. Trefethen, SIAM Review 46 (2004)). */
function cosineInterpolation(places: Float64Array, values: Float64Array, c: number): number {
  const last = values.length - 1;
  let above = 0;
  let below = 0;
  for (let j = 0; j <= last; j++) {
    const distance = c - (places[j] ?? 0);
    if (distance === 0) return values[j] ?? Number.NaN;
    const weight = ((j === 0 || j === last ? 0.5 : 1) * (j % 2 === 0 ? 1 : -1)) / distance;
    above += weight * (values[j] ?? 0);
    below += weight;
  }
  return above / below;
}

/**
 * Allen and Cahn's equation u_t = 0.0001·u_xx + 5u − 5u³ with u(x, 0) = x²·cos πx, periodic on −1 ≤ x ≤ 1, for 0 ≤ t ≤ 1 (M. Raissi, P. Perdikaris,
 * G. E. Karniadakis, J. Comput. Phys. 378 (2019)). It is even about 0 and ±1, hence solved on [0, 1]. Error below 1e-6 from t = 0.05 on; before, the kink
 * at ±1 costs up to 1e-3 there.
 */
export function allenCahnSolution(): (x: number, t: number) => number {
  const half = reactionDiffusion({
    diffusivity: 1e-4,
    reaction: (u) => 5 * u - 5 * u * u * u,
    initial: (x) => x * x * cosPi(x),
    range: [0, 1],
    endTime: 1,
    intervals: 400,
  });
  return (x, t) => half(Math.abs(x), t);
}

export interface FisherKpp {
  /** Default 0.05. */
  diffusivity?: number;
  /** Default 2. */
  growth?: number;
  /** u(x, 0). Default: a Gaussian of height ½ and standard deviation 0.15 about −0.5. */
  initial?: (x: number) => number;
  /** Default −1.5 to 1.5. */
  range?: readonly [lower: number, upper: number];
  /** Default 1. */
  endTime?: number;
}

/** Fisher's equation u_t = diffusivity·u_xx + growth·u(1 − u) between ends without flux (R. A. Fisher, Ann. Eugenics 7 (1937); A. Kolmogorov, I. Petrovsky, N. Piskunov, 1937). Error below 1e-8. */
export function fisherKppSolution(options: FisherKpp = {}): (x: number, t: number) => number {
  const { diffusivity = 0.05, growth = 2, range = [-1.5, 1.5], endTime = 1 } = options;
  const initial = options.initial ?? ((x: number) => 0.5 * exponential(-square(x + 0.5) / 0.045));
  return reactionDiffusion({ diffusivity, reaction: (u) => growth * u * (1 - u), initial, range, endTime, intervals: 128 });
}
