import { expect, test } from "vitest";
import { bayesConfusion, confusionOf, distanceCounts, figuresOf, predictedLeaves } from "./judgement";
import { centresOf, costAwareProbabilities, drawSamples, leaves, posterior, priors, treeDistance } from "./leaves";

const setting = { layout: "look-alikes", dataSeed: 4 } as const;

test("the distance is the level of the lowest common ancestor", () => {
  // Walking up from both leaves until they meet.
  const walked = (a: number, b: number): number => (a === b ? 0 : 1 + walked(Math.floor(a / 2), Math.floor(b / 2)));
  for (let a = 0; a < leaves; a++) for (let b = 0; b < leaves; b++) expect(treeDistance(a, b)).toBe(walked(a, b));
});

test("look-alikes lie 0.05 from a common place, the favoured leaves are 1.05 times as likely", () => {
  const centres = centresOf(setting);
  for (const members of [
    [0, 4, 5],
    [6, 2, 3],
  ]) {
    const mean = [0, 1].map((axis) => members.reduce((sum, k) => sum + centres[k]![axis as 0 | 1], 0) / 3);
    for (const k of members) expect(Math.hypot(centres[k]![0] - mean[0]!, centres[k]![1] - mean[1]!)).toBeCloseTo(0.05, 12);
  }
  expect(priors.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
  expect(priors[0]! / priors[1]!).toBeCloseTo(1.05, 12);
  const { inputs, labels } = drawSamples("test", 20_000, setting);
  priors.forEach((prior, k) => {
    const own = Array.from(labels.keys()).filter((i) => labels[i] === k);
    expect(Math.abs(own.length / 20_000 - prior)).toBeLessThan(4 * Math.sqrt((prior * (1 - prior)) / 20_000));
    for (const axis of [0, 1] as const) {
      const mean = own.reduce((sum, i) => sum + inputs[2 * i + axis]!, 0) / own.length;
      expect(Math.abs(mean - centres[k]![axis])).toBeLessThan(4 / Math.sqrt(own.length));
    }
  });
});

test("the cost-aware probabilities make the loss least: its slopes by all of them are equal, and any other point has more", () => {
  const truth = [0.35, 0.02, 0.03, 0.1, 0.3, 0.15, 0.04, 0.01];
  const weight = 0.7;
  const p = costAwareProbabilities(truth, weight);
  const costs = p.map((_, k) => truth.reduce((sum, share, y) => sum + share * treeDistance(y, k), 0));
  const loss = (q: number[]): number => q.reduce((sum, v, k) => sum - truth[k]! * Math.log(v) + weight * v * costs[k]!, 0);
  expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  const slopes = p.map((v, k) => -truth[k]! / v + weight * costs[k]!);
  slopes.forEach((slope) => expect(slope).toBeCloseTo(slopes[0]!, 9));
  for (let k = 1; k < leaves; k++) {
    const moved = p.map((v, j) => (j === 0 ? v - 0.005 : j === k ? v + 0.005 : v));
    expect(loss(moved)).toBeGreaterThan(loss(p));
  }
  expect(costAwareProbabilities(truth, 0)).toEqual(truth);
});

/**
 * The figures of who decides with the given weight, by a sum over a grid of the plane in place of drawn samples. In and around one group a program in
 * Python, written apart from this one, gave 2.579 and 2.091 for the errors' distance with λ = 0 and 0.3, and 0.0101 for the loss of accuracy.
 */
function integrated(weight: number): { accuracy: number; errorDistance: number } {
  const centres = centresOf(setting);
  const [middle, step, steps] = [{ x: -3, y: 3 }, 0.15, 36];
  let [mass, right, distance] = [0, 0, 0];
  const group = [0, 4, 5];
  for (let i = -steps; i <= steps; i++) {
    for (let j = -steps; j <= steps; j++) {
      const [x, y] = [middle.x + i * step, middle.y + j * step];
      const densities = group.map((k) => priors[k]! * Math.exp(-((x - centres[k]![0]) ** 2 + (y - centres[k]![1]) ** 2) / 2));
      const total = densities.reduce((a, b) => a + b, 0);
      const truth = Array.from({ length: leaves }, (_, k) => (group.includes(k) ? densities[group.indexOf(k)]! / total : 0));
      const p = costAwareProbabilities(truth, weight);
      const decision = p.indexOf(Math.max(...p));
      mass += total;
      right += total * truth[decision]!;
      distance += total * truth.reduce((sum, share, k) => sum + share * treeDistance(k, decision), 0);
    }
  }
  return { accuracy: right / mass, errorDistance: distance / (mass - right) };
}

test("who knows the distributions has errors at 2.58 and, with λ = 0.3, 2.09, for a point of accuracy", () => {
  const [plain, aware] = [integrated(0), integrated(0.3)];
  expect(plain.errorDistance).toBeCloseTo(2.579, 2);
  expect(aware.errorDistance).toBeCloseTo(2.091, 2);
  expect(plain.accuracy - aware.accuracy).toBeCloseTo(0.0101, 3);
  expect(1 - integrated(0.1).errorDistance / plain.errorDistance).toBeCloseTo(0.104, 2);
  for (const [weight, { errorDistance }] of [
    [0, plain],
    [0.3, aware],
  ] as const) {
    // Both groups are alike, and the leaves that lie apart are hardly ever told wrong.
    expect(Math.abs(figuresOf(bayesConfusion(setting, weight)).errorDistance - errorDistance)).toBeLessThan(0.02);
  }
  // By drawn labels it is the same within chance: 20,000 of them have a standard error of 0.0035.
  const { inputs, labels } = drawSamples("test", 20_000, setting);
  const guesses = labels.map((_, i) => {
    const p = posterior(centresOf(setting), inputs[2 * i]!, inputs[2 * i + 1]!);
    return p.indexOf(Math.max(...p));
  });
  const [drawn, expected] = [figuresOf(confusionOf(labels, guesses)), figuresOf(bayesConfusion(setting, 0))];
  expect(Math.abs(drawn.accuracy - expected.accuracy)).toBeLessThan(0.014);
  const random = { layout: "random", dataSeed: 0 } as const;
  const [before, after] = [figuresOf(bayesConfusion(random, 0)), figuresOf(bayesConfusion(random, 0.3))];
  expect(1 - after.errorDistance / before.errorDistance).toBeLessThan(0.02);
});

test("the posterior is Bayes' rule, far from every centre too", () => {
  const centres = centresOf(setting);
  const p = posterior(centres, -2.5, 2);
  const densities = centres.map(([a, b], k) => priors[k]! * Math.exp(-((-2.5 - a) ** 2 + (2 - b) ** 2) / 2));
  const total = densities.reduce((a, b) => a + b, 0);
  p.forEach((share, k) => expect(share).toBeCloseTo(densities[k]! / total, 12));
  expect(posterior(centres, 400, -900).every(Number.isFinite)).toBe(true);
});

test("figures are counted from the confusion", () => {
  const labels = Int32Array.of(0, 0, 4, 7, 6);
  const predicted = Int32Array.of(0, 1, 1, 7, 4);
  const confusion = confusionOf(labels, predicted);
  expect(distanceCounts(confusion)).toEqual([1, 1, 1]);
  expect(figuresOf(confusion)).toEqual({ accuracy: 0.4, errorDistance: 2, expectedDistance: 6 / 5 });
  expect(figuresOf(confusionOf(labels, labels))).toEqual({ accuracy: 1, errorDistance: 0, expectedDistance: 0 });
  expect(predictedLeaves([0, 0, 0.4, 0.4, 0.2, 0, 0, 0])).toEqual(Int32Array.of(2));
  expect(predictedLeaves([Number.NaN, 0, 0, 0, 0, 0, 0, 1])).toBeNull();
});
