import { expect, it } from "vitest";
import { secondsAt } from "./training-time";

const stamps = { steps: Int32Array.of(10, 20, 40), values: Float64Array.of(5, 6, 16) };

it("puts steps between the trainer's stamps, from 0 at step 0, and leaves out what is behind the last", () => {
  expect([...secondsAt(Int32Array.of(0, 5, 10, 15, 20, 30, 40, 41), stamps)]).toEqual([0, 2.5, 5, 5.5, 6, 11, 16]);
  expect(secondsAt(Int32Array.of(50), stamps)).toHaveLength(0);
  expect(secondsAt(Int32Array.of(1, 2), { steps: new Int32Array(), values: new Float64Array() })).toHaveLength(0);
});

it("takes a stamp at step 0 as it is", () => {
  const begun = { steps: Int32Array.of(0, 2), values: Float64Array.of(3, 4) };
  expect([...secondsAt(Int32Array.of(0, 1, 2), begun)]).toEqual([3, 3.5, 4]);
});
