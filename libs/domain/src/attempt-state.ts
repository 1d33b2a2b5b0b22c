import { AttemptState } from "@basin/contracts";
import { transitionsOf, type Transition, type TransitionResult, type TransitionTable } from "./state-machine";

export const attemptEvents = ["succeed", "diverge", "fail", "lose", "hand-back", "cancel"] as const;
export type AttemptEvent = (typeof attemptEvents)[number];

/** An attempt ends once. Whatever arrives for it afterwards is superseded, even a good result of an attempt given up as lost. */
const table: TransitionTable<AttemptState, AttemptEvent> = {
  running: {
    succeed: "succeeded",
    diverge: "diverged",
    fail: "failed",
    lose: "lost",
    "hand-back": "handed-back",
    cancel: "cancelled",
  },
  succeeded: {},
  diverged: {},
  failed: {},
  lost: {},
  "handed-back": {},
  cancelled: {},
};

export const attemptTransitions: readonly Transition<AttemptState, AttemptEvent>[] = transitionsOf(
  table,
  AttemptState.options,
  attemptEvents,
);

/** The state an attempt is in after an event, or why the event is refused in its state. */
export function transitionAttempt(state: AttemptState, event: AttemptEvent): TransitionResult<AttemptState> {
  const to = table[state][event];
  return to === undefined ? { ok: false, reason: `an attempt that is ${state} refuses "${event}"` } : { ok: true, state: to };
}
