/** dy/dt = f(t, y), written to `out`. It must not keep `y` or `out`. */
export type RightHandSide = (t: number, y: Float64Array, out: Float64Array) => void;

export interface OdeOptions {
  /** Error allowed per step, relative to the size of a component. Default 1e-9. */
  relativeTolerance?: number;
  /** Error allowed per step beside it. Default 1e-12. */
  absoluteTolerance?: number;
  /** Accepted and rejected steps before it gives up. Default 100,000. */
  maxSteps?: number;
}

/** Nodes and coefficients of J. R. Dormand and P. J. Prince, J. Comp. Appl. Math. 6 (1980), RK5(4)7M. */
const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Fifth-order weights less the embedded fourth-order ones. */
const errorWeights = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
/** Of the fourth-order continuous extension: E. Hairer, S. P. Nørsett, G. Wanner, Solving ODEs I, section II.6. */
const denseWeights = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

/**
 * Integrates dy/dt = f(t, y) forwards by the adaptive Runge–Kutta pair of Dormand and Prince, order 5(4), with a continuous
 * extension of order 4 within the last step. Basic operations only, so the same numbers on every machine if f has that property.
 */
export class DormandPrince {
  /** Where the last accepted step began and ended. */
  previous: number;
  t: number;
  /** The state at `t`. */
  readonly y: Float64Array;
  private readonly slopes: Float64Array[];
  private readonly trial: Float64Array;
  private readonly dense: Float64Array[];
  private stepSize = 0;
  private steps = 0;

  constructor(
    private readonly f: RightHandSide,
    t: number,
    y: ArrayLike<number>,
    private readonly options: OdeOptions = {},
  ) {
    this.t = this.previous = t;
    this.y = Float64Array.from(y);
    const blank = (): Float64Array => new Float64Array(this.y.length);
    this.slopes = nodes.map(blank);
    this.trial = blank();
    this.dense = Array.from({ length: 5 }, blank);
    f(t, this.y, this.slope(0));
  }

  /** Takes one accepted step, not beyond `limit`. False when the step size vanished, a value is not finite, or the steps are spent. */
  advance(limit: number): boolean {
    if (this.stepSize === 0) this.stepSize = this.firstStep();
    const maxSteps = this.options.maxSteps ?? 100_000;
    for (let h = Math.min(this.stepSize, limit - this.t); this.steps < maxSteps;) {
      this.steps += 1;
      if (!(h > 1e-14 * Math.max(1, Math.abs(this.t)))) return false;
      const error = this.attempt(h);
      if (!(error <= 1)) {
        h *= Number.isFinite(error) ? Math.max(0.2, 0.9 * fifthRoot(1 / error)) : 0.2;
        continue;
      }
      this.keepDense(h);
      this.previous = this.t;
      this.t = h === limit - this.t ? limit : this.t + h;
      this.y.set(this.trial);
      this.slope(0).set(this.slope(6));
      const grown = h * Math.min(5, Math.max(0.2, 0.9 * fifthRoot(1 / Math.max(error, 1e-10))));
      // A step that was cut to reach the limit says little about the size of the next.
      this.stepSize = Math.max(grown, h < this.stepSize ? this.stepSize : 0);
      return true;
    }
    return false;
  }

  /** The state at a time within the last accepted step. */
  at(t: number, out: Float64Array): void {
    continuousExtension(this.dense, this.previous, this.t, t, out);
  }

  /** The last accepted step for later: as `at`, whatever steps follow. */
  lastStep(): (t: number, out: Float64Array) => void {
    const [from, to] = [this.previous, this.t];
    const dense = this.dense.map((one) => one.slice());
    return (t, out) => continuousExtension(dense, from, to, t, out);
  }

  private slope(stage: number): Float64Array {
    const found = this.slopes[stage];
    if (!found) throw new RangeError(`there is no stage ${stage}`);
    return found;
  }

