import { describe, expect, it } from "vitest";
import { medianWithFailures, rankedGroups, type GroupEvidence } from "./evidence";

const group = (values: number[], without = 0): GroupEvidence => ({ values: Float64Array.from(values).sort(), without });

describe("runs without a value", () => {
  it("count as the worst in the median", () => {
    // numpy.median with inf (or −inf) in their place; halfway to infinity the value that half of the runs reach.
    expect(medianWithFailures(group([1, 2, 3], 1), "lower")).toBe(2.5);
    expect(medianWithFailures(group([1, 2, 3], 2), "lower")).toBe(3);
    expect(medianWithFailures(group([1, 2, 3], 3), "lower")).toBe(3);
    expect(medianWithFailures(group([1, 2, 3], 3), "higher")).toBe(1);
    expect(medianWithFailures(group([1, 2, 3], 4), "lower")).toBe(Infinity);
    expect(medianWithFailures(group([1, 2, 3], 2), "higher")).toBe(1);
    expect(medianWithFailures(group([1, 2, 3], 4), "higher")).toBe(-Infinity);
    expect(medianWithFailures(group([1, 2, 3], 4), null)).toBe(2);
    expect(medianWithFailures(group([]), "lower")).toBeNaN();
  });

  it("keep a configuration that mostly diverges behind one that never does, however good its best runs are", () => {
    const always = group(Array.from({ length: 20 }, (_, i) => 0.3 + i / 100));
    const rarely = group([0.1, 0.12, 0.13], 17);
    const never = group([], 20);
    const unfinished = group([]);
    expect(rankedGroups([unfinished, never, rarely, always], "lower")).toEqual([3, 2, 1, 0]);
    expect(rankedGroups([unfinished, never, rarely, always], "higher")).toEqual([3, 2, 1, 0]);
  });

  it("come behind success where there is a criterion; ties keep their order", () => {
    const [a, b, c] = [group([0.2, 0.2]), group([0.1], 2), group([0.2, 0.2])];
    expect(rankedGroups([a, b, c], "lower", [0.5, 0.5, 0.5])).toEqual([0, 2, 1]);
    expect(rankedGroups([a, b, c], "lower", [0.5, 0.9, null])).toEqual([1, 0, 2]);
    expect(rankedGroups([group([3]), group([1])], "higher")).toEqual([0, 1]);
    expect(rankedGroups([group([3]), group([1])], null)).toEqual([1, 0]);
  });
});
