import { describe, expect, it } from "vitest";
import { halfIsWithout, medianWithFailures, rankedGroups, type GroupEvidence } from "./evidence";

const group = (values: number[], without = 0): GroupEvidence => ({ values: Float64Array.from(values).sort(), without });

describe("runs without a value", () => {
  it("count as the worst in the median", () => {
    // numpy.median with inf (or −inf) in their place: between a finite value and infinity lies infinity.
    expect(medianWithFailures(group([1, 2, 3], 1), "lower")).toBe(2.5);
    expect(medianWithFailures(group([1, 2, 3], 2), "lower")).toBe(3);
    expect(medianWithFailures(group([1, 2, 3], 3), "lower")).toBe(Infinity);
    expect(medianWithFailures(group([1, 2, 3], 3), "higher")).toBe(-Infinity);
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

  it("put a configuration of which half diverges behind every one of which more than half does not, the fewer failures the better", () => {
    const [always, mostly, half, rarely, never] = [
      group([9, 9, 9, 9]),
      group([9, 9, 9], 2),
      group([1, 1], 2),
      group([0, 0], 3),
      group([], 4),
    ];
    expect(rankedGroups([never, rarely, half, mostly, always], "lower")).toEqual([4, 3, 2, 1, 0]);
    const negated = [always, mostly, half, rarely, never].map(({ values, without }) =>
      group(
        [...values].map((value) => -value),
        without,
      ),
    );
    expect(rankedGroups(negated, "higher")).toEqual([0, 1, 2, 3, 4]);
    expect([always, mostly, half, rarely, never, group([])].map(halfIsWithout)).toEqual([false, false, true, true, true, true]);
    // A single pair of runs is half, too; of equal shares the better values come first.
    expect(rankedGroups([group([5], 1), group([4], 1), group([6])], "lower")).toEqual([2, 1, 0]);
    expect(rankedGroups([group([5], 1), group([4], 1), group([3])], "higher")).toEqual([2, 0, 1]);
  });

  it("come behind success where there is a criterion; ties keep their order", () => {
    const [a, b, c] = [group([0.2, 0.2]), group([0.1], 2), group([0.2, 0.2])];
    expect(rankedGroups([a, b, c], "lower", [0.5, 0.5, 0.5])).toEqual([0, 2, 1]);
    expect(rankedGroups([a, b, c], "lower", [0.5, 0.9, null])).toEqual([1, 0, 2]);
    expect(rankedGroups([group([3]), group([1])], "higher")).toEqual([0, 1]);
    expect(rankedGroups([group([3]), group([1])], null)).toEqual([1, 0]);
  });
});
