import { type DatasetArray, type DatasetContent, DatasetId } from "@basin/contracts";
import { expect, test } from "vitest";
import { checkDatasets } from "../datasets/check-datasets";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { oneHot } from "./classification";
import { mnist } from "./mnist";
import { mnistParts, standInParts } from "./mnist-images";

const id = DatasetId.parse("ab".repeat(32));
const array = (name: string, shape: number[], fill: (i: number) => number): DatasetArray => ({
  name,
  shape,
  values: Float64Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => fill(i)),
});
const arrays = [
  array("x_train", [4, 28, 28], (i) => i % 256),
  array("y_train", [4], (i) => i),
  array("x_test", [2, 28, 28], (i) => 255 - (i % 256)),
  array("y_test", [2], (i) => 9 - i),
];
const file = (of: readonly DatasetArray[]): DatasetContent => ({ id, name: "mnist.npz", rows: 0, columns: [], arrays: of });
const problemOf = (dataset: string, content: DatasetContent) => {
  const problem = mnist.problemOf?.(configurationOf(mnist, { dataset, trainingImages: 3 }), { dataset: () => content });
  if (problem?.kind !== "supervised") throw new Error("not supervised");
  return problem;
};
const parameters = configurationOf(mnist, {});
const met = (figures: Record<string, number>): boolean =>
  (mnist.success?.all ?? []).every(({ metric, op, value }) =>
    op === ">=" ? (figures[metric] ?? Number.NaN) >= value : (figures[metric] ?? Number.NaN) <= value,
  );

test("an uploaded file is cut to the training images, scaled to 1, and named as the source", () => {
  const problem = problemOf(id, file(arrays));
  const { samples, inputs, targets } = problem.data(parameters, noResources);
  expect([samples, inputs.length, targets.length]).toEqual([3, 3 * 784, 30]);
  expect([inputs[0], inputs[255], inputs[257]]).toEqual([0, 1, Math.fround(1 / 255)]);
  expect([...targets]).toEqual([...oneHot(Int32Array.from([0, 1, 2]), 10)]);
  expect(problem.evaluationInputs(parameters, noResources).length).toBe(2 * 784);
  const figures = problem.evaluate(parameters, oneHot(Int32Array.from([9, 8]), 10), noResources);
  expect(figures).toEqual({ testAccuracy: 1, testCrossEntropy: 0, source: 0 });
  expect(met(figures)).toBe(true);
  expect(mnist.datasets?.(configurationOf(mnist, { dataset: id }))).toEqual([id]);
});

test("without a file the images are synthetic, say so, and never meet the criterion", () => {
  const problem = problemOf("", file([]));
  const { samples, inputs } = problem.data(parameters, noResources);
  expect([samples, inputs.length]).toEqual([1437, 1437 * 784]);
  expect(inputs.every((value) => value >= 0 && value <= 1)).toBe(true);
  const { test: held } = standInParts(0);
  const figures = problem.evaluate(parameters, oneHot(held.labels, 10), noResources);
  expect(figures).toEqual({ testAccuracy: 1, testCrossEntropy: 0, source: 1 });
  expect(met(figures)).toBe(false);
  expect(mnist.datasets?.(parameters)).toEqual([]);
});

test("another file is refused with what is wrong", () => {
  expect(() => mnistParts(file(arrays.slice(1)), 3)).toThrow("The dataset mnist.npz has no arrays x_train and y_train");
  const small = array("x_train", [4, 8, 8], () => 0);
  expect(() => mnistParts(file([small, ...arrays.slice(1)]), 3)).toThrow(
    "x_train of mnist.npz has the shape 4×8×8, not 4×28×28.",
  );
  const letters = array("y_train", [4], () => 10);
  expect(() => mnistParts(file([...arrays.slice(0, 1), letters, ...arrays.slice(2)]), 3)).toThrow(
    /something else than the classes/,
  );
});

test("a sweep without a dataset is accepted", () => {
  expect(checkDatasets(mnist, {}, [])).toEqual([]);
  expect(checkDatasets(mnist, { dataset: { type: "fixed", value: id } }, []).map(({ path }) => path)).toEqual(["space.dataset"]);
});
