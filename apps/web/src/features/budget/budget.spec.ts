import { expect, it } from "vitest";
import { budgetFields } from "../new-sweep/spec-fields";
import { draftOfBudget, readBudget } from "../new-sweep/sweep-draft";
import { budgetBars } from "./budget-bars";

it("reads what it writes, and leaves out what is empty", () => {
  const budget = { maxRuns: 40, maxTrainSeconds: 90.5, maxSteps: 1_000_000, deadline: "2026-01-31T18:30:05.000Z" };
  let draft = draftOfBudget(budget);
  for (const { name } of budgetFields) draft = draft.withText(`budget.${name}`, draft.text(`budget.${name}`));
  expect(readBudget(draft)).toEqual({ budget, issues: [] });
  expect(readBudget(draftOfBudget(undefined))).toEqual({ budget: {}, issues: [] });
  for (const { name } of budgetFields) draft = draft.withText(`budget.${name}`, "");
  expect(readBudget(draft)).toEqual({ budget: {}, issues: [] });
});

it.each([
  ["maxRuns", "1.5", /1.5 is not a whole number/],
  ["maxSteps", "0", /must be at least 1, not 0/],
  ["maxTrainSeconds", "-3", /must be greater than 0, not -3/],
  ["deadline", "soon", /not a date/],
] as const)("says what is wrong with %s = %s", (name, text, message) => {
  const [issue, ...more] = readBudget(draftOfBudget(undefined).withText(`budget.${name}`, text)).issues;
  expect(issue?.path).toBe(`budget.${name}`);
  expect(issue?.message).toMatch(message);
  expect(more).toEqual([]);
});

it("measures what is used of each limit", () => {
  const sweep = {
    createdAt: "2026-01-01T00:00:00.000Z",
    counts: { planned: 10, pending: 1, queued: 0, running: 1, succeeded: 2, diverged: 0, failed: 0, cancelled: 1, pruned: 0 },
    usage: { trainSeconds: 30, steps: 900, spent: null },
    spec: { budget: { maxRuns: 10, maxTrainSeconds: 60, maxSteps: 600, deadline: "2026-01-01T04:00:00.000Z" } },
  };
  const bars = budgetBars(sweep, "epoch", Date.parse("2026-01-01T01:00:00Z"));
  expect(bars.map(({ part, share }) => [part, share])).toEqual([
    ["runs", 0.5],
    ["train-seconds", 0.5],
    ["steps", 1],
    ["deadline", 0.25],
  ]);
  expect(bars.map(({ text }) => text)).toEqual([
    "5 of 10",
    "30 s of 1 min",
    "900 of 600",
    `${new Date("2026-01-01T04:00:00.000Z").toLocaleString()}, in 3 h`,
  ]);
  expect(bars[2]?.label).toBe("Epochs");
  expect(budgetBars({ ...sweep, spec: {} }, "epoch", 0)).toEqual([]);
});
