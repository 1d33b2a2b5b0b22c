import fc from "fast-check";
import { expect, test } from "vitest";
import { afterLoss, afterUnfinishedAttempt, freshRetryBudget } from "./retry-policy";
import { transitionRun } from "./run-state";

test("a run is tried again retryLimit times, then parked with the reason of the last attempt", () => {
  let strikes = 0;
  const states: string[] = [];
  for (let attempt = 1; attempt <= 4; attempt++) {
    const decision = afterLoss({ strikes, retryLimit: 3, reason: `trainer t${attempt} sent no sign for 6 s` });
    states.push(decision.state);
    strikes = decision.strikes;
    if (decision.state === "failed") {
      expect(decision.reason).toBe(
        "gave up: 4 attempts were lost or failed (retry limit 3). The last: trainer t4 sent no sign for 6 s",
      );
    }
  }
  expect(states).toEqual(["pending", "pending", "pending", "failed"]);
});

test("without retries the first loss parks it", () => {
  expect(afterLoss({ strikes: 0, retryLimit: 0, reason: "out of memory" })).toEqual({
    state: "failed",
    event: "fail",
    strikes: 1,
    reason: "gave up: its only attempt was lost or failed (retry limit 0). The last: out of memory",
  });
});

test("lost and failed cost a strike; handed back and cancelled do not", () => {
  const input = { strikes: 2, retryLimit: 5, reason: "r" };
  expect(afterUnfinishedAttempt("lost", input)).toMatchObject({ state: "pending", strikes: 3 });
  expect(afterUnfinishedAttempt("failed", input)).toMatchObject({ state: "pending", strikes: 3 });
  expect(afterUnfinishedAttempt("handed-back", input)).toEqual({ state: "pending", event: "return", strikes: 2, reason: null });
  expect(afterUnfinishedAttempt("cancelled", input)).toEqual({ state: "cancelled", event: "cancel", strikes: 2, reason: "r" });
});

test("whatever happens, hand-backs never fail a run, and the decision is a legal transition of a running run", () => {
  const outcome = fc.constantFrom("lost" as const, "failed" as const, "handed-back" as const, "cancelled" as const);
  fc.assert(
    fc.property(outcome, fc.nat(30), fc.nat(20), (o, strikes, retryLimit) => {
      const decision = afterUnfinishedAttempt(o, { strikes, retryLimit, reason: "r" });
      expect(transitionRun("running", decision.event)).toEqual({ ok: true, state: decision.state });
      if (o === "handed-back") expect(decision.state).toBe("pending");
      if (o === "lost" || o === "failed") expect(decision.state === "failed").toBe(strikes + 1 > retryLimit);
    }),
  );
  expect(transitionRun("failed", freshRetryBudget.event)).toEqual({ ok: true, state: freshRetryBudget.state });
});
