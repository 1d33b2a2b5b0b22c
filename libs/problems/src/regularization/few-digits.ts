import { z } from "zod";
import { judgeClassifier, oneHot, type Parts } from "../digits/classification";
import { digitClasses, splitDigits, type DigitsSetting } from "../digits/digit-images";
import { digitsDataParameters } from "../digits/digits-parameters";
import type { LabelledImages } from "../kinds/labelled-images";
import type { SupervisedData } from "../kinds/supervised";

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

export function trainingData({ training }: Parts): SupervisedData {
  return { samples: training.samples, inputs: training.images, targets: oneHot(training.labels, classes) };
}

/** Accuracy and cross-entropy on both parts, and the gap: test minus training cross-entropy. Predictions at `imagesOfParts`. */
export function judgeParts(
  parts: Parts,
  predictions: Float32Array,
): Record<"trainingCrossEntropy" | "gap", number> & Record<string, number> {
  const none: LabelledImages = { samples: 0, images: new Float32Array(0), labels: new Int32Array(0) };
  const figures = judgeClassifier(parts, classes, predictions);
  const seen = predictions.subarray(0, parts.training.samples * classes);
  const trainingCrossEntropy =
    judgeClassifier({ training: none, test: parts.training }, classes, seen)["testCrossEntropy"] ?? Number.NaN;
  return { ...figures, trainingCrossEntropy, gap: (figures["testCrossEntropy"] ?? Number.NaN) - trainingCrossEntropy };
}