  /** Fills `trial` with the fifth-order result and returns the error in units of the tolerance. */
  private attempt(h: number): number {
    const { relativeTolerance = 1e-9, absoluteTolerance = 1e-12 } = this.options;
    const n = this.y.length;
    for (let stage = 1; stage < 7; stage++) {
      const weights = stages[stage] ?? [];
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < stage; j++) sum += (weights[j] ?? 0) * (this.slopes[j]?.[i] ?? 0);
        this.trial[i] = (this.y[i] ?? 0) + h * sum;
      }
      this.f(this.t + (nodes[stage] ?? 0) * h, this.trial, this.slope(stage));
    }
    let squares = 0;
    for (let i = 0; i < n; i++) {
      let error = 0;
      for (let j = 0; j < 7; j++) error += (errorWeights[j] ?? 0) * (this.slopes[j]?.[i] ?? 0);
      const size = Math.max(Math.abs(this.y[i] ?? 0), Math.abs(this.trial[i] ?? 0));
      const scaled = (h * error) / (absoluteTolerance + relativeTolerance * size);
      squares += scaled * scaled;
    }
    return Math.sqrt(squares / n);
  }

  private keepDense(h: number): void {
    const [c0, c1, c2, c3, c4] = this.dense;
    if (!c0 || !c1 || !c2 || !c3 || !c4) return;
    for (let i = 0; i < this.y.length; i++) {
      const before = this.y[i] ?? 0;
      const rise = (this.trial[i] ?? 0) - before;
      const bend = h * (this.slopes[0]?.[i] ?? 0) - rise;
      let last = 0;
      for (let j = 0; j < 7; j++) last += (denseWeights[j] ?? 0) * (this.slopes[j]?.[i] ?? 0);
      c0[i] = before;
      c1[i] = rise;
      c2[i] = bend;
      c3[i] = rise - h * (this.slopes[6]?.[i] ?? 0) - bend;
      c4[i] = h * last;
    }
  }

  private firstStep(): number {
    let size = 1e-6;
    let slope = 1e-6;
    for (let i = 0; i < this.y.length; i++) {
      size = Math.max(size, Math.abs(this.y[i] ?? 0));
      slope = Math.max(slope, Math.abs(this.slopes[0]?.[i] ?? 0));
    }
    return (0.01 * size) / slope;
  }
}

/**
 * The states at ascending `times`; times[0] is where `start` holds. Values from where the integration failed on are NaN.
 */
export function solveOde(
  f: RightHandSide,
  start: ArrayLike<number>,
  times: ArrayLike<number>,
  options: OdeOptions = {},
): Float64Array[] {
  const first = times[0] ?? 0;
  const last = times[times.length - 1] ?? first;
  const solver = new DormandPrince(f, first, start, options);
  const states: Float64Array[] = [Float64Array.from(start)];
  let alive = true;
  for (let i = 1; i < times.length; i++) {
    const t = times[i] ?? last;
    while (alive && solver.t < t) alive = solver.advance(last);
    const state = new Float64Array(start.length);
    if (alive) solver.at(t, state);
    else state.fill(Number.NaN);
    states.push(state);
  }
  return states;
}

/**
 * The state at any time of a range, in any order: (t, out) writes it to `out`, of `start`'s length. Solved once, and read from the continuous extension
 * of each step. NaN outside the range and from where the integration failed on.
 */
export function odeTrajectory(
  f: RightHandSide,
  start: ArrayLike<number>,
  [from, to]: readonly [from: number, to: number],
  options: OdeOptions = {},
): (t: number, out: Float64Array) => void {
  if (!(from < to) || !Number.isFinite(to - from))
    throw new RangeError(`a solution goes from a time to a later one, not from ${from} to ${to}`);
  const solver = new DormandPrince(f, from, start, options);
  const ends: number[] = [];
  const steps: ((t: number, out: Float64Array) => void)[] = [];
  while (solver.t < to && solver.advance(to)) {
    ends.push(solver.t);
    steps.push(solver.lastStep());
  }
  return (t, out) => {
    // The first step that ends at t or later.
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? Number.NaN) < t) low = middle + 1;
      else high = middle;
    }
    const step = t >= from ? steps[low] : undefined;
    if (step) step(t, out);
    else out.fill(Number.NaN);
  };
}

/** The polynomial of degree 4 through a step from `from` to `to`, at t. */
function continuousExtension(dense: Float64Array[], from: number, to: number, t: number, out: Float64Array): void {
  const h = to - from;
  const s = h === 0 ? 1 : (t - from) / h;
  const [c0, c1, c2, c3, c4] = dense;
  for (let i = 0; i < out.length; i++) {
    const inner = (c3?.[i] ?? 0) + (1 - s) * (c4?.[i] ?? 0);
    out[i] = (c0?.[i] ?? 0) + s * ((c1?.[i] ?? 0) + (1 - s) * ((c2?.[i] ?? 0) + s * inner));
  }
}

/** x^(1/5) for x > 0 from basic operations, to about 1e-9: it only steers the step size. */
function fifthRoot(x: number): number {
  let root = 1;
  for (let i = 0; i < 60; i++) {
    const power = root * root * root * root;
    const next = root + (x / power - root) / 5;
    if (Math.abs(next - root) <= 1e-9 * root) return next;
    root = next;
  }
  return root;
}
