import type { ReleaseRequestV2, RunResultV1 } from "@basin/contracts";
import type { AttemptFact, LossFact, Verdict } from "@basin/database";
import { afterUnfinishedAttempt, meets, type RetryDecision, type RetryInput, type UnfinishedOutcome } from "@basin/domain";
import { findExperiment } from "@basin/problems";
import { metricViolation } from "@basin/search";

const cancelledReason = "the sweep was cancelled";

function verdictOf({ state, strikes, reason }: RetryDecision): Pick<Verdict, "runState" | "strikes" | "reason"> {
  return { runState: state, strikes, reason };
}

/** What an attempt without a result leaves of its run. In a cancelled sweep nothing is tried again. */
function unfinished(
  outcome: UnfinishedOutcome,
  fact: AttemptFact,
  reason: string,
  more: Pick<RetryInput, "trainerDeaths" | "final"> = {},
): Verdict {
  const { strikes, retryLimit, sweepState } = fact;
  if (sweepState === "cancelled") {
    const decision = afterUnfinishedAttempt("cancelled", { strikes, retryLimit, reason: cancelledReason });
    return { ...verdictOf(decision), attemptState: outcome, attemptReason: reason };
  }
  // Only a cancelled sweep cancels runs; an attempt that a trainer gave up by itself is handed back.
  const input = { strikes, retryLimit, reason, ...more };
  const decision = afterUnfinishedAttempt(outcome === "cancelled" ? "handed-back" : outcome, input);
  return { ...verdictOf(decision), attemptState: outcome, attemptReason: reason };
}

/**
 * After an attempt that went away with its trainer. `trainerDied` is what is known then; a trainer that speaks again later was not
 * dead. A run that got further before its trainer died is not suspected of having killed it.
 */
export function lostVerdict(fact: AttemptFact, loss: LossFact, trainerDied: boolean, reason: string): Verdict {
  const suspected = trainerDied && !loss.progressed;
  return {
    ...unfinished("lost", fact, reason, { trainerDeaths: suspected ? loss.trainerDeaths + 1 : 0 }),
    trainerDied: suspected,
  };
}

type Release = ReleaseRequestV2["attempts"][number];

/** What a trainer gives up for a process before it, which it found unfinished in its spool, went away with that process. */
export function releaseVerdict(release: Release, fact: AttemptFact, loss: LossFact): Verdict {
  const { outcome } = release;
  const fallback = outcome === "failed" ? "the attempt failed without a reason" : `the attempt was ${outcome}`;
  const reason = release.reason ?? fallback;
  switch (outcome) {
    case "failed":
      return loss.processGone
        ? lostVerdict(fact, loss, true, reason)
        : unfinished(outcome, fact, reason, { final: release.final });
    case "handed-back":
      return { ...unfinished(outcome, fact, reason), maxWidth: release.maxWidth };
    case "cancelled":
      return unfinished(outcome, fact, reason);
  }
}

/** A result that the attempt's own points contradict is none: the attempt failed. */
export function commitVerdict(result: RunResultV1, fact: AttemptFact, contradiction: string | null = null): Verdict {
  if (contradiction !== null) return unfinished("failed", fact, `the result was refused: ${contradiction}`);
  const { outcome, metrics, labels, steps, trainSeconds } = result;
  const figures = { metrics, labels: labels ?? {}, steps, trainSeconds };
  if (outcome === "failed") {
    const verdict = unfinished("failed", fact, result.reason ?? "the attempt failed without a reason");
    return verdict.runState === "pending" ? verdict : { ...verdict, ...figures };
  }
  // A run that breaks a constraint is no candidate for the best one, whatever it measured.
  const broken = outcome === "succeeded" && metricViolation(fact.metricConstraints, metrics) > 0;
  const objective = outcome === "succeeded" && !broken ? (metrics[fact.objectiveMetric] ?? null) : null;
  const criterion = findExperiment(fact.experiment)?.success ?? null;
  const { reason } = result;
  return {
    attemptState: outcome,
    attemptReason: reason,
    runState: outcome,
    reason,
    strikes: fact.strikes,
    objective,
    met: outcome === "succeeded" && criterion !== null && meets(criterion, metrics),
    ...figures,
  };
}
