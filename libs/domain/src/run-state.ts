import { RunState } from "@basin/contracts";
import { transitionsOf, type Transition, type TransitionResult, type TransitionTable } from "./state-machine";

export const runEvents = [
  /** Put into a dispatched pack. */
  "queue",
  /** Taken out of a pack that nobody claimed (pause). */
  "withdraw",
  /** Granted to a trainer as a new attempt. */
  "claim",
  /** The result of the current attempt is complete in the ledger. */
  "succeed",
  "diverge",
  /** The attempt was lost, failed or handed back, and the run may be tried again. */
  "return",
  /** The attempt was lost or failed once too often. */
  "fail",
  "cancel",
  /** A stopping rule found that it is not worth going on with. What it measured stays. */
  "prune",
  /** A person gave a failed run a fresh retry budget. */
  "retry",
  /** A cancelled run waits again: a person asked for it, or the budget that cancelled it was raised. */
  "revive",
] as const;
export type RunEvent = (typeof runEvents)[number];

const table: TransitionTable<RunState, RunEvent> = {
  pending: { queue: "queued", cancel: "cancelled", prune: "pruned" },
  queued: { withdraw: "pending", claim: "running", cancel: "cancelled", prune: "pruned" },
  running: { succeed: "succeeded", diverge: "diverged", return: "pending", fail: "failed", cancel: "cancelled", prune: "pruned" },
  succeeded: {},
  diverged: {},
  failed: { retry: "pending" },
  cancelled: { revive: "pending" },
  pruned: {},
};

export const runTransitions: readonly Transition<RunState, RunEvent>[] = transitionsOf(table, RunState.options, runEvents);

/** The state a run is in after an event, or why the event is refused in its state. */
export function transitionRun(state: RunState, event: RunEvent): TransitionResult<RunState> {
  const to = table[state][event];
  return to === undefined ? { ok: false, reason: `a run that is ${state} refuses "${event}"` } : { ok: true, state: to };
}

/** The states from which an event is legal; what a guarded UPDATE puts into its WHERE. */
export function runStatesAccepting(event: RunEvent): RunState[] {
  return runTransitions.filter((transition) => transition.event === event).map(({ from }) => from);
}

/** A finished run will not be trained again by itself. (`failed` can be retried by a person.) */
export function isRunFinished(state: RunState): boolean {
  return state !== "pending" && state !== "queued" && state !== "running";
}
