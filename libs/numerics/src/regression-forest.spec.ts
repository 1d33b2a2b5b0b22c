import { expect, it } from "vitest";
import { randomStream } from "./random-stream";
import { explainedVariance, permutationImportance, RegressionForest } from "./regression-forest";

const rows = 400;
const options = { trees: 30, leafRows: 3, depth: 10, seed: 1 };

/** y = step of feature 0, plus an interaction of 1 and 2 that neither shows alone, plus noise; feature 3 is unrelated. */
function example(): { levels: Uint8Array[]; targets: Float64Array } {
  const stream = randomStream(7, "forest-spec");
  const levels = Array.from({ length: 4 }, (_, f) =>
    Uint8Array.from({ length: rows }, (_, i) => stream.integer(f * rows + i, 4)),
  );
  const at = (feature: number, row: number): number => levels[feature]?.[row] ?? 0;
  const targets = Float64Array.from({ length: rows }, (_, i) => {
    const interaction = at(1, i) < 2 === at(2, i) < 2 ? 1 : -1;
    return (at(0, i) >= 2 ? 2 : -2) + interaction + 0.1 * stream.normal(i);
  });
  return { levels, targets };
}

it("explains what can be explained on rows it did not see, and nothing of noise", () => {
  const { levels, targets } = example();
  expect(explainedVariance(targets, new RegressionForest({ levels, targets }, options).outOfBag())).toBeGreaterThan(0.9);
  const stream = randomStream(9, "noise");
  const noise = Float64Array.from({ length: rows }, (_, i) => stream.normal(i));
  expect(explainedVariance(noise, new RegressionForest({ levels, targets: noise }, options).outOfBag())).toBeLessThan(0.1);
});

it("ranks features by what shuffling them costs, interactions included", () => {
  const { features } = permutationImportance(example(), { ...options, repetitions: 4 });
  const [step = 0, left = 0, right = 0, unrelated = 0] = features.map(({ loss }) => loss);
  expect(step).toBeGreaterThan(left);
  expect(Math.min(left, right)).toBeGreaterThan(0.2);
  expect(Math.abs(unrelated)).toBeLessThan(0.05);
});

it("is the same for the same inputs, and keeps to its depth", () => {
  const data = example();
  const once = permutationImportance(data, { ...options, repetitions: 2 });
  expect(permutationImportance(data, { ...options, repetitions: 2 })).toEqual(once);
  const stump = new RegressionForest(data, { ...options, depth: 1 }).outOfBag();
  expect(explainedVariance(data.targets, stump)).toBeLessThan(0.85);
  const constant = new RegressionForest(data, { ...options, depth: 0 }).outOfBag();
  expect(explainedVariance(data.targets, constant)).toBeLessThan(0.05);
});
