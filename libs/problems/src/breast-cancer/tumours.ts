import { permutation, randomStream } from "@basin/numerics";
import rows from "./breast-cancer.json" with { type: "json" };

export const tumourFeatures = 30;
/** The class is the index: 0 malignant, 1 benign. */
export const tumourClasses = ["malignant", "benign"] as const;

/** Measurements row-major [samples, 30] and classes. */
export interface Tumours {
  samples: number;
  features: Float64Array;
  labels: Int32Array;
}

const all: Tumours = {
  samples: rows.length,
  features: Float64Array.from(rows.flatMap((row) => row.slice(0, tumourFeatures))),
  labels: Int32Array.from(rows, (row) => row[tumourFeatures] ?? Number.NaN),
};

/** The 569 tumours in the file's order. */
export function allTumours(): Tumours {
  return all;
}

function part(rows: Int32Array): Tumours {
  const features = new Float64Array(rows.length * tumourFeatures);
  rows.forEach((row, i) =>
    features.set(all.features.subarray(row * tumourFeatures, (row + 1) * tumourFeatures), i * tumourFeatures),
  );
  return { samples: rows.length, features, labels: rows.map((row) => all.labels[row] ?? Number.NaN) };
}

/** ⌈fraction·569⌉ tumours for the test, chosen by the data seed, the others for training. */
export function splitTumours({ testFraction, dataSeed }: { testFraction: number; dataSeed: number }): {
  training: Tumours;
  test: Tumours;
} {
  const order = permutation(randomStream(dataSeed, "breast-cancer/split"), all.samples);
  const held = Math.ceil(testFraction * all.samples);
  return { training: part(order.slice(held)), test: part(order.slice(0, held)) };
}

/** Features of a part, each scaled to [0, 1] by its least and greatest value in the training part. */
export function scaledFeatures(training: Tumours, { features }: Tumours): Float32Array {
  const least = new Float64Array(tumourFeatures).fill(Number.POSITIVE_INFINITY);
  const greatest = new Float64Array(tumourFeatures).fill(Number.NEGATIVE_INFINITY);
  training.features.forEach((value, i) => {
    const j = i % tumourFeatures;
    least[j] = Math.min(least[j] ?? 0, value);
    greatest[j] = Math.max(greatest[j] ?? 0, value);
  });
  return Float32Array.from(features, (value, i) => {
    const j = i % tumourFeatures;
    return (value - (least[j] ?? 0)) / ((greatest[j] ?? 0) - (least[j] ?? 0));
  });
}
