import type { RunState } from "@basin/contracts";
import { transitionRun, type RunEvent } from "@basin/domain";

/** The state of a run after an event, by the tables that the ledger's SQL is made of: what a fake ledger does. Throws when the event is refused. */
export function movedRun(state: RunState, event: RunEvent): RunState {
  const answer = transitionRun(state, event);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.state;
}

/** Whether a run in this state accepts an event. */
export const runAccepts = (state: RunState, event: RunEvent): boolean => transitionRun(state, event).ok;
