import fc from "fast-check";
import { expect, test } from "vitest";
import { afterStrike, afterUnfinishedAttempt, freshRetryBudget } from "./retry-policy";
import { transitionRun } from "./run-state";

test("a run is tried again retryLimit times, then parked with the reason of the last attempt", () => {
  let strikes = 0;
  const states: string[] = [];
  for (let attempt = 1; attempt <= 4; attempt++) {
    const decision = afterStrike({ strikes, retryLimit: 3, reason: `the worker thread ended with code ${attempt}` });
    states.push(decision.state);
    strikes = decision.strikes;
    if (decision.state === "failed") {
      expect(decision.reason).toBe(
        "gave up: 4 attempts failed or took their trainer with them (retry limit 3). The last: the worker thread ended with code 4",
      );
    }
  }
  expect(states).toEqual(["pending", "pending", "pending", "failed"]);
});

test("without retries the first failure parks it", () => {
  expect(afterStrike({ strikes: 0, retryLimit: 0, reason: "out of memory" })).toEqual({
    state: "failed",
    event: "fail",
    strikes: 1,
    reason: "gave up: 1 attempt failed or took its trainer with it (retry limit 0). The last: out of memory",
  });
});

test("failed costs a strike; lost, handed back and cancelled do not", () => {
  const input = { strikes: 2, retryLimit: 5, reason: "r" };
  expect(afterUnfinishedAttempt("failed", input)).toMatchObject({ state: "pending", strikes: 3 });
  const again = { state: "pending", event: "return", strikes: 2, reason: null };
  expect(afterUnfinishedAttempt("lost", input)).toEqual(again);
  expect(afterUnfinishedAttempt("handed-back", input)).toEqual(again);
  expect(afterUnfinishedAttempt("cancelled", input)).toEqual({ state: "cancelled", event: "cancel", strikes: 2, reason: "r" });
});

test("the first trainer that dies with a run is not held against it, every further one is", () => {
  const strikesAfter = (trainerDeaths: number): number =>
    afterUnfinishedAttempt("lost", { strikes: 0, retryLimit: 3, reason: "r", trainerDeaths }).strikes;
  expect([0, 1, 2, 3].map(strikesAfter)).toEqual([0, 0, 1, 1]);
});

test("a run that kills every trainer ends, whatever its retry limit", () => {
  fc.assert(
    fc.property(fc.nat(20), (retryLimit) => {
      let strikes = 0;
      for (let trainerDeaths = 1; trainerDeaths <= retryLimit + 2; trainerDeaths++) {
        const decision = afterUnfinishedAttempt("lost", { strikes, retryLimit, reason: "r", trainerDeaths });
        expect(decision.state).toBe(trainerDeaths === retryLimit + 2 ? "failed" : "pending");
        strikes = decision.strikes;
      }
    }),
  );
});

test("what is not the run's doing never fails it, and the decision is a legal transition of a running run", () => {
  const outcome = fc.constantFrom("lost" as const, "failed" as const, "handed-back" as const, "cancelled" as const);
  fc.assert(
    fc.property(outcome, fc.nat(30), fc.nat(20), fc.nat(1), (o, strikes, retryLimit, trainerDeaths) => {
      const decision = afterUnfinishedAttempt(o, { strikes, retryLimit, reason: "r", trainerDeaths });
      expect(transitionRun("running", decision.event)).toEqual({ ok: true, state: decision.state });
      if (o === "handed-back" || o === "lost") expect(decision).toMatchObject({ state: "pending", strikes });
      if (o === "failed") expect(decision.state === "failed").toBe(strikes + 1 > retryLimit);
    }),
  );
  expect(transitionRun("failed", freshRetryBudget.event)).toEqual({ ok: true, state: freshRetryBudget.state });
});
