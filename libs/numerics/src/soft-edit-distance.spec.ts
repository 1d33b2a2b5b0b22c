import { describe, expect, it } from "vitest";
import { editCosts, editDistance, softEditDistance, softMinimum } from "./soft-edit-distance";

const costs = {
  substitution: Float64Array.of(0.3, 1.2, 0.5, 0.9, 0.1, 0.7, 0.4, 0.8, 1.1, 0.6, 0.2, 0.95),
  deletion: Float64Array.of(1, 0.8, 1.3, 0.7),
  insertion: Float64Array.of(0.9, 1.1, 0.6),
};

describe("softEditDistance", () => {
  it("of intention and execution is 5 − γ·ln 7 for small γ: seven alignments are equally good", () => {
    for (const gamma of [0.001, 0.01, 0.03]) {
      const { value } = softEditDistance(editCosts("intention", "execution"), gamma);
      expect(Math.abs(value - (5 - gamma * Math.log(7)))).toBeLessThan(1e-3);
    }
  });

  it("is the soft minimum over all alignments", () => {
    // Python: all 129 alignments of 4 with 3 symbols, and all 19,825 of kitten with sitting, listed by recursion; −γ·ln Σ e^(−cost/γ) with numpy.
    for (const [gamma, want] of [
      [0.05, 2.199993694074767],
      [0.5, 1.566296716297645],
      [2, -4.801866148222872],
    ] as const)
      expect(Math.abs(softEditDistance(costs, gamma).value - want)).toBeLessThan(1e-13);
    for (const [gamma, want] of [
      [0.1, 2.9999727567442407],
      [1, -0.780274398419921],
    ] as const)
      expect(Math.abs(softEditDistance(editCosts("kitten", "sitting"), gamma).value - want)).toBeLessThan(1e-12);
  });

  it.each([0.05, 0.3, 1])("has the gradient that central differences find, γ = %f", (gamma) => {
    const found = softEditDistance(costs, gamma);
    for (const kind of ["substitution", "deletion", "insertion"] as const) {
      found[kind].forEach((slope, at) => {
        const moved = (by: number): number => {
          const changed = costs[kind].slice();
          changed[at]! += by;
          return softEditDistance({ ...costs, [kind]: changed }, gamma).value;
        };
        expect(Math.abs(slope - (moved(1e-5) - moved(-1e-5)) / 2e-5)).toBeLessThan(1e-6);
      });
    }
  });

  it("uses every symbol once, by substitution, deletion or insertion", () => {
    const found = softEditDistance(costs, 0.4);
    for (let i = 0; i < 4; i++)
      expect(found.substitution.subarray(3 * i, 3 * i + 3).reduce((a, b) => a + b, found.deletion[i]!)).toBeCloseTo(1, 13);
    for (let j = 0; j < 3; j++)
      expect([0, 1, 2, 3].reduce((sum, i) => sum + found.substitution[3 * i + j]!, found.insertion[j]!)).toBeCloseTo(1, 13);
  });

  it("of an empty word is what it costs to leave out or put in the other", () => {
    expect(softEditDistance(editCosts("", "abc"), 0.2)).toEqual({
      value: 3,
      substitution: new Float64Array(0),
      deletion: new Float64Array(0),
      insertion: Float64Array.of(1, 1, 1),
    });
    expect(softEditDistance(editCosts("ab", ""), 0.2).value).toBe(2);
    expect(softEditDistance(editCosts("", ""), 0.2).value).toBe(0);
  });

  it("does not overflow for a tiny γ, and names what does not fit", () => {
    expect(softEditDistance(editCosts("kitten", "sitting"), 1e-6).value).toBeCloseTo(3, 5);
    expect(() => softEditDistance(costs, 0)).toThrow("gamma must be a positive number, not 0");
    expect(() => softEditDistance({ ...costs, deletion: [1, 1] }, 1)).toThrow(
      "2 symbols against 3 need 6 costs of substitution, not 12",
    );
  });
});

it("softMinimum is below the least by γ·ln of how many share it, and the least without γ", () => {
  expect(softMinimum([2, 2, 2, 50], 0.1)).toBeCloseTo(2 - 0.1 * Math.log(3), 14);
  expect(softMinimum([1000, 1001], 1)).toBeCloseTo(1000 - Math.log1p(Math.exp(-1)), 12);
  expect([softMinimum([3, 1, 2], 0), softMinimum([], 1), softMinimum([Infinity, 4], 0.5)]).toEqual([1, Infinity, 4]);
});

it("editDistance is Levenshtein's", () => {
  const cases = [
    ["intention", "execution", 5],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["abc", "", 3],
    ["flaw", "lawn", 2],
    ["same", "same", 0],
  ] as const;
  for (const [source, target, want] of cases) expect(editDistance(source, target)).toBe(want);
  expect(editDistance([1, 2, 3], Int32Array.of(2, 3, 4))).toBe(2);
});
