import { MlpParameters } from "@basin/contracts";
import type { z } from "zod";
import {
  accuracyOf,
  classifierMetrics,
  classifierPlotDescriptors,
  classifierPlots,
  imagesOfParts,
  judgeClassifier,
} from "../digits/classification";
import { digitClasses, digitInk, digitSide } from "../digits/digit-images";
import type { SupervisedProblem } from "../kinds/supervised";
import { crossValidationMetrics } from "../mlp-metrics";
import { fewDigits, fewDigitsParameters, fewDigitsProblem, fewDigitsSizes } from "../regularization/few-digits";
import { withDefault } from "../with-default";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const CrossValidationSearchParameters = MlpParameters.extend({
  ...fewDigitsParameters,
  trainingSamples: withDefault(fewDigitsParameters.trainingSamples, 500, {
    title: "Training samples",
    unit: "sample",
    description: "So many images of the training part; the folds are cut from them.",
  }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [32], { description: "Width of each hidden layer." }),
  initialization: withDefault(mlp.initialization, "glorot-uniform", { "x-suggest": undefined }),
  learningRate: withDefault(mlp.learningRate, 1e-2, {
    title: "Learning rate η",
    "x-suggest": { type: "log-float", min: 1e-4, max: 1, points: 5 },
  }),
  l2: withDefault(mlp.l2, 1e-3, {
    title: "L2 strength λ",
    description: "Of the penalty ½ λ Σw² on the weights, not the biases.",
    "x-suggest": { type: "log-float", min: 1e-5, max: 1e-1, points: 5 },
    "x-advanced": undefined,
  }),
  epochs: withDefault(mlp.epochs, 20),
  batchSize: withDefault(mlp.batchSize, 50),
  folds: withDefault(mlp.folds, 5, {
    description:
      "So many further networks are trained, each without one part of the training samples, and scored on it; at least 2.",
    "x-advanced": undefined,
  }),
});
type CrossValidationSearchParameters = z.infer<typeof CrossValidationSearchParameters>;

const classes = digitClasses.length;

const problem: SupervisedProblem<CrossValidationSearchParameters> = {
  ...fewDigitsProblem,

  evaluate(parameters, predictions) {
    return judgeClassifier(fewDigits(parameters), classes, predictions);
  },

  score(_, predictions, targets) {
    return accuracyOf(classes, predictions, targets);
  },

  async plots(parameters, trained) {
    const parts = fewDigits(parameters);
    const ink = parameters.scaling === "unit" ? 1 : digitInk;
    return classifierPlots(parts, digitClasses, await trained.predict(imagesOfParts(parts)), { side: digitSide, ink });
  },
};

/**
 * Objective: the mean accuracy over five folds of the training samples. No search may be steered by the test part: its accuracy is then a
 * figure of how well the choice works, which it would not be if it had made the choice.
 */
export const crossValidationSearch = mlpExperiment({
  id: "cross-validation-search",
  version: 2,
  title: "Grid against random search by cross-validation",
  summary: "Learning rate and L2 strength are chosen by five folds of the training data; the test part is only reported.",
  description: `A network 64-32-10 learns to read 8 × 8 digits from 500 images. Every trial trains six networks: one on all training samples, and for
each of five folds one on the other four. \`crossValidationScore\` is the mean accuracy over the folds, each judged by the network that has not seen it. It is
the objective. The 360 images of the test part enter no fold and no choice; the accuracy there is reported for the network trained on all samples.

**The comparison**: two sweeps with the same budget of 25 trials over \`learningRate\` from $10^{-4}$ to 1 and \`l2\` from $10^{-5}$ to 0.1, both logarithmic, with one
initialization per trial (the same seed):

- search \`grid\`: 5 × 5 cells, as the form suggests;
- search \`random\` with \`trials: 25\`.

Compare the best \`crossValidationScore\` of each. Random search (Bergstra and Bengio, JMLR 13 (2012) 281) tries 25 different values of each parameter where the
grid tries 5, which helps where one of them matters far more than the other. The claim is that its best score is not below that of the grid by more than 0.01.

**What to look for.** The score of the best trial is optimistic, because it is the greatest of 25; the test accuracy of that trial is not.

**No criterion** is set for a single run: the claim is about two sweeps. A score is the mean over 500 images, so one image is 0.002.

**Measured here**, five pairs of sweeps: the best score was 0.956–0.962 for the grid and 0.962–0.968 for random search, which was ahead by 0.004–0.008 in every pair. The test
accuracy of the chosen trials was 0.936–0.953 and 0.931–0.961: below the scores that chose them, as expected, and in no fixed order.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: hyperparameters by grid and random search",
  defaultSweep: {
    lesson: "Which learning rate and penalty do five folds of the training data choose?",
    space: { learningRate: { type: "choice", values: [1e-3, 0.01, 0.1] }, l2: { type: "choice", values: [1e-5, 1e-3, 0.1] } },
    seeds: 3,
  },
  parameters: CrossValidationSearchParameters,
  check: ({ folds }) =>
    folds === 0 ? [{ path: "folds", message: "without folds there is no score to search by", hint: "use 5" }] : [],
  sizes: (parameters) => fewDigitsSizes(CrossValidationSearchParameters.parse(parameters)),
  objective: { metric: "crossValidationScore", direction: "maximize" },
  metrics: [...crossValidationMetrics("accuracy", "linear"), ...classifierMetrics],
  success: null,
  plots: classifierPlotDescriptors.filter(({ id }) => id !== "first-layer"),
  maxPackWidth: 64,
  problem,
});
