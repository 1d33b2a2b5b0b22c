export interface LbfgsOptions {
  /** Pairs of steps and gradient changes that make up the curvature. Default 10. */
  memory?: number;
  /** c1 of the strong Wolfe conditions: the value falls by at least this share of what the slope promises. Default 1e-4. */
  sufficientDecrease?: number;
  /** c2: the slope's size falls at least to this share. Default 0.9. */
  curvature?: number;
  /** Evaluations of one line search before it takes the best it has. Default 25. */
  maxLineEvaluations?: number;
  /**
   * Relative error of the values. Where two are nearer than that, slopes decide (approximate Wolfe conditions: W. Hager, H. Zhang, SIAM J. Optim. 16
   * (2005)), and a value may rise by as much. Default 1e-14; 1e-6 suits values that were computed in single precision.
   */
  valueError?: number;
  /** It has converged when no component of the gradient is larger. Default 1e-8. */
  gradientTolerance?: number;
}

/**
 * `converged`: the gradient is small. `stuck`: along no direction does the value fall, or the first one is not finite; near a minimum this is the end
 * of the value's precision.
 */
export type LbfgsStatus = "starting" | "bracketing" | "zooming" | "converged" | "stuck";

/** A step along the direction with the value there and its derivative by the step. */
interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** Where a minimization stands. Plain numbers and arrays that nobody writes to: states may share them. */
export interface LbfgsState {
  readonly options: Required<LbfgsOptions>;
  readonly status: LbfgsStatus;
  /** Line searches ended. */
  readonly iterations: number;
  /** Values and gradients asked for so far. */
  readonly evaluations: number;
  /** Where the value and the gradient are wanted next, [n]. */
  readonly trial: Float64Array;
  /** The point accepted last, with its value and gradient. */
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
  readonly step: number;
  readonly lineEvaluations: number;
  /** The best point of this line search so far, with its gradient; while bracketing, the one before the trial. */
  readonly low: LinePoint;
  readonly lowGradient: Float64Array;
  /** The other end of the bracket. */
  readonly high: LinePoint;
  /** s_k = x_{k+1} − x_k and y_k = g_{k+1} − g_k, oldest first. */
  readonly steps: readonly Float64Array[];
  readonly changes: readonly Float64Array[];
}

const origin: LinePoint = { step: 0, value: 0, slope: 0 };

/** The state before anything is known but the start x [n]. Throws RangeError for options out of range. */
export function lbfgsStart(x: ArrayLike<number>, options: LbfgsOptions = {}): LbfgsState {
  const filled = {
    memory: options.memory ?? 10,
    sufficientDecrease: options.sufficientDecrease ?? 1e-4,
    curvature: options.curvature ?? 0.9,
    maxLineEvaluations: options.maxLineEvaluations ?? 25,
    valueError: options.valueError ?? 1e-14,
    gradientTolerance: options.gradientTolerance ?? 1e-8,
  };
  const { memory, sufficientDecrease: c1, curvature: c2, maxLineEvaluations } = filled;
  if (!Number.isInteger(memory) || memory < 1) throw new RangeError(`memory must be an integer from 1 on, not ${memory}`);
  if (!(c1 > 0 && c1 < c2 && c2 < 1))
    throw new RangeError(`0 < sufficientDecrease < curvature < 1 must hold, not ${c1} and ${c2}`);
  if (!Number.isInteger(maxLineEvaluations) || maxLineEvaluations < 2)
    throw new RangeError(`maxLineEvaluations must be an integer from 2 on, not ${maxLineEvaluations}`);
  for (const name of ["valueError", "gradientTolerance"] as const)
    if (!(filled[name] >= 0)) throw new RangeError(`${name} must be a number from 0 on, not ${filled[name]}`);
  const none = new Float64Array(x.length);
  return {
    options: filled,
    status: "starting",
    iterations: 0,
    evaluations: 0,
    trial: Float64Array.from(x),
    point: Float64Array.from(x),
    value: Number.NaN,
    gradient: none,
    direction: none,
    step: 0,
    lineEvaluations: 0,
    low: origin,
    lowGradient: none,
    high: origin,
    steps: [],
    changes: [],
  };
}

