import { SweepState, type RunCounts } from "@basin/contracts";
import { transitionsOf, type Transition, type TransitionResult, type TransitionTable } from "./state-machine";

export const sweepEvents = ["pause", "resume", "cancel", "complete", "retry-failed", "extend", "continue"] as const;
export type SweepEvent = (typeof sweepEvents)[number];

/** A paused sweep stays paused when it is extended or its failed runs are retried, and completes when its last run ends. */
const table: TransitionTable<SweepState, SweepEvent> = {
  running: {
    pause: "paused",
    cancel: "cancelled",
    complete: "completed",
    "retry-failed": "running",
    extend: "running",
    continue: "running",
  },
  paused: {
    resume: "running",
    cancel: "cancelled",
    complete: "completed",
    "retry-failed": "paused",
    extend: "paused",
    continue: "paused",
  },
  completed: { "retry-failed": "running", extend: "running" },
  cancelled: {},
};

export const sweepTransitions: readonly Transition<SweepState, SweepEvent>[] = transitionsOf(
  table,
  SweepState.options,
  sweepEvents,
);

const past: Record<SweepEvent, string> = {
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled",
  complete: "completed",
  "retry-failed": "retried",
  extend: "extended",
  continue: "given to another build",
};

/** The state a sweep is in after an event, or why the event is refused in its state, as a sentence for the person who asked. */
export function transitionSweep(state: SweepState, event: SweepEvent): TransitionResult<SweepState> {
  const to = table[state][event];
  if (to !== undefined) return { ok: true, state: to };
  if (state === "cancelled")
    return { ok: false, reason: `the sweep was cancelled and cannot be ${past[event]}; clone it to run it again` };
  if (state === "completed") return { ok: false, reason: `the sweep is completed and cannot be ${past[event]}` };
  return { ok: false, reason: `the sweep is ${state === "paused" ? "already paused" : "running"} and cannot be ${past[event]}` };
}

/** Runs that have yet to end. */
export function unfinishedRuns(counts: Pick<RunCounts, "pending" | "queued" | "running">): number {
  return counts.pending + counts.queued + counts.running;
}

/** Whether `complete` is due: the search will create no further trial and every run that exists has ended. */
export function isSweepComplete(sweep: {
  exhausted: boolean;
  counts: Pick<RunCounts, "pending" | "queued" | "running">;
}): boolean {
  return sweep.exhausted && unfinishedRuns(sweep.counts) === 0;
}
