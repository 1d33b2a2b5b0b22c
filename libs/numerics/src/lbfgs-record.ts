import type { LbfgsState, LbfgsStatus } from "./lbfgs";

const statuses: readonly LbfgsStatus[] = ["starting", "bracketing", "zooming", "converged", "stuck"];
const scalars = 21;
const version = 1;

/** Length of a state's record with n unknowns: always the same, so that records of many runs make a table. */
export function lbfgsRecordLength(unknowns: number, memory: number): number {
  return scalars + (5 + 2 * memory) * unknowns;
}

/** A state as one array of numbers, exact to the bit; `lbfgsFromRecord` is its inverse. For checkpoints. */
export function lbfgsToRecord(state: LbfgsState): Float64Array {
  const { options, low, high, steps, changes } = state;
  const n = state.point.length;
  const record = new Float64Array(lbfgsRecordLength(n, options.memory));
  record.set([
    version,
    n,
    options.memory,
    options.sufficientDecrease,
    options.curvature,
    options.maxLineEvaluations,
    options.valueError,
    options.gradientTolerance,
    statuses.indexOf(state.status),
    state.iterations,
    state.evaluations,
    state.value,
    state.step,
    state.lineEvaluations,
    low.step,
    low.value,
    low.slope,
    high.step,
    high.value,
    high.slope,
    steps.length,
  ]);
  const vectors = [state.trial, state.point, state.gradient, state.direction, state.lowGradient, ...steps, ...changes];
  vectors.forEach((vector, i) => record.set(vector, scalars + i * n));
  return record;
}

/** The state of a record. Throws RangeError for what is no record of version 1. */
export function lbfgsFromRecord(record: Float64Array): LbfgsState {
  let at = 0;
  const next = (): number => record[at++] ?? Number.NaN;
  if (next() !== version) throw new RangeError("this is no record of an L-BFGS state of version 1");
  const n = next();
  const options = {
    memory: next(),
    sufficientDecrease: next(),
    curvature: next(),
    maxLineEvaluations: next(),
    valueError: next(),
    gradientTolerance: next(),
  };
  const status = statuses[next()];
  if (!status || record.length !== lbfgsRecordLength(n, options.memory))
    throw new RangeError(`a record of ${record.length} numbers does not hold an L-BFGS state of ${n} unknowns`);
  const [iterations, evaluations, value, step, lineEvaluations] = [next(), next(), next(), next(), next()];
  const low = { step: next(), value: next(), slope: next() };
  const high = { step: next(), value: next(), slope: next() };
  const pairs = next();
  const vector = (i: number): Float64Array => record.slice(scalars + i * n, scalars + (i + 1) * n);
  return {
    options,
    status,
    iterations,
    evaluations,
    trial: vector(0),
    point: vector(1),
    value,
    gradient: vector(2),
    direction: vector(3),
    step,
    lineEvaluations,
    low,
    lowGradient: vector(4),
    high,
    steps: Array.from({ length: pairs }, (_, i) => vector(5 + i)),
    changes: Array.from({ length: pairs }, (_, i) => vector(5 + pairs + i)),
  };
}