/**
 * The state after the value and gradient at `state.trial` became known: minimization by limited-memory BFGS (J. Nocedal, S. J. Wright, Numerical Optimization,
 * 2nd ed., algorithms 7.4 and 7.5, initial matrix (7.20)) with their line search for the strong Wolfe conditions (3.5, 3.6, cubic interpolation
 * (3.59)). Pure: the same state, value and gradient give the same bits everywhere. What is not finite counts as infinitely high. A state that has
 * ended is returned as it is.
 */
export function lbfgsNext(state: LbfgsState, value: number, gradient: ArrayLike<number>): LbfgsState {
  if (state.status === "converged" || state.status === "stuck") return state;
  if (gradient.length !== state.trial.length)
    throw new RangeError(`a gradient of ${gradient.length} does not belong to ${state.trial.length} unknowns`);
  const known = { ...state, evaluations: state.evaluations + 1 };
  const there = Float64Array.from(gradient);
  const finite = Number.isFinite(value) && there.every(Number.isFinite);
  if (state.status === "starting") {
    if (!finite) return { ...known, status: "stuck" };
    return searchFrom({ ...known, value, gradient: there });
  }
  const here: LinePoint = finite
    ? { step: state.step, value, slope: dot(there, state.direction) }
    : { step: state.step, value: Number.POSITIVE_INFINITY, slope: Number.NaN };
  const searching = { ...known, lineEvaluations: state.lineEvaluations + 1 };
  const downhill = dot(state.gradient, state.direction);
  const { sufficientDecrease, curvature, valueError } = state.options;
  const tooHigh = here.value > state.value + sufficientDecrease * here.step * downhill || here.value >= lowValue(state);
  const level =
    here.value <= state.value + valueError * Math.abs(state.value) && here.slope <= (2 * sufficientDecrease - 1) * downhill;
  if ((!tooHigh || level) && Math.abs(here.slope) <= -curvature * downhill) return accept(searching, here.step, value, there);
  if (state.status === "bracketing") {
    if (tooHigh) return zoom({ ...searching, high: here });
    if (here.slope >= 0) return zoom({ ...searching, low: here, lowGradient: there, high: state.low });
    if (searching.lineEvaluations >= state.options.maxLineEvaluations) return accept(searching, here.step, value, there);
    return tryStep({ ...searching, low: here, lowGradient: there }, 2 * here.step);
  }
  if (tooHigh) return zoom({ ...searching, high: here });
  const turned = here.slope * (state.high.step - state.low.step) >= 0;
  return zoom({ ...searching, low: here, lowGradient: there, high: turned ? state.low : state.high });
}

/** Minimizes f until it has ended or `maxEvaluations` (default 10,000) are spent. `point` and `value` of the answer are the best found. */
export function minimizeLbfgs(
  f: (x: Float64Array) => { value: number; gradient: ArrayLike<number> },
  x: ArrayLike<number>,
  { maxEvaluations = 10_000, ...options }: LbfgsOptions & { maxEvaluations?: number } = {},
): LbfgsState {
  let state = lbfgsStart(x, options);
  while (state.status !== "converged" && state.status !== "stuck" && state.evaluations < maxEvaluations) {
    const { value, gradient } = f(state.trial);
    state = lbfgsNext(state, value, gradient);
  }
  return state;
}

/** While bracketing, the first trial is compared with the start by sufficient decrease only, as in algorithm 3.5. */
function lowValue({ status, lineEvaluations, low }: LbfgsState): number {
  return status === "bracketing" && lineEvaluations === 0 ? Number.POSITIVE_INFINITY : low.value;
}

