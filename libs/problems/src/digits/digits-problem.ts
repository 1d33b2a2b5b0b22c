import type { SupervisedProblem } from "../kinds/supervised";
import { imagesOfParts, judgeClassifier, oneHot } from "./classification";
import { digitClasses, digitSide, splitDigits, type DigitsSetting } from "./digit-images";

const classes = digitClasses.length;

/** A classifier of the 8 × 8 digits, trained on all of the training part and judged on both. */
export const digitsProblem = {
  kind: "supervised",
  inputWidth: digitSide ** 2,
  outputWidth: classes,
  outputActivation: "softmax",
  loss: "cce",

  data(parameters) {
    const { samples, images, labels } = splitDigits(parameters).training;
    return { samples, inputs: images, targets: oneHot(labels, classes) };
  },

  evaluationInputs: (parameters) => imagesOfParts(splitDigits(parameters)),
  evaluate: (parameters, predictions) => judgeClassifier(splitDigits(parameters), classes, predictions),
} as const satisfies SupervisedProblem<DigitsSetting>;
