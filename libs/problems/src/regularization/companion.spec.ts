import { expect, it } from "vitest";
import type { NetworkWeights } from "../kinds/trained-network";
import { networkOf } from "../testing/known-network";
import { momentsOf } from "./batch-normalization";
import { checkCompanion, descended, gradientNorm, greatestComponent, trainCompanion } from "./companion";
import { judgeParts } from "./few-digits";

const array = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
const data = { samples: 0, inputs: new Float32Array(0), targets: new Float32Array(0) };

it("takes steps of gradient descent from the initial weights and keeps those asked for", async () => {
  const trained = networkOf(1, () => [], { initialWeights: { w: array(1, -2), still: array(7) } });
  // The gradient of (w₀² + 2 w₁²)/2.
  const gradientAt = (weights: NetworkWeights): Promise<NetworkWeights> =>
    Promise.resolve({ w: array(weights["w"]?.values[0] ?? 0, 2 * (weights["w"]?.values[1] ?? 0)) });
  const { kept, norms, finiteSteps } = await trainCompanion(trained, data, { gradientAt, rate: 0.25, steps: 2, keep: [0, 2] });
  expect(kept).toEqual([
    { step: 0, weights: { w: array(1, -2), still: array(7) } },
    { step: 2, weights: { w: array(0.5625, -0.5), still: array(7) } },
  ]);
  expect(norms).toEqual([Math.sqrt(17), Math.hypot(0.75, 2)]);
  expect(finiteSteps).toBe(2);
});

it("stops at the step that leaves the numbers", async () => {
  const trained = networkOf(1, () => [], { initialWeights: { w: array(1) } });
  const gradientAt = ({ w }: NetworkWeights): Promise<NetworkWeights> =>
    Promise.resolve({ w: array(-1e20 * (w?.values[0] ?? 0)) });
  const { norms, finiteSteps } = await trainCompanion(trained, data, { gradientAt, rate: 1, steps: 9, keep: [9] });
  expect(finiteSteps).toBe(1);
  expect(norms).toHaveLength(2);
});

it("measures gradients in double precision", () => {
  const gradients = { a: array(3, 0), b: array(-4) };
  expect([gradientNorm(gradients), greatestComponent(gradients)]).toEqual([5, 4]);
  expect(gradientNorm({ a: array(1e30, 1e30) })).toBeCloseTo(Math.SQRT2 * Math.fround(1e30), -20);
  expect(descended({ a: array(1) }, { a: array(1) }, 0.1)["a"]?.values[0]).toBe(Math.fround(1 - Math.fround(0.1)));
});

it("refuses configurations whose training the companion cannot repeat", () => {
  const plain = {
    optimizer: "sgd",
    batchSize: 0,
    schedule: "constant",
    batchNormalization: false,
    validationFraction: 0,
    folds: 0,
  };
  expect(checkCompanion(plain)).toEqual([]);
  expect(checkCompanion({ ...plain, optimizer: "adam", batchSize: 32 }).map(({ path }) => path)).toEqual([
    "optimizer",
    "batchSize",
  ]);
});

it("the gap is the test's minus the training's cross-entropy", () => {
  const part = (labels: number[]) => ({ samples: labels.length, images: new Float32Array(0), labels: Int32Array.from(labels) });
  const row = (label: number, share: number): number[] =>
    Array.from({ length: 10 }, (_, i) => (i === label ? share : (1 - share) / 9));
  const predictions = Float32Array.from([...row(3, 0.5), ...row(1, 0.25), ...row(2, 0.25)]);
  const figures = judgeParts({ training: part([3]), test: part([1, 2]) }, predictions);
  expect(figures.trainingCrossEntropy).toBeCloseTo(Math.LN2, 6);
  expect(figures.gap).toBeCloseTo(Math.LN2, 6);
});

it("moments are those of each column", () => {
  expect(momentsOf(Float32Array.of(1, 10, 3, 10), 2)).toEqual([
    { mean: 2, variance: 1 },
    { mean: 10, variance: 0 },
  ]);
});