/** Ends a line search: moves to point + step·direction and keeps the pair of changes where its curvature is positive. */
function accept(state: LbfgsState, step: number, value: number, gradient: Float64Array): LbfgsState {
  const point = along(state, step);
  const moved = point.map((x, i) => x - (state.point[i] ?? 0));
  const change = gradient.map((g, i) => g - (state.gradient[i] ?? 0));
  const bends = dot(moved, change) > 1e-14 * Math.sqrt(dot(moved, moved) * dot(change, change));
  const kept = <T>(list: readonly T[], one: T): readonly T[] => (bends ? [...list, one].slice(-state.options.memory) : list);
  return searchFrom({
    ...state,
    iterations: state.iterations + 1,
    point,
    value,
    gradient,
    steps: kept(state.steps, moved),
    changes: kept(state.changes, change),
  });
}

/** Begins a line search along −H·gradient. */
function searchFrom(state: LbfgsState): LbfgsState {
  const size = state.gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  if (size <= state.options.gradientTolerance) return { ...state, status: "converged", trial: state.point };
  const direction = twoLoops(state);
  const slope = dot(state.gradient, direction);
  // Rounding may spoil the curvature; the gradient itself always points uphill.
  if (!(slope < 0)) return afresh(state);
  const low = { step: 0, value: state.value, slope };
  const first = state.steps.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(state.gradient, state.gradient)));
  return tryStep({ ...state, status: "bracketing", direction, lineEvaluations: 0, low, lowGradient: state.gradient }, first);
}

/** Chooses the next step within the bracket, or ends the search with the best point there is. */
function zoom(state: LbfgsState): LbfgsState {
  const { low, high } = state;
  const width = Math.abs(high.step - low.step);
  if (state.lineEvaluations < state.options.maxLineEvaluations && width > 1e-15 * Math.max(low.step, high.step))
    return tryStep({ ...state, status: "zooming" }, interpolated(low, high));
  if (low.step > 0) return accept(state, low.step, low.value, state.lowGradient);
  return afresh(state);
}

/** Forgets the curvature and goes straight downhill; where it did so already, there is no way down. */
function afresh(state: LbfgsState): LbfgsState {
  if (state.steps.length === 0) return { ...state, status: "stuck", trial: state.point };
  return searchFrom({ ...state, steps: [], changes: [] });
}

function tryStep(state: LbfgsState, step: number): LbfgsState {
  return { ...state, step, trial: along(state, step) };
}

function along({ point, direction }: LbfgsState, step: number): Float64Array {
  return point.map((x, i) => x + step * (direction[i] ?? 0));
}

/** Minimizer of the cubic through both ends (3.59); the middle where that is none or within a tenth of an end. */
function interpolated(low: LinePoint, high: LinePoint): number {
  const width = high.step - low.step;
  const middle = low.step + width / 2;
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const d2 = Math.sqrt(d1 * d1 - low.slope * high.slope) * (width > 0 ? 1 : -1);
  const step = high.step - (width * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2);
  const share = (step - low.step) / width;
  return share >= 0.1 && share <= 0.9 ? step : middle;
}

/** −H·gradient by the two-loop recursion (algorithm 7.4). */
function twoLoops({ gradient, steps, changes }: LbfgsState): Float64Array {
  const q = gradient.map((g) => -g);
  const shares = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    const [s, y] = [steps[k] ?? q, changes[k] ?? q];
    const share = dot(s, q) / dot(y, s);
    shares[k] = share;
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) - share * (y[i] ?? 0);
  }
  const [s, y] = [steps.at(-1), changes.at(-1)];
  const scale = s && y ? dot(s, y) / dot(y, y) : 1;
  for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) * scale;
  for (let k = 0; k < steps.length; k++) {
    const [sk, yk] = [steps[k] ?? q, changes[k] ?? q];
    const rest = (shares[k] ?? 0) - dot(yk, q) / dot(yk, sk);
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) + rest * (sk[i] ?? 0);
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
