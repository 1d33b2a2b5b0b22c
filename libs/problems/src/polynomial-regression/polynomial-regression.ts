import { MlpParameters } from "@basin/contracts";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import { plotsOf, polynomialRegressionPlots } from "./plots";
import { exactFit, exponents, meanSquaredError, splitGrid, trainingPoints, trueCoefficients } from "./polynomial";
import { withDefault } from "../with-default";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const PolynomialRegressionParameters = MlpParameters.extend({
  step: z
    .number()
    .min(0.01)
    .max(0.5)
    .default(0.05)
    .meta({
      title: "Grid step",
      description: "x and y go from 0 to below 1 in this step. The source's 0.5 leaves four points for ten coefficients.",
      "x-suggest": { type: "choice", values: [0.05, 0.1, 0.5] },
    }),
  dataSeed: dataSeed("Which quarter of the points is the test part; independent of the run's seed."),
  hiddenLayers: withDefault(mlp.hiddenLayers, [], { description: "Width of each hidden layer; empty is linear regression." }),
  initialization: withDefault(mlp.initialization, "normal", {
    "x-suggest": { type: "choice", values: ["near-zero", "normal", "glorot-uniform"] },
  }),
  optimizer: withDefault(mlp.optimizer, "sgd", { description: undefined }),
  learningRate: withDefault(mlp.learningRate, 1e-3, {
    title: "Learning rate η",
    "x-suggest": { type: "log-float", min: 1e-4, max: 1e-1, points: 4 },
  }),
  epochs: withDefault(mlp.epochs, 1000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type PolynomialRegressionParameters = z.infer<typeof PolynomialRegressionParameters>;

/** The epochs after which the source first stops. */
const earlyEpochs = 100;

const problem: SupervisedProblem<PolynomialRegressionParameters> = {
  kind: "supervised",
  inputWidth: exponents.length,
  outputWidth: 1,
  outputActivation: "linear",
  loss: "mse",

  data(parameters) {
    const { columns, targets } = splitGrid(parameters).training;
    return { samples: targets.length, inputs: Float32Array.from(columns), targets: Float32Array.from(targets) };
  },

  evaluationInputs(parameters) {
    return Float32Array.from(splitGrid(parameters).test.columns);
  },

  evaluate(parameters, predictions) {
    return { testMse: meanSquaredError(predictions, splitGrid(parameters).test.targets) };
  },

  snapshotEpochs: () => [earlyEpochs],

  async examine(parameters, trained): Promise<Record<string, number>> {
    const { training, test } = splitGrid(parameters);
    const inputs = Float32Array.from(test.columns);
    const fit = exactFit(training);
    const width = exponents.length;
    const exact = Array.from(test.targets, (_, i) =>
      exponents.reduce((sum, _, j) => sum + (fit[j] ?? 0) * (test.columns[i * width + j] ?? 0), fit[width] ?? 0),
    );
    const figures: Record<string, number> = { leastSquaresMse: meanSquaredError(exact, test.targets) };
    const early = trained.snapshots.find(({ epoch }) => epoch === earlyEpochs);
    if (early) {
      const before = meanSquaredError(await trained.predictWith(early.weights, inputs), test.targets);
      figures["testMseAt100"] = before;
      figures["remainingError"] = meanSquaredError(await trained.predict(inputs), test.targets) / before;
    }
    const weights = parameters.hiddenLayers.length === 0 ? trained.weights["layers.0.weight"]?.values : undefined;
    if (weights)
      figures["coefficientError"] = Math.max(...trueCoefficients.map((value, j) => Math.abs((weights[j] ?? Number.NaN) - value)));
    return figures;
  },

  async plots(parameters, trained) {
    const { test } = splitGrid(parameters);
    return plotsOf(test, await trained.predict(Float32Array.from(test.columns)), trained.weights);
  },
};

const afterEarlyEpochs = [{ parameter: "epochs", atLeast: earlyEpochs }];

/** Objective: the mean squared error on the test part. */
export const polynomialRegression = mlpExperiment({
  id: "polynomial-regression",
  version: 2,
  title: "Polynomial regression by gradient descent",
  summary: "One linear neuron learns the coefficients of a polynomial in two variables, slowly.",
  description: `A linear neuron fits $z = x + 2y + 3x^2 + 4xy + 5y^2$ on a grid in $[0, 1)^2$ from the nine monomials of degree 1 to 3, with its bias as the
constant. Three quarters of the points are for training, by plain gradient descent on the mean squared error of all of them with
$\\eta = 10^{-3}$; the source shows 100 and 1,000 epochs and remarks that the longer training reaches the lower error.

**What to look for.** \`remainingError\` is the test error after the last epoch over that after 100. It falls, but the coefficients stay far from
the true ones: monomials on $[0, 1)$ are nearly parallel, so that the error is small along directions in which gradient descent hardly moves. Least
squares solves the same problem exactly in one step (\`leastSquaresMse\`). Greater learning rates or Adam shorten the wait.

**What differs from the source.** Its grid has a step of 0.5, which leaves four points, three of them for training and one for the test, for ten
coefficients: its error says nothing about the polynomial. Here the step is 0.05 (400 points); \`step: 0.5\` is the source's. It feeds a
column of ones beside the bias, whose input is 0.01; here the bias is the constant. Its fit draws the training rows with replacement; here
every epoch sees each row once. No figures are printed there that could be compared; the criterion is the source's remark, with a margin.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: regression with the network code",
  defaultSweep: {
    lesson: "Plain gradient descent is slow on badly scaled inputs; which rule is not?",
    space: { optimizer: { type: "choice", values: ["sgd", "momentum", "adam"] } },
    seeds: 5,
  },
  parameters: PolynomialRegressionParameters,
  sizes: (parameters) => vectorSizes(trainingPoints(PolynomialRegressionParameters.parse(parameters).step), exponents.length, 1),
  objective: { metric: "testMse", direction: "minimize" },
  metrics: [
    finalMetric("testMse", "Mean squared error on the test points", "Mean of (ŷ − y)² over the test points.", { scale: "log" }),
    finalMetric("testMseAt100", "The same after 100 epochs", "testMse of the weights after 100 epochs.", {
      scale: "log",
      where: afterEarlyEpochs,
    }),
    finalMetric("remainingError", "Test error over that after 100 epochs", "testMse/testMseAt100.", {
      scale: "log",
      where: afterEarlyEpochs,
    }),
    finalMetric(
      "coefficientError",
      "Greatest error of a coefficient",
      "Greatest |ŵ − w| of the five true coefficients; only without hidden layers.",
      { scale: "log", where: [{ parameter: "hiddenLayers", is: [] }] },
    ),
    finalMetric(
      "leastSquaresMse",
      "Test error of the least-squares fit",
      "testMse of the least-squares fit to the training points.",
      { scale: "log", ofData: true },
    ),
  ],
  success: {
    text: "at most half of the test error that was left after 100 epochs (Basin's own: the source gives no figure)",
    all: [{ metric: "remainingError", op: "<=", value: 0.5 }],
  },
  plots: polynomialRegressionPlots,
  maxPackWidth: 256,
  problem,
});
