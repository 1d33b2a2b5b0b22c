import type { PackRun } from "@basin/engine";

/**
 * One run while it trains: everything of it that is not a tensor. Families add what is theirs. Its place in its pack's list is its row
 * in every tensor.
 */
export interface TrainingRun<P = unknown> {
  readonly run: PackRun;
  /** The family's own, out of the run's configuration. */
  readonly parameters: P;
  /** Steps of the experiment trained: epochs, blocks, updates. */
  step: number;
  /** Ended or dropped: its rows are removed before the next step. */
  left: boolean;
}

/** A run before its first step. */
export function freshRun<P>(run: PackRun, parameters: P): TrainingRun<P> {
  return { run, parameters, step: 0, left: false };
}
