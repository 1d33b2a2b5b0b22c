import { RunId, TrainerId, type RunResultV1 } from "@basin/contracts";
import type { AttemptFact, LossFact } from "@basin/database";
import { expect, test } from "vitest";
import { releasesOf } from "./message-versions";
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
  metricConstraints: [],
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
  const left = { run, attempt: 2, outcome: "failed", reason: "the process ended", final: false } as const;
  const gone = { ...loss, processGone: true };
  expect(releaseVerdict(left, fact, gone)).toMatchObject({ attemptState: "lost", runState: "pending", strikes: 1 });
  expect(releaseVerdict(left, fact, { ...gone, trainerDeaths: 1 })).toMatchObject({ attemptState: "lost", strikes: 2 });
  expect(releaseVerdict(left, fact, loss)).toMatchObject({ attemptState: "failed", strikes: 2 });
  const back = { run, attempt: 2, outcome: "handed-back", reason: null, maxWidth: null } as const;
  expect(releaseVerdict(back, fact, gone)).toMatchObject({ attemptState: "handed-back", strikes: 1 });
});

test("a failure that would come again ends the run at once, with the reason alone", () => {
  const reason = "it needs about 15 GB, a slot has 3.2 GB";
  const final = { run, attempt: 2, outcome: "failed", reason, final: true } as const;
  expect(releaseVerdict(final, { ...fact, strikes: 0, retryLimit: 3 }, loss)).toMatchObject({
    attemptState: "failed",
    runState: "failed",
    strikes: 1,
    reason,
    attemptReason: reason,
  });
  expect(releaseVerdict({ ...final, final: false }, { ...fact, strikes: 0, retryLimit: 3 }, loss).runState).toBe("pending");
});

test("runs of a pack that was too wide wait again without a strike, and are packed narrower", () => {
  const back = { run, attempt: 2, outcome: "handed-back", reason: "no room", maxWidth: 4 } as const;
  expect(releaseVerdict(back, fact, loss)).toMatchObject({
    runState: "pending",
    strikes: 1,
    attemptReason: "no room",
    maxWidth: 4,
  });
});

test("a release of version 1 bounds no width and ends nothing for good", () => {
  const attempt = { run, attempt: 2, reason: null };
  const outcomes = ["handed-back", "cancelled", "failed"] as const;
  const attempts = outcomes.map((outcome) => ({ ...attempt, outcome }));
  const trainer = TrainerId.parse("t-1");
  expect(releasesOf({ v: 1, trainer, attempts })).toEqual([
    { ...attempt, outcome: "handed-back", maxWidth: null },
    { ...attempt, outcome: "cancelled" },
    { ...attempt, outcome: "failed", final: false },
  ]);
  const second = [{ ...attempt, outcome: "failed" as const, final: true }];
  expect(releasesOf({ v: 2, trainer, attempts: second })).toEqual(second);
});

test("handing back costs nothing; only a cancelled sweep cancels runs, and tries none again", () => {
  const release = (outcome: "handed-back" | "cancelled" | "failed") => {
    const [version2] = releasesOf({
      v: 1,
      trainer: TrainerId.parse("t-1"),
      attempts: [{ run, attempt: 2, outcome, reason: null }],
    });
    if (!version2) throw new Error("a release without an attempt");
    return version2;
  };
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
