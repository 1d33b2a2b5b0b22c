import { expect, test } from "vitest";
import { secondsPerStep } from "./seconds-per-step";

test("the time of a step is the slope between neighbouring points", () => {
  expect(secondsPerStep([10, 20, 60], [1, 3, 4])).toEqual({ steps: [20, 60], values: [0.2, 0.025] });
});

test("missing points are passed over, and so is the way back to a checkpoint", () => {
  expect(secondsPerStep([1, 2, 3], [1, null, 5])).toEqual({ steps: [3], values: [2] });
  expect(secondsPerStep([10, 20, 15, 25], [1, 2, 1.5, 3.5])).toEqual({ steps: [20, 25], values: [0.1, 0.2] });
  expect(secondsPerStep([7], [1])).toEqual({ steps: [], values: [] });
});
