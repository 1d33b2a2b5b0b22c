import { MlpParameters } from "@basin/contracts";
import type { z } from "zod";
import { manyClassLoss } from "../classification-loss";
import { digitsProblem } from "./digits-problem";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import {
  accuracyOf,
  classifierMetrics,
  classifierPlotDescriptors,
  classifierPlots,
  filterPlot,
  imagesOfParts,
} from "./classification";
import { digitClasses, digitInk, digitSide, splitDigits, trainingDigits } from "./digit-images";
import { digitsDataParameters } from "./digits-parameters";
import { withDefault } from "../with-default";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const DigitsParameters = MlpParameters.extend({
  ...digitsDataParameters,
  ...manyClassLoss,
  hiddenLayers: withDefault(mlp.hiddenLayers, [100, 50], { description: "Width of each hidden layer." }),
  activation: withDefault(mlp.activation, "sigmoid", {
    "x-suggest": { type: "choice", values: ["sigmoid", "tanh", "relu", "leaky-relu"] },
  }),
  initialization: withDefault(mlp.initialization, "glorot-uniform"),
  optimizer: withDefault(mlp.optimizer, "sgd", { description: undefined }),
  learningRate: withDefault(mlp.learningRate, 1, {
    title: "Learning rate η",
    "x-suggest": { type: "log-float", min: 1e-5, max: 10, points: 7 },
  }),
  l2: withDefault(mlp.l2, 1e-5, {
    title: "L2 strength λ",
    description: "Of the penalty ½ λ Σw² on the weights, not the biases.",
    "x-suggest": { type: "log-float", min: 1e-5, max: 10, points: 7 },
    "x-advanced": undefined,
  }),
  epochs: withDefault(mlp.epochs, 100),
  batchSize: withDefault(mlp.batchSize, 100),
});
type DigitsParameters = z.infer<typeof DigitsParameters>;

const classes = digitClasses.length;
const pixels = digitSide ** 2;

const problem: SupervisedProblem<DigitsParameters> = {
  ...digitsProblem,
  lossOf: ({ loss }) => loss,

  async plots(parameters, trained) {
    const ink = parameters.scaling === "unit" ? 1 : digitInk;
    const parts = splitDigits(parameters);
    const probabilities = await trained.predict(imagesOfParts(parts));
    const plots = classifierPlots(parts, digitClasses, probabilities, { side: digitSide, ink });
    return { ...plots, ...firstLayer(trained.weights["layers.0.weight"]?.values) };
  },

  score(_, predictions, targets) {
    return accuracyOf(classes, predictions, targets);
  },
};

/** Columns of the first weight [64, units] as images. */
function firstLayer(weight: Float32Array | undefined): ReturnType<typeof filterPlot> {
  const units = weight ? weight.length / pixels : 0;
  const columns = Array.from({ length: Math.min(units, 100) }, (_, unit) =>
    Array.from({ length: pixels }, (_, k) => weight?.[k * units + unit] ?? 0),
  );
  return columns.length > 0 ? filterPlot(columns, digitSide, digitSide) : {};
}

/** Objective: the cross-entropy on the test part. Accuracy moves in steps of 1/360 and cannot rank what is equally often right. */
export const digits = mlpExperiment({
  id: "digits",
  version: 2,
  title: "Handwritten digits, fully connected",
  summary: "A 64-100-50-10 network reads 8 × 8 digits; learning rate and L2 strength decide between 97 % and guessing.",
  description: `The 1,797 handwritten digits of 8 × 8 pixels (test part of UCI's *Optical Recognition of Handwritten Digits*, E. Alpaydin and
C. Kaynak 1998, CC BY 4.0), 80 % for training and 20 % (360 images) for the test. The network 64-100-50-10 has sigmoid units and a
softmax, trained on the cross-entropy plus $\\tfrac12\\lambda\\sum w^2$ by stochastic gradient descent in batches of 100 for 100 epochs.

**The source's figure** is a pair of heat maps over $\\eta, \\lambda \\in \\{10^{-5}, \\dots, 10\\}$: sweep \`learningRate\` and \`l2\` as the form suggests
(7 × 7 cells) and group by \`trainingAccuracy\` and \`testAccuracy\`.

**What to look for.** At $\\eta = 10^{-5}$ nothing is learned in 100 epochs, and at $\\lambda = 10$ the penalty drives all weights to zero:
an accuracy of 0.1 is guessing. In between lies a band of good cells. The criterion is meant for the best cell of the grid, not for every one.

**The second network of the source**: \`hiddenLayers: [100, 30]\`, \`activation: "leaky-relu"\` (\`leakySlope: 0.001\` there), \`optimizer: "adam"\`,
\`learningRate: 0.0001\`, \`l2: 0\`, \`epochs: 1000\`.

**Deviations.** Pixels are divided by 16; the source feeds them as they are (\`scaling: "raw"\`). Its framework's penalty is $\\lambda\\sum w^2$, twice
the one here at equal λ. The split is drawn by \`dataSeed\`. Choosing a cell by its test accuracy, as the source does, makes that figure optimistic;
set \`validationFraction\` or \`folds\` to choose without the test part.`,
  source: "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: handwritten digits",
  defaultSweep: {
    lesson: "Learning rate and penalty together decide between 97 % and guessing.",
    space: { learningRate: { type: "choice", values: [0.01, 0.1, 1] }, l2: { type: "choice", values: [1e-5, 1e-3, 0.1] } },
    seeds: 3,
  },
  parameters: DigitsParameters,
  sizes: (parameters) =>
    vectorSizes(trainingDigits(DigitsParameters.parse(parameters).testFraction), digitSide ** 2, digitClasses.length),
  objective: { metric: "testCrossEntropy", direction: "minimize" },
  metrics: [...classifierMetrics],
  success: { text: "accuracy on the test part at least 0.95", all: [{ metric: "testAccuracy", op: ">=", value: 0.95 }] },
  plots: [...classifierPlotDescriptors],
  maxPackWidth: 64,
  problem,
});
