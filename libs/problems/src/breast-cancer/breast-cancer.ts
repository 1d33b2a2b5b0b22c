import { MlpParameters } from "@basin/contracts";
import { z } from "zod";
import { twoClassLoss } from "../classification-loss";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import { crossValidationMetrics } from "../mlp-metrics";
import { breastCancerPlots, judgeTumours, plotsOf } from "./judgement";
import { allTumours, scaledFeatures, splitTumours, tumourFeatures, type Tumours } from "./tumours";
import { withDefault } from "../with-default";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const BreastCancerParameters = MlpParameters.extend({
  ...twoClassLoss("bce"),
  testFraction: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.25)
    .meta({ title: "Test fraction", description: "Share of the tumours held out for the test." }),
  dataSeed: dataSeed("Which tumours are held out; independent of the run's seed."),
  hiddenLayers: withDefault(mlp.hiddenLayers, [100, 30], {
    description: "Width of each hidden layer; empty is logistic regression.",
  }),
  activation: withDefault(mlp.activation, "relu", { "x-suggest": { type: "choice", values: ["relu", "tanh", "sigmoid"] } }),
  learningRate: withDefault(mlp.learningRate, 1e-4, { "x-suggest": { type: "log-float", min: 1e-4, max: 1e-1, points: 4 } }),
  epochs: withDefault(mlp.epochs, 1000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type BreastCancerParameters = z.infer<typeof BreastCancerParameters>;

function testFigures(test: Tumours, predictions: ArrayLike<number>): { testAccuracy: number; testCrossEntropy: number } {
  const { accuracy, crossEntropy } = judgeTumours(test, predictions);
  return { testAccuracy: accuracy, testCrossEntropy: crossEntropy };
}

const problem: SupervisedProblem<BreastCancerParameters> = {
  kind: "supervised",
  inputWidth: tumourFeatures,
  outputWidth: 1,
  outputActivation: "sigmoid",
  loss: "bce",
  lossOf: ({ loss }) => loss,

  data(parameters) {
    const { training } = splitTumours(parameters);
    return { samples: training.samples, inputs: scaledFeatures(training, training), targets: Float32Array.from(training.labels) };
  },

  evaluationInputs(parameters) {
    const { training, test } = splitTumours(parameters);
    return scaledFeatures(training, test);
  },

  evaluate: (parameters, predictions) => testFigures(splitTumours(parameters).test, predictions),

  async examine(parameters, trained) {
    const { training } = splitTumours(parameters);
    return { trainingAccuracy: judgeTumours(training, await trained.predict(scaledFeatures(training, training))).accuracy };
  },

  async plots(parameters, trained) {
    const { training, test } = splitTumours(parameters);
    return plotsOf(test, await trained.predict(scaledFeatures(training, test)));
  },

  score(_, predictions, targets) {
    const labels = Int32Array.from(targets);
    return judgeTumours({ samples: labels.length, features: new Float64Array(0), labels }, predictions).accuracy;
  },
};

/** Objective: the cross-entropy on the test part. Accuracy moves in steps of 1/143 and cannot rank what is equally often right. */
export const breastCancer = mlpExperiment({
  id: "breast-cancer",
  version: 2,
  title: "Breast cancer Wisconsin",
  summary: "Malignant or benign, from 30 measurements of cell nuclei: logistic regression and a small network.",
  description: `569 tumours with 30 measurements of their cell nuclei each (*Breast Cancer Wisconsin (Diagnostic)*, W. Wolberg, O. Mangasarian, N. Street and
W. Street 1995, CC BY 4.0): 212 malignant (0), 357 benign (1). Three quarters are for training, a quarter (143) for the test; measurements are scaled to
$[0, 1]$ by their least and greatest training value. The network 30-100-30-1 with ReLU and a sigmoid output is trained on the binary
cross-entropy on the full set with Adam at $10^{-4}$ for 1,000 epochs.

**Logistic regression**, the source's other model: \`hiddenLayers: []\`, \`learningRate: 0.001\`. With Adam, a weight moves by about $\\eta$ in an epoch, so
that after 1,000 epochs it is still under way; a learning rate of 0.1 gets it there.

**What to look for.** Guessing the more frequent class is right for 63 %. Look at the confusion matrix too: a malignant tumour taken for benign is
not the same as the other way round.

**What differs from the source.** Its split is not seeded; here \`dataSeed\` draws it. Its fit draws the training rows with
replacement, here every epoch sees each row once. Its starting weights are drawn from $N(0, 1)$; here the default initialization is meant for the
layers' widths. No figures are printed there that could be compared; the criterion is Basin's own.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: binary classification with the network code",
  defaultSweep: {
    lesson: "Does a network do better than logistic regression here?",
    space: { hiddenLayers: { type: "choice", values: [[], [100, 30]] } },
    seeds: 5,
  },
  parameters: BreastCancerParameters,
  sizes: (parameters) => {
    const { samples } = allTumours();
    return vectorSizes(samples - Math.ceil(BreastCancerParameters.parse(parameters).testFraction * samples), tumourFeatures, 1);
  },
  objective: { metric: "testCrossEntropy", direction: "minimize" },
  metrics: [
    finalMetric(
      "testCrossEntropy",
      "Cross-entropy on the test part",
      "Mean of −ln p over the test part, p the probability given to the true class, at least 1e-12.",
      { scale: "log" },
    ),
    finalMetric("testAccuracy", "Accuracy on the test part", "Share of the test part whose true class is given more than ½."),
    finalMetric(
      "trainingAccuracy",
      "Accuracy on the training part",
      "Share of the training part whose true class is given more than ½.",
    ),
    ...crossValidationMetrics("accuracy", "linear"),
  ],
  success: {
    text: "accuracy on the test part at least 0.95 (Basin's own: the source gives no figure)",
    all: [{ metric: "testAccuracy", op: ">=", value: 0.95 }],
  },
  plots: breastCancerPlots,
  maxPackWidth: 64,
  problem,
});
