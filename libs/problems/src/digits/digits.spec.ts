import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configurationOf } from "../describe-experiment";
import { noResources } from "../kinds/resources";
import { classifierPlots, judgeClassifier, oneHot } from "./classification";
import { allDigits, digitClasses, digitCount, splitDigits } from "./digit-images";
import { digits } from "./digits";
import { digitsCnn } from "./digits-cnn";

describe("the 1,797 digits", () => {
  const file = readFileSync(new URL("digits.csv", import.meta.url), "utf8");

  test("the file is the one whose origin is noted", () => {
    expect(createHash("sha256").update(file).digest("hex")).toBe(
      "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
    );
    expect(readFileSync(new URL("ORIGIN.md", import.meta.url), "utf8")).toContain(
      "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
    );
  });

  test("what bundles carry is the file", () => {
    const rows = file
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    const { samples, images, labels } = allDigits();
    expect([rows.length, samples]).toEqual([digitCount, digitCount]);
    expect([...images]).toEqual(rows.flatMap((row) => row.slice(0, 64)));
    expect([...labels]).toEqual(rows.map((row) => row[64]));
    const counts = digitClasses.map((_, k) => labels.filter((label) => label === k).length);
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });

  test("the parts are 1,437 and 360 images, disjoint, together everything, another split for another seed", () => {
    const setting = { dataSeed: 0, testFraction: 0.2, scaling: "raw" as const };
    const { training, test: held } = splitDigits(setting);
    expect([training.samples, held.samples]).toEqual([1437, 360]);
    const keys = (images: Float32Array): string[] =>
      Array.from({ length: images.length / 64 }, (_, i) => images.slice(64 * i, 64 * i + 64).join(","));
    expect([...keys(training.images), ...keys(held.images)].sort()).toEqual(keys(allDigits().images).sort());
    expect(splitDigits({ ...setting, dataSeed: 1 }).test.labels).not.toEqual(held.labels);
    const unit = splitDigits({ ...setting, scaling: "unit" }).test.images;
    expect(unit.every((value, i) => 16 * value === held.images[i])).toBe(true);
  });
});

describe("judging a classifier", () => {
  const part = (labels: number[]) => ({
    samples: labels.length,
    images: new Float32Array(labels.length),
    labels: Int32Array.from(labels),
  });
  const parts = { training: part([0, 1]), test: part([1, 1, 0, 2]) };

  test("counts right answers and means −ln p, by hand", () => {
    const probabilities = Float32Array.from([1, 0, 0, 0.75, 0.25, 0, 0.25, 0.5, 0.25, 0, 1, 0, 0, 0, 1, 0.5, 0.25, 0.25]);
    const figures = judgeClassifier(parts, 3, probabilities);
    expect(figures.trainingAccuracy).toBe(0.5);
    expect(figures.testAccuracy).toBe(0.5);
    expect(figures.testCrossEntropy).toBeCloseTo((-Math.log(0.5) - Math.log(1e-12) - Math.log(0.25)) / 4, 12);
    const plots = classifierPlots(parts, ["a", "b", "c"], probabilities, { side: 1, ink: 1 });
    expect(plots.confusion).toMatchObject({
      z: [
        [0, 0, 1],
        [0, 2, 0],
        [1, 0, 0],
      ],
    });
    expect(plots.mistakes).toMatchObject({ frames: ["a taken for c", "c taken for a"] });
  });

  test("knows no picture of mistakes when there are none, and no figure for NaN", () => {
    const right = Float32Array.from([...oneHot(parts.training.labels, 3), ...oneHot(parts.test.labels, 3)]);
    expect(judgeClassifier(parts, 3, right)).toEqual({ trainingAccuracy: 1, testAccuracy: 1, testCrossEntropy: 0 });
    expect(classifierPlots(parts, ["a", "b", "c"], right, { side: 1, ink: 1 }).mistakes).toBeUndefined();
    expect(
      judgeClassifier(
        parts,
        3,
        right.map(() => Number.NaN),
      ).testCrossEntropy,
    ).toBeNaN();
  });
});

test("the convolutional experiment judges the truth to be perfect and reports what it declares", () => {
  const { problem } = digitsCnn;
  if (problem.kind !== "labelled-images") throw new Error("not images");
  const parameters = configurationOf(digitsCnn, {});
  const { training, test: held } = splitDigits({ dataSeed: 0, testFraction: 0.2, scaling: "unit" });
  expect(problem.training(parameters, noResources)).toEqual(training);
  expect(problem.evaluationImages(parameters, noResources).length).toBe(64 * digitCount);
  const probabilities = Float32Array.from([...oneHot(training.labels, 10), ...oneHot(held.labels, 10)]);
  const outcome = { probabilities, firstFilters: { shape: [1, 2, 1, 2] as const, values: Float32Array.from([1, 2, -3, 4]) } };
  const figures = problem.evaluate(parameters, outcome, noResources);
  expect(figures).toEqual({ trainingAccuracy: 1, testAccuracy: 1, testCrossEntropy: 0 });
  const declared = digitsCnn.metrics.filter(({ final }) => final).map(({ name }) => name);
  expect(declared).toEqual(expect.arrayContaining(Object.keys(figures)));
  const filters = problem.plots?.(parameters, outcome, noResources)["first-layer"];
  // 1 and −3 belong to the first filter, 2 and 4 to the second; −4 is black and 4 white.
  expect(filters).toMatchObject({
    range: [-4, 4],
    rows: [{ frames: [Buffer.from([159, 32]).toString("base64"), Buffer.from([191, 255]).toString("base64")] }],
  });
  for (const { id } of digits.plots) expect(digitsCnn.plots.map((plot) => plot.id)).toContain(id);
});

test("blocks that do not fit the images are refused with words", () => {
  const [issue] = digitsCnn.check?.(configurationOf(digitsCnn, { blocks: "conv 4 k9" })) ?? [];
  expect(issue).toMatchObject({ path: "blocks", message: "a window of 9×9 does not fit an image of 8×8" });
  expect(() => configurationOf(digitsCnn, { blocks: "convolution 4" })).toThrow(/is no block/);
});
