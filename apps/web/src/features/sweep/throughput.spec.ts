import { expect, it } from "vitest";
import { rateOf, type Sample, secondsLeft, windowMilliseconds, withSample } from "./throughput";

const collect = (samples: Sample[]) => samples.reduce<Sample[]>((all, sample) => withSample(all, sample), []);

it("is the rate of the last stretch, not of the whole sweep", () => {
  const slowThenFast = Array.from({ length: 121 }, (_, second) => ({
    milliseconds: second * 1000,
    finished: second <= 60 ? second : 60 + (second - 60) * 10,
  }));
  const kept = collect(slowThenFast);
  expect(rateOf(kept)).toBeCloseTo(10);
  expect(kept.length).toBeLessThanOrEqual(windowMilliseconds / 1000 + 2);
});

it("begins anew when finished runs are run again", () => {
  expect(
    collect([
      { milliseconds: 0, finished: 0 },
      { milliseconds: 5000, finished: 50 },
      { milliseconds: 6000, finished: 40 },
    ]),
  ).toEqual([{ milliseconds: 6000, finished: 40 }]);
});

it("has no rate without a second of watching, and no time left without a rate or a plan", () => {
  expect(rateOf([])).toBeNull();
  expect(
    rateOf([
      { milliseconds: 0, finished: 0 },
      { milliseconds: 500, finished: 9 },
    ]),
  ).toBeNull();
  expect(secondsLeft(10, 100, 3)).toBe(30);
  expect(secondsLeft(10, null, 3)).toBeNull();
  expect(secondsLeft(10, 100, 0)).toBeNull();
  expect(secondsLeft(101, 100, 1)).toBe(0);
});
