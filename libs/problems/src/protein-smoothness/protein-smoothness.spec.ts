import { expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { drawChain, emissions, letters, residues, states, transitions, windowFeatures, windowWidth } from "./chain";
import { isolatedResidues, jensenShannon, judge, meanDivergence, segments } from "./judgement";
import { proteinSmoothness } from "./protein-smoothness";

test("the states follow the Markov chain, and the letters their states", () => {
  const { states: sequence, letters: drawn } = drawChain("training", 3);
  const pairs = states.map(() => states.map(() => 0));
  for (let i = 1; i < residues; i++) pairs[sequence[i - 1]!]![sequence[i]!]! += 1;
  const emitted = emissions(3);
  states.forEach((_, s) => {
    const total = pairs[s]!.reduce((a, b) => a + b, 0);
    transitions[s]!.forEach((p, k) => {
      // Four standard errors of a share.
      expect(Math.abs(pairs[s]![k]! / total - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / total));
    });
    const own = Array.from(drawn).filter((_letter, i) => sequence[i] === s);
    const chiSquare = emitted[s]!.reduce((sum, p, a) => {
      const expected = p * own.length;
      return sum + (own.filter((letter) => letter === a).length - expected) ** 2 / expected;
    }, 0);
    // The 99.99 % quantile of χ² with 19 degrees of freedom is 50.8.
    expect(chiSquare).toBeLessThan(50.8);
    expect(emitted[s]!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });
  expect(drawChain("test", 3).states).not.toEqual(sequence);
});

test("a window has a 1 for every letter in it, and the share of places without one", () => {
  const chain = { states: Int32Array.of(0, 1, 2, 0), letters: Int32Array.of(5, 0, 19, 7) };
  const width = windowWidth(1);
  expect(width).toBe(61);
  const features = windowFeatures(chain, 1);
  const ones = (i: number): number[] =>
    Array.from(features.subarray(i * width, (i + 1) * width - 1)).flatMap((value, at) => (value === 1 ? [at] : []));
  expect(ones(0)).toEqual([letters + 5, 2 * letters]);
  expect(ones(2)).toEqual([0, letters + 19, 2 * letters + 7]);
  expect([0, 1, 2, 3].map((i) => features[(i + 1) * width - 1])).toEqual([Math.fround(1 / 3), 0, 0, Math.fround(1 / 3)]);
});

test("the divergence is 0 for equals, ln 2 for opposites, and between in closed form", () => {
  expect(jensenShannon([0.2, 0.3, 0.5], [0.2, 0.3, 0.5])).toBeCloseTo(0, 15);
  expect(jensenShannon([1, 0, 0], [0, 1, 0])).toBeCloseTo(Math.LN2, 15);
  // ½ KL(p‖m) + ½ KL(q‖m), written out.
  const kl = (p: number[], q: number[]): number => p.reduce((sum, v, k) => sum + v * Math.log(v / q[k]!), 0);
  const [p, q] = [
    [0.7, 0.2, 0.1],
    [0.1, 0.3, 0.6],
  ];
  const m = p.map((v, k) => (v + q[k]!) / 2);
  expect(jensenShannon(p, q)).toBeCloseTo((kl(p, m) + kl(q, m)) / 2, 14);
  expect(meanDivergence([...p, ...p, ...q])).toBeCloseTo(jensenShannon(p, q) / 2, 14);
});

test("counts what stands alone, and the segments", () => {
  const chain = [0, 0, 1, 0, 2, 2, 2, 1, 2];
  expect(isolatedResidues(chain)).toBe(3);
  expect(segments(chain)).toBe(6);
  const probabilities = Float32Array.from(chain.flatMap((state) => states.map((_, k) => (k === state ? 0.8 : 0.1))));
  expect(judge(Int32Array.from(chain), probabilities)).toMatchObject({
    accuracy: 1,
    isolated: 3,
    segmentRatio: 1,
    segmentError: 0,
  });
  probabilities[4] = Number.NaN;
  expect(judge(Int32Array.from(chain), probabilities)["accuracy"]).toBeNaN();
});

test("what would take residues out of their order is refused", () => {
  const paths = (changes: Record<string, unknown>): string[] =>
    (proteinSmoothness.check?.(configurationOf(proteinSmoothness, changes as never)) ?? []).map(({ path }) => path);
  expect(paths({})).toEqual([]);
  expect(paths({ shuffle: true })).toEqual([]);
  expect(paths({ batchSize: 300 })).toEqual([]);
  expect(paths({ batchSize: 300, shuffle: true })).toEqual(["shuffle"]);
  expect(paths({ validationFraction: 0.2 })).toEqual(["validationFraction"]);
  expect(paths({ folds: 3 })).toEqual(["folds"]);
  expect(paths({ bootstrapSamples: 3 })).toEqual(["bootstrapSamples"]);
});
