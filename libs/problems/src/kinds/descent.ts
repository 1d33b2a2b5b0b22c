import type { Configuration } from "@basin/contracts";
import type { PlotsById } from "./plots-by-id";

/** What a run of `descent` did: the points before the first step and after every one, and the function's values there. */
export interface DescentHistory {
  seed: number;
  points: readonly Float64Array[];
  values: readonly number[];
}

/**
 * For the family `descent`: a function of any number of variables whose minimum is sought. Pure functions of the configuration and, where
 * the function is drawn at random, of the run's seed; the same bits on every platform. Several starts in one run are a point of so many times the
 * variables, with the sum of the function over them: the rules go coordinate by coordinate.
 */
export interface DescentProblem<P = Configuration> {
  kind: "descent";
  /** The function's least value. */
  minimum(parameters: P, seed: number): number;
  start(parameters: P, seed: number): Float64Array;
  value(parameters: P, point: Float64Array, seed: number): number;
  /** The gradient, or what a method takes for it: one that is drawn at random is drawn by the seed and the step (from 1). */
  gradient(parameters: P, point: Float64Array, seed: number, step: number): Float64Array;
  /** Further final figures from what the run did. */
  evaluate(parameters: P, history: DescentHistory): Record<string, number>;
  plots?(parameters: P, history: DescentHistory): PlotsById;
}
