import { Dataset, DatasetId, PlotData, type DatasetContent } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import type { ReconstructionProblem } from "../kinds/reconstruction";
import { datasetAutoencoder } from "./dataset-autoencoder";

const id = DatasetId.parse("ab".repeat(32));
const rows = 20;
const draws = randomStream(5, "dataset-autoencoder-spec");
const images = Float64Array.from({ length: rows * 6 }, (_, i) => 40 + draws.uniform(i));
const x = Float64Array.from({ length: rows }, (_, i) => 100 + 10 * draws.uniform(1000 + i));
const content: DatasetContent = {
  id,
  name: "t.npz",
  rows,
  columns: [
    { name: "x", type: "number", values: x, categories: [] },
    { name: "kind", type: "category", values: x.map((_, i) => i % 3), categories: ["a", "b", "c"] },
  ],
  arrays: [
    { name: "images", shape: [rows, 2, 3], values: images },
    { name: "vectors", shape: [rows, 6], values: images },
    { name: "grid", shape: [4], values: new Float64Array(4) },
  ],
};
const summary = { missing: 0, min: null, max: null, mean: null };
const dataset = Dataset.parse({
  id,
  name: "t.npz",
  format: "npz",
  bytes: 1,
  rows,
  delimiter: null,
  decimal: null,
  columns: [
    { name: "x", type: "number", ...summary, categories: [] },
    { name: "kind", type: "category", ...summary, categories: ["a", "b", "c"].map((name) => ({ name, count: 1 })) },
  ],
  arrays: content.arrays.map(({ name, shape }) => ({ name, shape, dtype: "f8", ...summary })),
  missing: { count: 0, first: [] },
  createdAt: "2026-01-01T00:00:00Z",
});
const resources = { dataset: () => content };

function problemOf(changes: object): ReconstructionProblem {
  const problem = datasetAutoencoder.problemOf?.(configurationOf(datasetAutoencoder, { dataset: id, ...changes }), resources);
  if (problem?.kind !== "reconstruction") throw new Error("no reconstruction");
  return problem;
}

/** Everything that a perfect network gives back, with two latent values. */
function perfect(problem: ReconstructionProblem) {
  const inputs = problem.evaluationInputs({}, resources);
  const points = rows;
  return { inputs, codes: Float32Array.from({ length: 2 * points }, (_, i) => i), latentWidth: 2, images: inputs };
}

