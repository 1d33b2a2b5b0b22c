import { expect, it } from "vitest";
import { paceText } from "./pace-text";

const steps = { stepsPerSecond: 1200, secondsLeft: 300 };

it("gives the rate in the unit in which it is a figure", () => {
  expect(paceText({ runsPerSecond: 12.345, secondsLeft: 9 }, steps, "epoch")).toEqual({
    rate: "12.3",
    unit: "runs per second",
    secondsLeft: 9,
  });
  expect(paceText({ runsPerSecond: 0.015, secondsLeft: 9 }, steps, "epoch")).toEqual({
    rate: "0.9",
    unit: "runs per minute",
    secondsLeft: 300,
  });
  expect(paceText({ runsPerSecond: 0, secondsLeft: null }, steps, "block")).toEqual({
    rate: "1200",
    unit: "blocks per second, all runs",
    secondsLeft: 300,
  });
  expect(paceText({ runsPerSecond: null, secondsLeft: null }, undefined, "block")).toMatchObject({
    rate: "–",
    secondsLeft: null,
  });
});
