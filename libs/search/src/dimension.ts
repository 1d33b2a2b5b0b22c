import { applies, type Configuration, type Dimension, type ParameterValue, type Space } from "@basin/contracts";
import { exponential, logarithm, randomStream } from "@basin/numerics";
import { asTyped } from "./decimal";

/** Numbers on an axis are told apart, and typed numbers restored, within this many relative rounding errors (2^-52 each). */
const roundingErrors = 8 * Number.EPSILON;
/** The logarithm adds errors of its own. */
const logarithmicErrors = 64 * Number.EPSILON;

/**
 * The parameters of a space in the order in which everything here counts them: by name. The order in which a space lists its
 * parameters carries no meaning, because JSON stores do not keep it.
 */
export function dimensionsOf(space: Space): [name: string, dimension: Dimension][] {
  return Object.entries(space).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** How many values a grid takes from a dimension; null for a range without `points`. May exceed 2^53. */
export function gridSize(dimension: Dimension): number | null {
  switch (dimension.type) {
    case "fixed":
      return 1;
    case "choice":
      return dimension.values.length;
    case "int":
      return Math.floor((dimension.max - dimension.min) / dimension.step) + 1;
    case "step":
      return Math.floor((dimension.max - dimension.min) / dimension.step + 1e-9) + 1;
    case "float":
    case "log-float":
      return dimension.min === dimension.max ? 1 : (dimension.points ?? null);
  }
}

/** Whether a dimension has any number between its ends. */
export function isRange(dimension: Dimension): boolean {
  return (dimension.type === "float" || dimension.type === "log-float") && dimension.max > dimension.min;
}

/** Value i of the grid of a dimension, 0 ≤ i < gridSize. Ends are exact; between them numbers are as a person would type them. */
export function gridValue(dimension: Dimension, i: number): ParameterValue {
  switch (dimension.type) {
    case "fixed":
      return dimension.value;
    case "choice": {
      const value = dimension.values[i];
      if (value === undefined) throw new RangeError(`a choice of ${dimension.values.length} values has none at ${i}`);
      return value;
    }
    case "int":
      return dimension.min + i * dimension.step;
    case "step": {
      if (i === 0) return dimension.min;
      const scale = Math.max(Math.abs(dimension.min), Math.abs(i * dimension.step));
      return Math.min(dimension.max, asTyped(dimension.min + i * dimension.step, scale * roundingErrors));
    }
    case "float":
    case "log-float":
      return betweenEnds(dimension, i, dimension.points ?? 1);
  }
}

function betweenEnds(dimension: Extract<Dimension, { type: "float" | "log-float" }>, i: number, points: number): number {
  const { min, max } = dimension;
  if (i === 0) return min;
  if (i >= points - 1) return max;
  const share = i / (points - 1);
  let value: number;
  if (dimension.type === "float") {
    value = asTyped(min * (1 - share) + max * share, Math.max(Math.abs(min), Math.abs(max)) * roundingErrors);
  } else {
    const low = logarithm(min);
    const raw = exponential(low + share * (logarithm(max) - low));
    value = asTyped(raw, raw * logarithmicErrors);
  }
  return Math.min(max, Math.max(min, value));
}

/** A value drawn from a dimension: a pure function of (seed, parameter name, candidate). Choices and whole numbers without bias. */
export function sampledValue(dimension: Dimension, name: string, seed: number, candidate: number): ParameterValue {
  if (dimension.type === "fixed") return dimension.value;
  const stream = randomStream(seed, `search/random/${name}`, candidate);
  switch (dimension.type) {
    case "choice":
    case "int":
    case "step": {
      const size = gridSize(dimension) ?? 1;
      return gridValue(dimension, size <= 4_294_967_296 ? stream.integer(0, size) : Math.floor(stream.uniform(0) * size));
    }
    case "float":
    case "log-float":
      return valueAt(dimension, stream.uniform(0));
  }
}

/** The value at a share in [0, 1) of a dimension: equal shares for each value, or along the axis of a range. */
export function valueAt(dimension: Dimension, share: number): ParameterValue {
  switch (dimension.type) {
    case "fixed":
      return dimension.value;
    case "choice":
    case "int":
    case "step": {
      const size = gridSize(dimension) ?? 1;
      return gridValue(dimension, Math.min(size - 1, Math.floor(share * size)));
    }
    case "float":
      return clamp(dimension.min * (1 - share) + dimension.max * share, dimension);
    case "log-float": {
      const low = logarithm(dimension.min);
      return clamp(exponential(low + share * (logarithm(dimension.max) - low)), dimension);
    }
  }
}

function clamp(value: number, range: { min: number; max: number }): number {
  return Math.min(range.max, Math.max(range.min, value));
}

/** Whether a configuration consists of exactly the parameters that apply, each with a value that its dimension can take. */
export function liesInSpace(space: Space, parameters: Configuration): boolean {
  const known = Object.keys(parameters).every((name) => name in space);
  return (
    known &&
    dimensionsOf(space).every(([name, dimension]) =>
      applies(dimension, parameters) ? contains(dimension, parameters[name]) : !(name in parameters),
    )
  );
}

/** Whether a value is one that the dimension can take. */
export function contains(dimension: Dimension, value: ParameterValue | undefined): boolean {
  if (value === undefined) return false;
  if (dimension.type === "fixed") return sameValue(dimension.value, value);
  if (dimension.type === "choice") return dimension.values.some((listed) => sameValue(listed, value));
  if (typeof value !== "number" || value < dimension.min || value > dimension.max) return false;
  if (dimension.type === "int") return Number.isInteger(value) && (value - dimension.min) % dimension.step === 0;
  if (dimension.type !== "step") return true;
  const steps = (value - dimension.min) / dimension.step;
  return Math.abs(steps - Math.round(steps)) <= 1e-9 * Math.max(1, Math.abs(steps));
}

/** Equality of parameter values, arrays by content. */
function sameValue(a: ParameterValue, b: ParameterValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
