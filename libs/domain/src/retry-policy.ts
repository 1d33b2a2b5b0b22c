import type { AttemptState } from "@basin/contracts";

/** How an attempt ended without a result. */
export type UnfinishedOutcome = Extract<AttemptState, "lost" | "failed" | "handed-back" | "cancelled">;

export interface RetryInput {
  /** The run's since the last fresh budget, before this attempt. */
  strikes: number;
  /** How often a run is tried again: retryLimit + 1 strikes park it. */
  retryLimit: number;
  /** Why this attempt ended. */
  reason: string;
  /**
   * For a lost attempt: how many trainers died while they trained the run without its getting further, since the last fresh budget
   * and with this one. 0: this attempt's trainer did not die, or the run got further in it. Default 0.
   */
  trainerDeaths?: number;
  /** For a failed attempt: another one would end the same. Default false. */
  final?: boolean;
}

/** With this many trainers dead the run is suspected of having killed them. */
const suspiciousDeaths = 2;

/** What becomes of the run. `reason` is what the run shows; null when it waits for its next attempt. */
export type RetryDecision =
  | { state: "pending"; event: "return"; strikes: number; reason: null }
  | { state: "failed"; event: "fail"; strikes: number; reason: string }
  | { state: "cancelled"; event: "cancel"; strikes: number; reason: string };

/** After an attempt whose end is the run's own doing: one strike more, and failed once the strikes exceed the limit. */
export function afterStrike({ strikes, retryLimit, reason }: RetryInput): RetryDecision {
  const now = strikes + 1;
  if (now <= retryLimit) return { state: "pending", event: "return", strikes: now, reason: null };
  const attempts =
    now === 1 ? "1 attempt failed or took its trainer with it" : `${now} attempts failed or took their trainer with them`;
  return {
    state: "failed",
    event: "fail",
    strikes: now,
    reason: `gave up: ${attempts} (retry limit ${retryLimit}). The last: ${reason}`,
  };
}

/**
 * After any attempt without a result. What fails is the run's own doing, and ends it at once where it would fail again. The loss of a trainer is not, unless trainers keep dying with
 * the run; handing back never is. Cancelling ends the run.
 */
export function afterUnfinishedAttempt(outcome: UnfinishedOutcome, input: RetryInput): RetryDecision {
  switch (outcome) {
    case "failed":
      if (input.final) return { state: "failed", event: "fail", strikes: input.strikes + 1, reason: input.reason };
      return afterStrike(input);
    case "lost":
      return (input.trainerDeaths ?? 0) >= suspiciousDeaths ? afterStrike(input) : again(input);
    case "handed-back":
      return again(input);
    case "cancelled":
      return { state: "cancelled", event: "cancel", strikes: input.strikes, reason: input.reason };
  }
}

function again({ strikes }: RetryInput): RetryDecision {
  return { state: "pending", event: "return", strikes, reason: null };
}

/** What retry-failed does to a failed run: it waits again, with a fresh budget. Its old attempts stay in the ledger. */
export const freshRetryBudget = { state: "pending", event: "retry", strikes: 0, reason: null } as const;
