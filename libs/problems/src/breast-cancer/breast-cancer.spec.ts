import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judgeTumours, operatingCurve } from "./judgement";
import { allTumours, scaledFeatures, splitTumours, tumourFeatures } from "./tumours";

const file = readFileSync(new URL("breast-cancer.csv", import.meta.url), "utf8");

test("the file is the one whose origin is noted, and what bundles carry is the file", () => {
  const digest = createHash("sha256").update(file).digest("hex");
  expect(digest).toBe("fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed");
  expect(readFileSync(new URL("ORIGIN.md", import.meta.url), "utf8")).toContain(digest);
  const rows = file.trim().split("\n").slice(1);
  const { samples, features, labels } = allTumours();
  expect([samples, rows.length]).toEqual([569, 569]);
  expect([...features]).toEqual(rows.flatMap((row) => row.split(",").slice(0, tumourFeatures).map(Number)));
  expect([...labels]).toEqual(rows.map((row) => Number(row.split(",")[tumourFeatures])));
  expect(labels.filter((label) => label === 0)).toHaveLength(212);
});

test("426 training and 143 test tumours, disjoint, another split for another seed; training features fill [0, 1]", () => {
  const { training, test: held } = splitTumours({ testFraction: 0.25, dataSeed: 0 });
  expect([training.samples, held.samples]).toEqual([426, 143]);
  const keys = ({ samples, features }: typeof held): string[] =>
    Array.from({ length: samples }, (_, i) => features.slice(i * tumourFeatures, (i + 1) * tumourFeatures).join());
  const seen = new Set(keys(training));
  expect(keys(held).some((key) => seen.has(key))).toBe(false);
  expect(new Set([...seen, ...keys(held)]).size).toBe(569);
  expect(splitTumours({ testFraction: 0.25, dataSeed: 1 }).test.features).not.toEqual(held.features);
  const scaled = scaledFeatures(training, training);
  for (let j = 0; j < tumourFeatures; j++) {
    const column = scaled.filter((_, i) => i % tumourFeatures === j);
    expect([Math.min(...column), Math.max(...column)]).toEqual([0, 1]);
  }
});

test("accuracy, cross-entropy and the curve over the threshold of five answers, by hand", () => {
  const labels = Int32Array.of(1, 0, 1, 0, 1);
  const part = { samples: 5, features: new Float64Array(0), labels };
  const { accuracy, crossEntropy } = judgeTumours(part, [0.9, 0.2, 0.4, 0.5, 0.4]);
  expect(accuracy).toBe(0.4);
  expect(crossEntropy).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8) + 2 * Math.log(0.4) + Math.log(0.5)) / 5, 12);
  expect(operatingCurve(labels, [0.9, 0.2, 0.4, 0.5, 0.4])).toEqual({ x: [0, 0, 0.5, 0.5, 1], y: [0, 1 / 3, 1 / 3, 1, 1] });
});
