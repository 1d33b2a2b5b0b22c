import { RunId, type RunResultV1 } from "@basin/contracts";
import type { AttemptFact } from "@basin/database";
import { expect, test } from "vitest";
import { commitVerdict, lostVerdict, releaseVerdict } from "./verdicts";

const run = RunId.parse("k3v9x2mq-0-0");
const fact: AttemptFact = {
  run,
  attempt: 2,
  strikes: 1,
  sweepState: "running",
  experiment: "loss-minimization",
  retryLimit: 2,
  objectiveMetric: "mae",
};
const result: RunResultV1 = {
  run,
  attempt: 2,
  outcome: "succeeded",
  metrics: { mae: 0.5, other: null },
  labels: { law: "x' = y" },
  reason: null,
  steps: 10,
  trainSeconds: 1,
  chunks: {},
  artifacts: [],
};

test("a success keeps its figures, its objective and its strikes", () => {
  expect(commitVerdict(result, fact)).toMatchObject({
    attemptState: "succeeded",
    runState: "succeeded",
    objective: 0.5,
    strikes: 1,
    steps: 10,
  });
  expect(commitVerdict({ ...result, metrics: {} }, fact)).toMatchObject({ runState: "succeeded", objective: null });
});

test("a diverged run has figures and a reason, and no objective", () => {
  const diverged = commitVerdict({ ...result, outcome: "diverged", reason: "NaN at step 3" }, fact);
  expect(diverged).toMatchObject({ runState: "diverged", objective: null, reason: "NaN at step 3", metrics: result.metrics });
});

test("losses and failures cost a strike, and the last one parks the run with the reason", () => {
  expect(lostVerdict(fact, "gone")).toMatchObject({
    attemptState: "lost",
    runState: "pending",
    strikes: 2,
    reason: null,
    attemptReason: "gone",
  });
  const parked = lostVerdict({ ...fact, strikes: 2 }, "gone");
  expect(parked).toMatchObject({ attemptState: "lost", runState: "failed", strikes: 3 });
  expect(parked.reason).toMatch(/gone$/);
  const failed = commitVerdict({ ...result, outcome: "failed", reason: "boom" }, fact);
  expect(failed).toMatchObject({ attemptState: "failed", runState: "pending", strikes: 2, attemptReason: "boom" });
  expect(failed.metrics).toBeUndefined();
});

test("handing back costs nothing; only a cancelled sweep cancels runs, and tries none again", () => {
  const release = (outcome: "handed-back" | "cancelled" | "failed") => ({ run, attempt: 2, outcome, reason: null });
  expect(releaseVerdict(release("handed-back"), fact)).toMatchObject({ runState: "pending", strikes: 1 });
  expect(releaseVerdict(release("cancelled"), fact)).toMatchObject({
    attemptState: "cancelled",
    runState: "pending",
    strikes: 1,
  });
  for (const outcome of ["handed-back", "cancelled", "failed"] as const) {
    const verdict = releaseVerdict(release(outcome), { ...fact, sweepState: "cancelled" });
    expect(verdict).toMatchObject({ attemptState: outcome, runState: "cancelled", strikes: 1 });
  }
  expect(commitVerdict(result, { ...fact, sweepState: "cancelled" })).toMatchObject({ runState: "succeeded" });
});