describe("an autoencoder on a dataset", () => {
  test("takes columns as vectors, scaled one by one on the training rows, test rows apart", () => {
    const problem = problemOf({ inputs: ["x", "kind"] });
    expect(problem.shape({}, resources)).toEqual({ rows: 1, columns: 1, channels: 4 });
    const training = problem.training({}, resources);
    expect(training.length).toBe(16 * 4);
    const first = Array.from({ length: 16 }, (_, i) => training[4 * i] ?? Number.NaN);
    expect(first.reduce((a, b) => a + b, 0) / 16).toBeCloseTo(0, 5);
    expect(first.reduce((a, b) => a + b * b, 0) / 16).toBeCloseTo(1, 5);
    for (let i = 0; i < 16; i++) expect([...training.slice(4 * i + 1, 4 * i + 4)].sort()).toEqual([0, 0, 1]);
    const shown = problem.evaluationInputs({}, resources);
    expect(shown.length).toBe(rows * 4);
    expect(shown.slice(0, training.length)).toEqual(training);
    for (let i = 16; i < rows; i++) expect(first).not.toContain(shown[4 * i]);
  });

  test("takes one array of three axes as images with one scale for all pixels, and one of two axes as vectors", () => {
    const problem = problemOf({ inputs: ["images"] });
    expect(problem.shape({}, resources)).toEqual({ rows: 2, columns: 3, channels: 1 });
    const training = problem.training({}, resources);
    expect(training.reduce((a, b) => a + b, 0) / training.length).toBeCloseTo(0, 5);
    expect(training.reduce((a, b) => a + b * b, 0) / training.length).toBeCloseTo(1, 5);
    const raw = problemOf({ inputs: ["images"], standardize: false }).training({}, resources);
    const ratio = (i: number): number => ((training[i] ?? 0) - (training[0] ?? 0)) / ((raw[i] ?? 0) - (raw[0] ?? 0));
    expect(ratio(7)).toBeCloseTo(ratio(1), 3);
    expect(problemOf({ inputs: ["vectors"] }).shape({}, resources)).toEqual({ rows: 1, columns: 1, channels: 6 });
  });

  test("judges the identity as perfect and the mean training sample as R² ≤ 0", () => {
    const problem = problemOf({ inputs: ["vectors"] });
    const outcome = perfect(problem);
    expect(problem.evaluate({}, outcome, resources)).toEqual({
      trainingRmse: 0,
      testRmse: 0,
      testMae: 0,
      testRSquared: 1,
      testRows: 4,
    });
    const mean = problem.evaluate({}, { ...outcome, images: new Float32Array(outcome.images.length) }, resources);
    expect(mean["testRSquared"]).toBeCloseTo(0, 5);
    expect(mean["trainingRmse"]).toBeCloseTo(1, 5);
    const off = problem.evaluate({}, { ...outcome, images: outcome.images.map((value) => value + 0.5) }, resources);
    expect([off["testRmse"], off["testMae"], off["trainingRmse"]].map((v) => v?.toFixed(5))).toEqual([
      "0.50000",
      "0.50000",
      "0.50000",
    ]);
    const broken = problem.evaluate({}, { ...outcome, images: outcome.images.map(() => Number.NaN) }, resources);
    expect(broken["testRmse"]).toBeNaN();
  });

  test("draws images for images and curves for vectors, and latent values where there are any", () => {
    for (const [inputs, ids] of [
      [["images"], ["images", "latent"]],
      [
        ["x", "kind"],
        ["samples", "component-errors", "latent"],
      ],
    ] as const) {
      const problem = problemOf({ inputs: [...inputs] });
      const plots = problem.plots?.({}, perfect(problem), resources) ?? {};
      expect(Object.keys(plots)).toEqual([...ids]);
      for (const [id, plot] of Object.entries(plots))
        expect(PlotData.parse(plot).kind).toBe(datasetAutoencoder.plots.find((one) => one.id === id)?.kind);
      const narrow = { ...perfect(problem), latentWidth: 0, codes: new Float32Array(0) };
      expect(Object.keys(problem.plots?.({}, narrow, resources) ?? {})).not.toContain("latent");
    }
  });

  test("is checked against the dataset: names, blocks that fit the images, no convolution of vectors", () => {
    const check = (changes: object): string[] =>
      (datasetAutoencoder.checkDataset?.(configurationOf(datasetAutoencoder, { dataset: id, ...changes }), dataset) ?? []).map(
        ({ path, message }) => `${path}: ${message}`,
      );
    expect(check({ inputs: ["images"] })).toEqual([]);
    expect(check({})).toEqual([]);
    expect(check({ inputs: ["image"] })).toEqual(['inputs[0]: the dataset t.npz has no column "image"']);
    expect(check({ inputs: ["images"], encoderBlocks: "conv 4 k3 p1" })).toEqual([
      "decoderBlocks: the decoder makes images of 2×3×4, but the samples have 2×3×1",
    ]);
    expect(check({ inputs: ["images"], encoderBlocks: "conv 4 k3 p1", decoderBlocks: "conv 1 k3 p1" })).toEqual([]);
    expect(check({ inputs: ["images"], encoderBlocks: "max-pool 9" })[0]).toMatch(/^encoderBlocks: /);
    expect(check({ inputs: ["vectors"], encoderBlocks: "conv 4 k3 p1" })[0]).toMatch(/^encoderBlocks: the samples are vectors/);
  });
});
