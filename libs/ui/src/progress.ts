import type { RunCounts, RunState } from "@basin/contracts";
import { runStateOrder } from "./run-state";

export interface Progress {
  /** Every state with its count and its share of the bar; shares add up to at most 1. */
  parts: { state: RunState; count: number; share: number }[];
  /** Runs there will be in the end; null: not known beforehand. */
  total: number | null;
  /** Runs that will not change any more. */
  finished: number;
  known: number;
  /** How many runs the whole bar stands for; at least 1. */
  whole: number;
}

/** Counts as a progress bar shows them. A plan that is smaller than what already exists does not overflow the bar. */
export function progressOf(counts: RunCounts): Progress {
  const known = runStateOrder.reduce((sum, state) => sum + counts[state], 0);
  const whole = Math.max(counts.planned ?? 0, known, 1);
  return {
    parts: runStateOrder.map((state) => ({ state, count: counts[state], share: counts[state] / whole })),
    total: counts.planned === null ? null : Math.max(counts.planned, known),
    finished: counts.succeeded + counts.diverged + counts.failed + counts.cancelled + counts.pruned,
    known,
    whole,
  };
}
