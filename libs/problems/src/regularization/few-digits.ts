import type { MetricDescriptor } from "@basin/contracts";
import { z } from "zod";
import { classifierMetrics, imagesOfParts, judgeClassifier, judgePart, oneHot, type Parts } from "../digits/classification";
import { digitClasses, digitSide, splitDigits, trainingDigits, type DigitsSetting } from "../digits/digit-images";
import { digitsDataParameters } from "../digits/digits-parameters";
import { finalMetric } from "../final-metric";
import type { SupervisedData, SupervisedProblem } from "../kinds/supervised";
import { vectorSizes, type DataSizes } from "../memory/data-sizes";

const classes = digitClasses.length;

/** Parameters of the experiments that train on a few of the 8 × 8 digits. */
export const fewDigitsParameters = {
  ...digitsDataParameters,
  trainingSamples: z.int().min(2).max(1797).default(200).meta({
    title: "Training samples",
    unit: "sample",
    description: "So many images of the training part, or all where there are fewer.",
  }),
};

export interface FewDigitsSetting extends DigitsSetting {
  trainingSamples: number;
}

/** The digits split as in the other experiments, with the first images of the training part alone. */
export function fewDigits(setting: FewDigitsSetting): Parts {
  const { training, test } = splitDigits(setting);
  const samples = Math.min(setting.trainingSamples, training.samples);
  const images = training.images.slice(0, (samples * training.images.length) / training.samples);
  return { training: { samples, images, labels: training.labels.slice(0, samples) }, test };
}

export function fewDigitsSizes({ trainingSamples, testFraction }: FewDigitsSetting): DataSizes {
  return vectorSizes(Math.min(trainingSamples, trainingDigits(testFraction)), digitSide ** 2, classes);
}

export function trainingData({ training }: Parts): SupervisedData {
  return { samples: training.samples, inputs: training.images, targets: oneHot(training.labels, classes) };
}

/** Accuracy and cross-entropy on both parts, and the gap: test minus training cross-entropy. Predictions at `imagesOfParts`. */
export function judgeParts(
  parts: Parts,
  predictions: Float32Array,
): Record<"trainingCrossEntropy" | "gap", number> & Record<string, number> {
  const figures = judgeClassifier(parts, classes, predictions);
  const seen = predictions.subarray(0, parts.training.samples * classes);
  const trainingCrossEntropy = judgePart(parts.training, classes, seen).crossEntropy;
  return { ...figures, trainingCrossEntropy, gap: (figures["testCrossEntropy"] ?? Number.NaN) - trainingCrossEntropy };
}

/** The metrics of `judgeParts`. */
export const partsMetrics: readonly MetricDescriptor[] = [
  ...classifierMetrics,
  finalMetric(
    "trainingCrossEntropy",
    "Cross-entropy on the training part",
    "Mean of −ln p over the training samples, p the probability of the true class, at least 1e-12, with the saved weights.",
    { scale: "log" },
  ),
  finalMetric("gap", "Test minus training cross-entropy", "testCrossEntropy − trainingCrossEntropy."),
];

/** What the problems of these experiments share: a classifier of the images, and figures of both parts. */
export const fewDigitsProblem = {
  kind: "supervised",
  inputWidth: digitSide ** 2,
  outputWidth: classes,
  outputActivation: "softmax",
  loss: "cce",
  data: (parameters) => trainingData(fewDigits(parameters)),
  evaluationInputs: (parameters) => imagesOfParts(fewDigits(parameters)),
  evaluate: (parameters, predictions) => judgeParts(fewDigits(parameters), predictions),
} as const satisfies SupervisedProblem<FewDigitsSetting>;
