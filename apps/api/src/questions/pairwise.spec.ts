import type { Figure } from "@basin/contracts";
import { describe, expect, it } from "vitest";
import { pairwiseTest, type TestedGroup } from "./pairwise";

const figure: Figure = { metric: "rmse", isObjective: true, better: "lower", scale: "log", unit: "", title: "Error" };
const group = (label: string, values: number[], diverged = 0): TestedGroup => ({
  label,
  values,
  diverged,
  failed: 0,
  repeats: 0,
  success: null,
});

// 2/C(n + m, n) is the least p of n against m values: 1 of 1 + 1, 0.1 of 3 + 3, 0.057 of 3 + 4, 0.029 of 4 + 4.
describe("what is said of few runs", () => {
  it.each([
    [[0.28], [0.27]],
    [
      [0.1, 0.2, 0.3],
      [1, 2, 3],
    ],
    [
      [0.1, 0.2, 0.3],
      [1, 2, 3, 4],
    ],
    [
      [0.9, 0.9, 0.9],
      [1, 1, 1],
    ],
  ])("that no difference could show, and no interval that it would leave out: %j against %j", (one, other) => {
    const test = pairwiseTest(figure, group("a", one), group("b", other));
    expect(test.mannWhitney?.p).toBeGreaterThan(0.05);
    expect(test.hodgesLehmann?.interval).toBeNull();
    expect(test.reading).toContain("do not show");
    expect(test.reading).toContain(
      `${one.length} against ${other.length} runs are too few: no difference, however large, could show.`,
    );
    expect(test.reading).not.toContain("confidence");
  });

  it("that a difference shows as soon as one can", () => {
    const test = pairwiseTest(figure, group("a", [1, 2, 3, 4]), group("b", [5, 6, 7, 8]));
    expect(test.mannWhitney?.p).toBeCloseTo(2 / 70, 14);
    expect(test.hodgesLehmann).toEqual({ shift: 4, interval: { low: 1, high: 7 } });
    expect(test.reading).toContain("so a wins");
  });

  it("counts diverged runs among those that make a difference possible", () => {
    const test = pairwiseTest(figure, group("a", [1, 2, 3, 4]), group("b", [], 4));
    expect(test.mannWhitney).toMatchObject({ u: 0, method: "exact" });
    expect(test.mannWhitney?.p).toBeCloseTo(2 / 70, 14);
    expect(test.hodgesLehmann).toBeNull();
    expect(test.reading).not.toContain("too few");
  });
});
