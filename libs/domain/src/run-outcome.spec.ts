import { RunState, type SuccessCriterion } from "@basin/contracts";
import { expect, it } from "vitest";
import { meets, outcomeOf } from "./run-outcome";

const criterion: SuccessCriterion = {
  text: "error at most 1 and R² at least 0.9",
  all: [
    { metric: "error", op: "<=", value: 1 },
    { metric: "r2", op: ">=", value: 0.9 },
  ],
};

it.each([
  [{ error: 1, r2: 0.9 }, true],
  [{ error: 1.0000001, r2: 0.9 }, false],
  [{ error: 0, r2: 0.8999999 }, false],
  [{ error: 0 }, false],
  [{ error: 0, r2: null }, false],
  [{ error: Number.NEGATIVE_INFINITY, r2: 1 }, false],
])("every bound holds, its limit included: %j", (metrics, met) => {
  expect(meets(criterion, metrics)).toBe(met);
  expect(outcomeOf("succeeded", metrics, criterion)).toBe(met ? "met" : "missed");
});

it("is none where a run did not train to its end, whatever its figures, and without a criterion", () => {
  for (const state of RunState.options)
    if (state !== "succeeded") expect(outcomeOf(state, { error: 0, r2: 1 }, criterion)).toBe("none");
  expect(outcomeOf("succeeded", { error: 0, r2: 1 }, null)).toBe("none");
});
