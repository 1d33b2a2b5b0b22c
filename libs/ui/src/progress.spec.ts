import { expect, it } from "vitest";
import { progressOf } from "./progress";

const none = { planned: 10, pending: 0, queued: 0, running: 0, succeeded: 0, diverged: 0, failed: 0, cancelled: 0, pruned: 0 };

it("counts what is finished and leaves room for what is not planned yet", () => {
  const progress = progressOf({ ...none, succeeded: 3, diverged: 1, failed: 1, running: 2, pending: 1 });
  expect(progress.finished).toBe(5);
  expect(progress.total).toBe(10);
  expect(progress.parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(0.8);
  expect(progress.parts.map((part) => part.state).slice(0, 2)).toEqual(["succeeded", "diverged"]);
});

it("does not divide by zero or overflow", () => {
  expect(progressOf({ ...none, planned: 0 }).parts.every((part) => part.share === 0)).toBe(true);
  expect(progressOf({ ...none, planned: null, running: 4 })).toMatchObject({ total: null, known: 4 });
  expect(progressOf({ ...none, planned: 2, succeeded: 4 }).total).toBe(4);
});
