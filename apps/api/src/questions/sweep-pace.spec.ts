import { expect, it } from "vitest";
import { secondsLeftOf, sweepPace, type PacedRun } from "./sweep-pace";

const run = (step: number, seconds: number | null, of: number | null = 100): PacedRun => ({ pack: "p", step, seconds, of });

it("takes what is left of a run at its own pace", () => {
  expect(secondsLeftOf(run(20, 10))).toBe(40);
  expect(secondsLeftOf(run(120, 60))).toBe(0);
  expect([run(0, 0), run(20, null), run(20, 10, null)].map(secondsLeftOf)).toEqual([null, null, null]);
});

it("counts steps of runs in training, not only runs that ended", () => {
  // Two of eight ended, two are half way, four wait: (2 + 1) / 8.
  const counts = { ended: 2, planned: 8, trainingCount: 2 };
  // 100 steps left of the two, 400 of the four, at 2 × 0.5 steps per second.
  expect(sweepPace([run(50, 100), run(50, 100)], counts)).toEqual({ share: 0.375, secondsLeft: 500, stepsPerSecond: 1 });
});

it("is no shorter than the slowest run in training, and scales what was not listed", () => {
  const counts = { ended: 0, planned: 2, trainingCount: 2 };
  expect(sweepPace([run(90, 9), run(10, 100)], counts).secondsLeft).toBe(900);
  const listed = sweepPace([run(50, 100)], { ended: 0, planned: 10, trainingCount: 10 });
  expect(listed).toEqual({ share: 0.5, secondsLeft: 100, stepsPerSecond: 5 });
});

it("says nothing of what is not known", () => {
  expect(sweepPace([], { ended: 3, planned: 6, trainingCount: 0 })).toEqual({
    share: 0.5,
    secondsLeft: null,
    stepsPerSecond: null,
  });
  expect(sweepPace([run(5, 1)], { ended: 0, planned: null, trainingCount: 1 })).toMatchObject({ share: null, secondsLeft: null });
  expect(sweepPace([run(5, null)], { ended: 0, planned: 1, trainingCount: 1 })).toMatchObject({ share: 0.05, secondsLeft: null });
});
