import { describe, expect, it } from "vitest";
import { atLeast, figure, percentile } from "./report";

describe("report", () => {
  it("a figure is the median with its spread", () => {
    expect(figure([3, 1, 2], "s")).toEqual({ value: 2, unit: "s", min: 1, max: 3, samples: 3 });
    expect(figure([4, 1, 2, 3], "s").value).toBe(2.5);
    expect(figure([], "s").value).toBeNull();
  });
  it("percentiles are nearest-rank", () => {
    const samples = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(percentile(samples, 0.95)).toBe(95);
    expect(percentile(samples, 0.5)).toBe(50);
    expect(percentile([7], 0.95)).toBe(7);
  });
  it("what was not measured is neither met nor unmet", () => {
    expect(atLeast("x", null, 1).met).toBeNull();
    expect(atLeast("x", 2, 1).met).toBe(true);
    expect(atLeast("x", 0, 1).met).toBe(false);
  });
});
