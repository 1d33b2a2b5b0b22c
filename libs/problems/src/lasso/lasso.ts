import { MlpParameters, type Configuration, type Issue } from "@basin/contracts";
import type { z } from "zod";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import { vectorSizes } from "../memory/data-sizes";
import { mlpExperiment } from "../mlp-experiment";
import { withDefault } from "../with-default";
import { penalizedFit } from "./penalized-fit";
import { lassoPlots, plotsOf } from "./plots";
import { greatestError, refitError, samples, sparseData, supportOf, trueCoefficients, width } from "./sparse-data";

const mlp = MlpParameters.shape;
const strengths = [0, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5];

const LassoParameters = MlpParameters.extend({
  dataSeed: dataSeed("Of inputs and noise."),
  proximalL1: withDefault(mlp.proximalL1, 0.1, {
    title: "Strength λ of λΣ|w|",
    "x-suggest": { type: "choice", values: strengths },
    "x-advanced": undefined,
  }),
  l2: withDefault(mlp.l2, 0, {
    title: "Strength of ½λ₂Σw²",
    "x-suggest": { type: "choice", values: strengths.map((value) => 2 * value) },
    "x-advanced": undefined,
  }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [], { description: "None: the model is linear." }),
  optimizer: withDefault(mlp.optimizer, "sgd"),
  learningRate: withDefault(mlp.learningRate, 0.2, {
    description:
      "The proximal gradient method needs less than 2/L; L, the greatest curvature of the mean square, is about 4 here.",
  }),
  epochs: withDefault(mlp.epochs, 1000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type LassoParameters = z.infer<typeof LassoParameters>;

const problem: SupervisedProblem<LassoParameters> = {
  kind: "supervised",
  inputWidth: width,
  outputWidth: 1,
  outputActivation: "linear",
  loss: "mse",

  data({ dataSeed }) {
    const { x, y } = sparseData(dataSeed);
    return { samples, inputs: x, targets: Float32Array.from(y) };
  },
  evaluationInputs: ({ dataSeed }) => sparseData(dataSeed).x,

  evaluate({ dataSeed }, predictions) {
    const { x } = sparseData(dataSeed);
    const squares = Array.from(predictions, (value, i) => {
      const want = trueCoefficients.reduce((sum, w, j) => sum + w * (x[i * width + j] ?? 0), 0);
      return (value - want) ** 2;
    });
    return { predictionError: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / samples) };
  },

  examine(parameters, trained): Promise<Record<string, number>> {
    const { proximalL1, l1, l2, dataSeed } = parameters;
    const data = sparseData(dataSeed);
    const coefficients = trained.weights["layers.0.weight"]?.values ?? new Float32Array(0);
    const support = supportOf(coefficients);
    const wanted = supportOf(trueCoefficients);
    const reference = penalizedFit(data.x, data.y, width, { l1: proximalL1 + l1, l2 });
    return Promise.resolve({
      zeros: width - support.length,
      extraTerms: support.filter((j) => !wanted.includes(j)).length,
      missingTerms: wanted.filter((j) => !support.includes(j)).length,
      supportExact: Number(support.join() === wanted.join()),
      coefficientError: greatestError(coefficients),
      refitError: refitError(support, data),
      referenceDeviation: greatestError(coefficients, reference.coefficients),
    });
  },

  plots({ dataSeed, proximalL1, l2 }, trained) {
    const coefficients = trained.weights["layers.0.weight"]?.values ?? new Float32Array(0);
    return Promise.resolve(plotsOf(dataSeed, coefficients, { l1: proximalL1, l2 }));
  },
};

function check({ hiddenLayers }: Configuration): Issue[] {
  return Array.isArray(hiddenLayers) && hiddenLayers.length > 0
    ? [{ path: "hiddenLayers", message: "the model of this experiment is linear, without hidden layers", hint: "use []" }]
    : [];
}

/** Objective: the error of the coefficients when the inputs that were chosen are fitted anew: it punishes a missed input most, and a superfluous one a little. */
export const lasso = mlpExperiment({
  id: "lasso",
  version: 1,
  title: "Sparse regression: absolute values against squares",
  summary: "An L1 penalty finds which three of twenty inputs matter; an L2 penalty does not.",
  description: `A hundred samples of twenty inputs $x \\sim N(0, 1)$, and $y = 3x_2 - 2x_7 + x_{13} + N(0, 0.1^2)$ (inputs from 0). A linear model is trained on

$$\\frac1n \\sum (\\hat y - y)^2 + \\lambda \\sum |w_j| \\quad\\text{(\`proximalL1\`)}\\qquad\\text{or}\\qquad \\frac1n \\sum (\\hat y - y)^2 + \\lambda \\sum w_j^2 \\quad\\text{(\`l2\` = 2λ, which is ½λ₂)}$$

by the proximal gradient method: after each step $w \\leftarrow \\operatorname{sign}(w)\\max(|w| - \\eta\\lambda, 0)$, so that weights become 0 exactly and stay there.

**What to look for.** At λ = 0.1 the three inputs are left and no other (in 990 of 1,000 draws of the data; from 0.15 on in all); each of their coefficients is too small by about λ/2, and least squares on the three alone takes that
back (\`refitError\`). With squares every coefficient shrinks and none becomes 0. The picture has both paths.

**Reference.** The problem is convex: coordinate descent in double precision gives its one solution, and \`referenceDeviation\` the greatest difference from it. The
gradient penalty \`l1\` asks for the same minimum, but its weights swing about 0 and never are 0.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: regularization",
  defaultSweep: {
    lesson: "From which strength on are exactly the three inputs left that matter, and from which on are they too few?",
    space: { proximalL1: { type: "choice", values: strengths } },
    seeds: 5,
  },
  parameters: LassoParameters,
  check,
  sizes: () => vectorSizes(samples, width, 1),
  objective: { metric: "refitError", direction: "minimize" },
  metrics: [
    finalMetric(
      "refitError",
      "Greatest error of a coefficient after the refit",
      "Greatest |w − w*| when least squares fits the inputs whose weight is not 0 anew, the others 0.",
      {
        scale: "log",
      },
    ),
    finalMetric("coefficientError", "Greatest error of a coefficient", "Greatest |w − w*| of the network.", { scale: "log" }),
    finalMetric("zeros", "Weights that are 0", "How many of the twenty weights are exactly 0."),
    finalMetric("extraTerms", "Superfluous inputs", "Inputs with a weight other than 0 that do not matter."),
    finalMetric("missingTerms", "Missed inputs", "Inputs that matter and have the weight 0."),
    finalMetric(
      "supportExact",
      "Exactly the inputs that matter (1) or not (0)",
      "1 when the weights of inputs 2, 7 and 13 and no others are not 0, else 0.",
    ),
    finalMetric(
      "referenceDeviation",
      "Greatest difference from the exact solution",
      "Greatest difference of a coefficient from the minimum of the loss with its penalties, by coordinate descent in double precision.",
      { scale: "log" },
    ),
    finalMetric("predictionError", "Error of the predictions", "√ of the mean of (ŷ − Xw*)² over the samples.", { scale: "log" }),
  ],
  success: {
    text: "exactly the three inputs, and their coefficients within 0.05 after the refit",
    all: [
      { metric: "supportExact", op: ">=", value: 1 },
      { metric: "refitError", op: "<=", value: 0.05 },
    ],
  },
  plots: lassoPlots,
  maxPackWidth: 256,
  problem,
});
