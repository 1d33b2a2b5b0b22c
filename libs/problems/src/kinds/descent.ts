import type { Configuration } from "@basin/contracts";
import type { RunPlots } from "./run-plots";

/** What a run of `descent` did: the points before the first step and after every one, and the function's values there. */
export interface DescentHistory {
  points: readonly Float64Array[];
  values: readonly number[];
}

/** For the family `descent`: a function whose minimum is sought. Pure functions of the configuration, the same bits on every platform. */
export interface DescentProblem<P = Configuration> {
  kind: "descent";
  /** The function's least value. */
  minimum: number;
  start(parameters: P, seed: number): Float64Array;
  value(parameters: P, point: Float64Array): number;
  gradient(parameters: P, point: Float64Array): Float64Array;
  /** Further final figures from what the run did. */
  evaluate(parameters: P, history: DescentHistory): Record<string, number>;
  plots?(parameters: P, history: DescentHistory): RunPlots;
}
