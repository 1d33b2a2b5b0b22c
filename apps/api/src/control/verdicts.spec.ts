import { RunId, type RunResultV1 } from "@basin/contracts";
import type { AttemptFact, LossFact } from "@basin/database";
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
const loss: LossFact = { processGone: false, progressed: false, trainerDeaths: 0 };
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

test("a trainer that goes away costs no strike; a second one that dies does, unless the run got further", () => {
  const lost = { attemptState: "lost", runState: "pending", strikes: 1, reason: null, attemptReason: "gone" };
  expect(lostVerdict(fact, loss, true, "gone")).toMatchObject({ ...lost, trainerDied: true });
  const second = { ...loss, trainerDeaths: 1 };
  expect(lostVerdict(fact, second, true, "gone")).toMatchObject({ ...lost, strikes: 2, trainerDied: true });
  expect(lostVerdict(fact, { ...second, progressed: true }, true, "gone")).toMatchObject({ ...lost, trainerDied: false });
  expect(lostVerdict(fact, second, false, "gone")).toMatchObject({ ...lost, trainerDied: false });
  const parked = lostVerdict({ ...fact, strikes: 2 }, second, true, "gone");
  expect(parked).toMatchObject({ attemptState: "lost", runState: "failed", strikes: 3 });
  expect(parked.reason).toMatch(/gone$/);
});

test("a failure costs a strike, and the last one parks the run with the reason", () => {
  const failed = commitVerdict({ ...result, outcome: "failed", reason: "boom" }, fact);
  expect(failed).toMatchObject({ attemptState: "failed", runState: "pending", strikes: 2, attemptReason: "boom" });
  expect(failed.metrics).toBeUndefined();
  const parked = commitVerdict({ ...result, outcome: "failed", reason: "boom" }, { ...fact, strikes: 2 });
  expect(parked).toMatchObject({ attemptState: "failed", runState: "failed", strikes: 3 });
  expect(parked.reason).toMatch(/boom$/);
});

test("what a trainer found unfinished after its restart went away with the process before it", () => {
  const left = { run, attempt: 2, outcome: "failed", reason: "the process ended" } as const;
  const gone = { ...loss, processGone: true };
  expect(releaseVerdict(left, fact, gone)).toMatchObject({ attemptState: "lost", runState: "pending", strikes: 1 });
  expect(releaseVerdict(left, fact, { ...gone, trainerDeaths: 1 })).toMatchObject({ attemptState: "lost", strikes: 2 });
  expect(releaseVerdict(left, fact, loss)).toMatchObject({ attemptState: "failed", strikes: 2 });
  expect(releaseVerdict({ ...left, outcome: "handed-back" }, fact, gone)).toMatchObject({
    attemptState: "handed-back",
    strikes: 1,
  });
});

test("handing back costs nothing; only a cancelled sweep cancels runs, and tries none again", () => {
  const release = (outcome: "handed-back" | "cancelled" | "failed") => ({ run, attempt: 2, outcome, reason: null });
  expect(releaseVerdict(release("handed-back"), fact, loss)).toMatchObject({ runState: "pending", strikes: 1 });
  expect(releaseVerdict(release("cancelled"), fact, loss)).toMatchObject({
    attemptState: "cancelled",
    runState: "pending",
    strikes: 1,
  });
  for (const outcome of ["handed-back", "cancelled", "failed"] as const) {
    const verdict = releaseVerdict(release(outcome), { ...fact, sweepState: "cancelled" }, loss);
    expect(verdict).toMatchObject({ attemptState: outcome, runState: "cancelled", strikes: 1 });
  }
  expect(commitVerdict(result, { ...fact, sweepState: "cancelled" })).toMatchObject({ runState: "succeeded" });
});
