import type { MetricDescriptor, PlotDescriptor } from "@basin/contracts";
import { logarithm, sum } from "@basin/numerics";
import { imageBytes } from "../kinds/image-bytes";
import type { LabelledImages } from "../kinds/labelled-images";
import type { PlotsById } from "../kinds/plots-by-id";
import { finalMetric } from "../final-metric";

/** A class is taken to be given at least this probability, so that the cross-entropy stays finite. */
const leastProbability = 1e-12;
/** Misclassified images that a picture shows. */
const shownMistakes = 20;

/** Training and test part, in the order in which a trained classifier is shown them: training first. */
export interface Parts {
  training: LabelledImages;
  test: LabelledImages;
}

/** The images of both parts, the training part first. */
export function imagesOfParts({ training, test }: Parts): Float32Array {
  const all = new Float32Array(training.images.length + test.images.length);
  all.set(training.images);
  all.set(test.images, training.images.length);
  return all;
}

/** One row per image with a 1 at its class. */
export function oneHot(labels: Int32Array, classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => (out[i * classes + label] = 1));
  return out;
}

/** Accuracy and cross-entropy on both parts from probabilities [training + test, classes]; NaN where a probability is. */
export function judgeClassifier({ training, test }: Parts, classes: number, probabilities: Float32Array): Record<string, number> {
  const split = training.samples * classes;
  const seen = judgePart(training, classes, probabilities.subarray(0, split));
  const held = judgePart(test, classes, probabilities.subarray(split));
  return { trainingAccuracy: seen.accuracy, testAccuracy: held.accuracy, testCrossEntropy: held.crossEntropy };
}

/** Share of rows whose most probable class is that of the one-hot targets [samples, classes]; NaN where a probability is. */
export function accuracyOf(classes: number, probabilities: Float32Array, targets: Float32Array): number {
  const labels = Int32Array.from(guessesOf(classes, targets));
  return judgePart({ samples: labels.length, labels }, classes, probabilities).accuracy;
}

/** Accuracy and mean cross-entropy from probabilities [samples, classes]; NaN where one is. */
export function judgePart(
  { samples, labels }: Pick<LabelledImages, "samples" | "labels">,
  classes: number,
  probabilities: Float32Array,
): { accuracy: number; crossEntropy: number } {
  if (probabilities.some(Number.isNaN)) return { accuracy: Number.NaN, crossEntropy: Number.NaN };
  const guesses = guessesOf(classes, probabilities);
  const losses = Float64Array.from(
    labels,
    (label, i) => -logarithm(Math.max(leastProbability, probabilities[i * classes + label] ?? Number.NaN)),
  );
  return { accuracy: labels.filter((label, i) => label === guesses[i]).length / samples, crossEntropy: sum(losses) / samples };
}

/** The most probable class of each row; the first of equals. */
function guessesOf(classes: number, probabilities: Float32Array): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    return row.reduce((best, value, k) => (value > (row[best] ?? Number.NEGATIVE_INFINITY) ? k : best), 0);
  });
}

/** The metrics of `judgeClassifier`. */
export const classifierMetrics: readonly MetricDescriptor[] = [
  finalMetric(
    "trainingAccuracy",
    "Accuracy on the training part",
    "Share of training samples whose most probable class, the first of equals, is the true one.",
  ),
  finalMetric(
    "testAccuracy",
    "Accuracy on the test part",
    "Share of test samples whose most probable class, the first of equals, is the true one.",
  ),
  finalMetric(
    "testCrossEntropy",
    "Cross-entropy on the test part",
    "Mean of −ln p over the test samples, p the probability of the true class, at least 1e-12.",
    { scale: "log" },
  ),
];

/** The plots of `classifierPlots` and `filterPlot`. */
export const classifierPlotDescriptors: readonly PlotDescriptor[] = [
  { id: "confusion", title: "Confusion on the test part", kind: "heat-map" },
  { id: "mistakes", title: "Misclassified test images", kind: "image-grid" },
  { id: "first-layer", title: "First-layer filters", kind: "image-grid" },
];

/** Confusion matrix and misclassified images of the test part; `side` and `ink` are the images' side and greatest value. */
export function classifierPlots(
  { training, test }: Parts,
  classes: readonly string[],
  probabilities: Float32Array,
  { side, ink }: { side: number; ink: number },
): PlotsById {
  const held = probabilities.subarray(training.samples * classes.length);
  const guesses = guessesOf(classes.length, held);
  const counts = classes.map(() => classes.map(() => 0));
  test.labels.forEach((label, i) => {
    const row = counts[label];
    const guess = guesses[i] ?? 0;
    if (row) row[guess] = (row[guess] ?? 0) + 1;
  });
  const mistakes = guesses.flatMap((guess, i) => (guess === test.labels[i] ? [] : [i])).slice(0, shownMistakes);
  const size = side ** 2;
  const plots: Record<string, PlotsById[string]> = {
    confusion: {
      kind: "heat-map",
      title: "Confusion on the test part",
      caption: "A row is a true class; what lies off the diagonal was taken for another.",
      columns: [...classes],
      rows: [...classes],
      columnTitle: "predicted",
      rowTitle: "true",
      value: { label: "images" },
      z: counts,
    },
  };
  if (mistakes.length > 0) {
    plots.mistakes = {
      kind: "image-grid",
      title: "Misclassified test images",
      caption: `The first ${mistakes.length}, with the true and the predicted class.`,
      width: side,
      height: side,
      range: [0, ink],
      frames: mistakes.map((i) => `${classes[test.labels[i] ?? 0] ?? ""} taken for ${classes[guesses[i] ?? 0] ?? ""}`),
      rows: [
        { name: "test image", frames: mistakes.map((i) => imageBytes(test.images.subarray(i * size, (i + 1) * size), 0, ink)) },
      ],
    };
  }
  return plots;
}

/** Weights as images, each [height, width]; grey is 0, black and white the greatest magnitude. */
export function filterPlot(images: readonly ArrayLike<number>[], height: number, width: number): PlotsById {
  const greatest = images.reduce((most, image) => Array.from(image).reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
  const range: [number, number] = greatest > 0 ? [-greatest, greatest] : [-1, 1];
  return {
    "first-layer": {
      kind: "image-grid",
      title: "First-layer filters",
      caption: "Weights of each unit of the first layer; grey is 0.",
      width,
      height,
      range,
      frames: images.map((_, i) => `unit ${i + 1}`),
      rows: [{ name: "weights", frames: images.map((image) => imageBytes(image, ...range)) }],
    },
  };
}
