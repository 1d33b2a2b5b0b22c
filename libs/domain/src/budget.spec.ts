import { BudgetPart } from "@basin/contracts";
import { expect, it } from "vitest";
import { budgetReasons, createdRuns, plannedRuns, spentPart } from "./budget";

const now = Date.parse("2026-01-01T12:00:00Z");
const usage = { runs: 9, trainSeconds: 59.9, steps: 999, now };

it.each([
  [undefined, null],
  [{}, null],
  [{ maxRuns: 10, maxTrainSeconds: 60, maxSteps: 1000, deadline: "2026-01-01T12:00:00.001Z" }, null],
  [{ maxRuns: 9 }, "runs"],
  [{ maxTrainSeconds: 59.9 }, "train-seconds"],
  [{ maxSteps: 999 }, "steps"],
  [{ deadline: "2026-01-01T12:00:00Z" }, "deadline"],
  [{ deadline: "2026-01-01T14:00:00+02:00" }, "deadline"],
  [{ deadline: "2026-01-01T14:00:00+01:00" }, null],
])("%o is spent by %s", (budget, part) => {
  expect(spentPart(budget, usage)).toBe(part);
});

it("names what ends waiting runs before what only ends planning", () => {
  expect(spentPart({ maxRuns: 1, maxSteps: 1 }, usage)).toBe("steps");
  expect(new Set(BudgetPart.options.map((part) => budgetReasons[part])).size).toBe(BudgetPart.options.length);
});

it("counts every run that exists, and plans no more than the budget", () => {
  const counts = { pending: 1, queued: 2, running: 4, succeeded: 8, diverged: 16, failed: 32, cancelled: 64, pruned: 0 };
  expect(createdRuns(counts)).toBe(127);
  expect(plannedRuns(null, undefined)).toBeNull();
  expect(plannedRuns(null, { maxRuns: 5 })).toBe(5);
  expect(plannedRuns(45, { maxRuns: 5 })).toBe(5);
  expect(plannedRuns(45, { maxRuns: 50 })).toBe(45);
  expect(plannedRuns(45, {})).toBe(45);
});
