import { expect, it } from "vitest";
import { smoothed, smoothedCurve } from "./smoothing";

it("keeps a constant, starts at the first value and follows s = a·s + (1 − a)·x", () => {
  for (const value of smoothed([2, 2, 2], 0.9, "linear")) expect(value).toBeCloseTo(2, 12);
  const [first, second] = smoothed([1, 3], 0.5, "linear");
  expect(first).toBe(1);
  expect(second).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75, 12);
});

it("averages logarithms on a logarithmic axis and leaves gaps where they were", () => {
  const values = smoothed([1, 100, null, 0, 10], 0.5, "log");
  expect(values[1]).toBeCloseTo(10 ** ((0.5 * 2) / 0.75), 9);
  expect(values[2]).toBeNull();
  expect(values[3]).toBeNull();
  expect(values[4]).toBeGreaterThan(0);
});

it("changes nothing without a factor", () => {
  const curve = { id: "a", label: "a", group: "a", style: 0, steps: [1], values: [1], band: { low: [0], high: [2] } };
  expect(smoothedCurve(curve, 0, "linear")).toBe(curve);
  expect(smoothedCurve(curve, 0.9, "linear").band).toEqual({ low: [0], high: [2] });
});
