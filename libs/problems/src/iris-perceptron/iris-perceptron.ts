import { choiceOf, MlpParameters } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import type { z } from "zod";
import { twoClassLoss } from "../classification-loss";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import { irisPerceptronPlots, plotsOf } from "./plots";
import { samplesOf, testRows, trainingRows } from "./iris-rows";
import { withDefault } from "../with-default";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";
import { checkSourceStart, unusedFromSourceStart } from "../source-start";

const mlp = MlpParameters.shape;

/** What NumPy 1 and 2 draw from N(0, 1) after `numpy.random.seed(10)`: four weights, then the bias. */
const sourceStart = { weights: [1.3315865, 0.71527897, -1.54540029, -0.00838385], bias: 0.62133597 } as const;

const IrisPerceptronParameters = MlpParameters.extend({
  ...twoClassLoss("mse"),
  start: choiceOf(["drawn", "source"], {
    drawn: "by the initialization and the run's seed",
    source: "the source's weights, the same for every seed",
  })
    .default("drawn")
    .meta({
      title: "Start",
      "x-suggest": { type: "choice", values: ["drawn", "source"] },
    }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [], { description: "Width of each hidden layer; empty is the perceptron." }),
  initialization: withDefault(mlp.initialization, "normal", {
    description: "Distribution of the initial weights; normal draws the perceptron's bias from N(0, 1) too.",
    "x-suggest": { type: "choice", values: ["normal", "near-zero", "glorot-uniform"] },
  }),
  optimizer: withDefault(mlp.optimizer, "sgd", { description: undefined }),
  learningRate: withDefault(mlp.learningRate, 0.01, {
    title: "Learning rate η",
    "x-suggest": { type: "log-float", min: 1e-3, max: 1, points: 7 },
  }),
  epochs: withDefault(mlp.epochs, 100),
  batchSize: withDefault(mlp.batchSize, 1, { description: "1: a step per sample; 0: on the full data set at once." }),
  shuffle: withDefault(mlp.shuffle, false),
});
type IrisPerceptronParameters = z.infer<typeof IrisPerceptronParameters>;

/** Accuracy and mean squared error on the test rows. Exactly ½ decides nothing and counts as wrong. */
function judge(predictions: Float32Array): { testAccuracy: number; testMse: number } {
  const { samples, targets } = samplesOf(testRows);
  let right = 0;
  let squares = 0;
  targets.forEach((target, i) => {
    const output = predictions[i] ?? Number.NaN;
    if (target === 1 ? output > 0.5 : output < 0.5) right += 1;
    squares += (target - output) ** 2;
  });
  return { testAccuracy: right / samples, testMse: squares / samples };
}

const problem: SupervisedProblem<IrisPerceptronParameters> = {
  kind: "supervised",
  inputWidth: 4,
  outputWidth: 1,
  outputActivation: "sigmoid",
  loss: "mse",
  lossOf: ({ loss }) => loss,

  data: () => samplesOf(trainingRows),
  evaluationInputs: () => samplesOf(testRows).inputs,
  evaluate: (_, predictions) => judge(predictions),
  monitor: {
    inputs: () => samplesOf(testRows).inputs,
    evaluate: (_, predictions) => judge(predictions),
  },

  initialWeights({ start, initialization, hiddenLayers }, seed): Record<string, number[]> {
    if (start === "source") return { "layers.0.weight": [...sourceStart.weights], "layers.0.bias": [sourceStart.bias] };
    if (initialization !== "normal" || hiddenLayers.length > 0) return {};
    return { "layers.0.bias": [randomStream(seed, "iris-perceptron/bias").normal(0)] };
  },

  plots: (_, trained) => plotsOf(trained),
};

/** Objective: the mean squared error on the test rows; the accuracy is 1 for almost every start. */
export const irisPerceptron = mlpExperiment({
  id: "iris-perceptron",
  version: 2,
  title: "Perceptron on Iris",
  summary: "One sigmoid neuron tells Iris setosa from Iris virginica by four measurements.",
  description: `One neuron $\\hat y = \\sigma(w \\cdot x + b)$ with four inputs learns the species of a plant: 0 for *Iris setosa*, 1 for *Iris virginica*
(50 plants each; R. A. Fisher 1936, CC BY 4.0). 80 plants are for training, 20 for the test; inputs are standardised with mean and
deviation of the training plants. Each sample in turn takes a step of gradient descent on its squared error,

$$w \\leftarrow w + 2\\eta\\,(y - \\hat y)\\,\\hat y(1 - \\hat y)\\,x, \\qquad b \\leftarrow b + 2\\eta\\,(y - \\hat y)\\,\\hat y(1 - \\hat y),$$

with $\\eta = 0.01$ for 100 epochs, in the order of the data.

**What to look for.** The classes are linearly separable, so almost every start reaches an accuracy of 1; starts differ in how long they take.
With \`start: "source"\` the weights begin at the source's, $w = (1.33159, 0.71528, -1.54540, -0.00838)$, $b = 0.62134$: the test accuracy
rises from 0.2 after the first epoch to 1 after the ninth, the mean squared error falls from 0.43 to 0.002.

**The worked sample.** $x = (5.1, 3.5, 1.4, 0.2)$, $w = (1, 0, 0.5, -0.3)$, $b = 0.5$ gives $z = 6.24$, $\\hat y = 0.998$ and, for class 0, a loss of
0.99611. One of the plots is its table.

**What differs from the source.** Its listings subtract where they must add, which climbs the loss; its equations, and the update above,
descend. Its decision regions use the weights of the two measurements drawn and the bias alone, as if the other two measurements were not
there; here those are held at their training mean, where the standardised value is 0. The split is the source's own (scikit-learn's with
seed 42), stored as a list of rows. By default the start is drawn from $N(0, 1)$ by the run's seed, so that starts can be compared.`,
  source:
    "Café de Miranda, de Lima, de Farias, An introduction to Neural Networks for Physicists: the perceptron as a classifier",
  defaultSweep: {
    lesson: "How fast may one neuron learn before its error stops falling?",
    space: { learningRate: { type: "choice", values: [1e-3, 0.01, 0.1] } },
    seeds: 5,
  },
  parameters: IrisPerceptronParameters,
  check: (parameters) => checkSourceStart(parameters, "four weights and a bias"),
  withoutEffect: unusedFromSourceStart,
  sizes: () => vectorSizes(trainingRows.length, problem.inputWidth, problem.outputWidth),
  objective: { metric: "testMse", direction: "minimize" },
  metrics: [
    finalMetric(
      "testAccuracy",
      "Accuracy on the test plants",
      "Share of the 20 test plants whose output lies on the side of ½ of their class; ½ itself is wrong.",
      { series: true },
    ),
    finalMetric("testMse", "Mean squared error on the test plants", "Mean of (ŷ − y)² over the 20 test plants.", {
      scale: "log",
      series: true,
    }),
  ],
  success: {
    text: "every test plant right and a mean squared error of at most 0.01 on them",
    all: [
      { metric: "testAccuracy", op: ">=", value: 1 },
      { metric: "testMse", op: "<=", value: 0.01 },
    ],
  },
  plots: irisPerceptronPlots,
  maxPackWidth: 256,
  problem,
});
