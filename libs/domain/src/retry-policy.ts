import type { AttemptState } from "@basin/contracts";

/** How an attempt ended without a result. */
export type UnfinishedOutcome = Extract<AttemptState, "lost" | "failed" | "handed-back" | "cancelled">;

export interface RetryInput {
  /** Attempts that were lost or failed since the last fresh budget, before this one. */
  strikes: number;
  /** How often a run is tried again: retryLimit + 1 strikes park it. */
  retryLimit: number;
  /** Why this attempt ended. */
  reason: string;
}

/** What becomes of the run. `reason` is what the run shows; null when it waits for its next attempt. */
export type RetryDecision =
  | { state: "pending"; event: "return"; strikes: number; reason: null }
  | { state: "failed"; event: "fail"; strikes: number; reason: string }
  | { state: "cancelled"; event: "cancel"; strikes: number; reason: string };

/** After an attempt that was lost or failed: one strike more, and failed once the strikes exceed the limit. */
export function afterLoss({ strikes, retryLimit, reason }: RetryInput): RetryDecision {
  const now = strikes + 1;
  if (now <= retryLimit) return { state: "pending", event: "return", strikes: now, reason: null };
  const attempts = now === 1 ? "its only attempt was lost or failed" : `${now} attempts were lost or failed`;
  return {
    state: "failed",
    event: "fail",
    strikes: now,
    reason: `gave up: ${attempts} (retry limit ${retryLimit}). The last: ${reason}`,
  };
}

/** After any attempt without a result. Handing back costs no strike; cancelling ends the run. */
export function afterUnfinishedAttempt(outcome: UnfinishedOutcome, input: RetryInput): RetryDecision {
  switch (outcome) {
    case "lost":
    case "failed":
      return afterLoss(input);
    case "handed-back":
      return { state: "pending", event: "return", strikes: input.strikes, reason: null };
    case "cancelled":
      return { state: "cancelled", event: "cancel", strikes: input.strikes, reason: input.reason };
  }
}

/** What retry-failed does to a failed run: it waits again, with a fresh budget. Its old attempts stay in the ledger. */
export const freshRetryBudget = { state: "pending", event: "retry", strikes: 0, reason: null } as const;
