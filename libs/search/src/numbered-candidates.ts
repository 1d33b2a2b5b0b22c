import type { Configuration } from "@basin/contracts";
import { z } from "zod";
import type { SearchAction, SearchEvent } from "./search-algorithm";

/** State of an algorithm whose candidate i does not depend on results: how far it got, and at which end it said so. */
export const NumberedState = z.strictObject({
  /** The number of the next trial. */
  next: z.int().min(0),
  /** The number of trials after which `exhausted` was last said; null: not yet. An extension makes a new end. */
  exhaustedAt: z.int().min(0).nullable(),
});
export type NumberedState = z.infer<typeof NumberedState>;

/** Answers an event of an algorithm that has `total` candidates: fills the capacity, and says once when the end is reached. */
export function takeCandidates(
  state: NumberedState,
  event: SearchEvent,
  total: number,
  candidate: (i: number) => Configuration,
): { state: NumberedState; actions: SearchAction[] } {
  if (event.type !== "capacity") return { state, actions: [] };
  const next = Math.max(state.next, Math.min(total, state.next + event.trials));
  const actions: SearchAction[] = [];
  for (let trial = state.next; trial < next; trial++) actions.push({ type: "create-trial", trial, parameters: candidate(trial) });
  if (next < total || state.exhaustedAt === next) return { state: { next, exhaustedAt: state.exhaustedAt }, actions };
  return { state: { next, exhaustedAt: next }, actions: [...actions, { type: "exhausted" }] };
}
