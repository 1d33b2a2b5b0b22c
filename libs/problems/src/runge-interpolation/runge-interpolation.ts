import { MlpParameters, regressionLossParameters } from "@basin/contracts";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import { evenPlaces, rootMeanSquare } from "../interpolation-errors";
import type { SupervisedProblem } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { minMaxScale } from "../min-max-scale";
import { plotPlaces, plotsOf, rungePlots } from "./plots";
import { interpolantErrors, rivals, runge, rungeSamples, rungeSecond, rungeThird } from "./runge-function";
import { withDefault } from "../with-default";
import { finalMetric } from "../final-metric";
import { curveFit, mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const RungeInterpolationParameters = MlpParameters.extend({
  ...regressionLossParameters,
  samples: z
    .int()
    .min(6)
    .max(200)
    .default(15)
    .meta({ title: "Samples", unit: "sample", description: "Equispaced on [−1, 1], both ends included." }),
  evaluationPoints: z.int().min(2).max(100_000).default(200).meta({
    title: "Evaluation points",
    description: "Equispaced on [−1, 1]; the figures are taken there.",
    "x-advanced": true,
  }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [128, 64, 32], {
    // About 10,500 weights each, from wide to deep.
    "x-suggest": {
      type: "choice",
      values: [[3500], [101, 101], [71, 71, 71], [50, 50, 50, 50, 50], [38, 38, 38, 38, 38, 38, 38, 38]],
    },
  }),
  learningRate: withDefault(mlp.learningRate, 0.005, { "x-suggest": { type: "log-float", min: 5e-4, max: 5e-2, points: 5 } }),
  epochs: withDefault(mlp.epochs, 2000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type RungeInterpolationParameters = z.infer<typeof RungeInterpolationParameters>;

const scalesOf = ({ samples }: RungeInterpolationParameters) => {
  const { x, y } = rungeSamples(samples);
  return { x, y, inputs: minMaxScale(x), outputs: minMaxScale(y) };
};

/** The network's values and derivatives in the units of f. */
async function ofNetwork(parameters: RungeInterpolationParameters, trained: TrainedNetwork, places: readonly number[]) {
  const { inputs, outputs } = scalesOf(parameters);
  const scaled = Float32Array.from(places, inputs.scale);
  const value = Array.from(await trained.predict(scaled), outputs.restore);
  const none = new Float32Array(0);
  const [first = none, second = none, third = none] = await trained.derivatives(scaled, [1], 3);
  const restored = (values: Float32Array, order: number): number[] =>
    Array.from(values, (one) => (one * inputs.factor ** order) / outputs.factor);
  return { value, derivative: restored(first, 1), second: restored(second, 2), third: restored(third, 3) };
}

const problem: SupervisedProblem<RungeInterpolationParameters> = {
  ...curveFit,

  data(parameters) {
    const { x, y, inputs, outputs } = scalesOf(parameters);
    return { samples: x.length, inputs: Float32Array.from(x, inputs.scale), targets: Float32Array.from(y, outputs.scale) };
  },

  evaluationInputs(parameters) {
    return Float32Array.from(evenPlaces(-1, 1, parameters.evaluationPoints), scalesOf(parameters).inputs.scale);
  },

  evaluate(parameters, predictions) {
    const { outputs } = scalesOf(parameters);
    const places = evenPlaces(-1, 1, parameters.evaluationPoints);
    return { rmse: rootMeanSquare(Array.from(predictions, outputs.restore), places.map(runge.value)) };
  },

  async examine(parameters, trained) {
    const places = evenPlaces(-1, 1, parameters.evaluationPoints);
    const { derivative, second, third } = await ofNetwork(parameters, trained, places);
    const relative = (values: readonly number[], truth: readonly number[]): number =>
      rootMeanSquare(values, truth) / rootMeanSquare(truth, new Float64Array(truth.length));
    const { spline, cubicSpline, polynomial } = rivals(parameters.samples);
    const [ofSpline, ofCubic] = [interpolantErrors(spline, places), interpolantErrors(cubicSpline, places)];
    return {
      derivativeRmse: rootMeanSquare(derivative, places.map(runge.derivative)),
      secondDerivativeError: relative(second, places.map(rungeSecond)),
      thirdDerivativeError: relative(third, places.map(rungeThird)),
      splineRmse: ofSpline.value,
      splineDerivativeRmse: ofSpline.derivative,
      cubicSplineRmse: ofCubic.value,
      cubicSplineDerivativeRmse: ofCubic.derivative,
      polynomialRmse: interpolantErrors(polynomial, places).value,
    };
  },

  async plots(parameters, trained) {
    return plotsOf(parameters.samples, await ofNetwork(parameters, trained, plotPlaces));
  },
};

/** Objective: the error of the value; the derivative's follows it and is judged beside it. */
export const rungeInterpolation = mlpExperiment({
  id: "runge-interpolation",
  version: 2,
  title: "Runge's function: network against splines",
  summary: "A tanh network interpolates 1/(1 + 25x²) from 15 samples and is differentiated exactly.",
  description: `Runge's function $f(x) = 1/(1+25x^2)$ is known at 15 equispaced points of $[-1, 1]$, without noise. A polynomial through them swings wildly near
the ends. A network 1-128-64-32-1 with tanh is trained on all points at once with Adam at 0.005 for 2,000 epochs, inputs and outputs
scaled to $[0, 1]$ by their least and greatest values. Its derivative is exact: propagated forward through the layers, times
$\\Delta y/\\Delta x$ of the scaling.

**Rivals** through the same points: the interpolating spline of degree 5 (the source's default), the cubic one, and the polynomial of
degree 14. Their errors are metrics too; they do not depend on the run.

**Figures** are root mean square errors at 200 equispaced points.

**What to look for.** The network comes out level with the spline of degree 5, some 900 times better than the polynomial and behind the
cubic spline, at a cost thousands of times that of a spline. Between the samples nothing holds it: initializations that fit the samples equally well
differ sixfold in their error, and one of the first ten misses the criterion.

**What differs from the source.** It claims that networks are 10 to 100 times better than splines; measured, they are not. The calls that
its documentation shows (choice of activation, learning rate, framework) are refused by its own class, which has ReLU, dropout of 0.1 and
a learning rate of 0.01 built in: with these it reaches an error of 0.03, and 0.95 in the derivative. Here the settings are those of the documentation.`,
  source: "pydelt, Neural Networks & Automatic Differentiation: Runge's function",
  defaultSweep: {
    lesson: "A smooth activation can be differentiated; a ReLU network has a staircase for a derivative.",
    space: { activation: { type: "choice", values: ["tanh", "relu", "gelu"] } },
    seeds: 5,
  },
  parameters: RungeInterpolationParameters,
  sizes: (parameters) => vectorSizes(RungeInterpolationParameters.parse(parameters).samples, 1, 1),
  objective: { metric: "rmse", direction: "minimize" },
  metrics: [
    finalMetric("rmse", "Error of the network", "√ of the mean of (ŷ − f)² over the evaluation points, f = 1/(1 + 25x²).", {
      scale: "log",
    }),
    finalMetric("derivativeRmse", "Error of the network's derivative", "The same of the network's exact derivative and f′.", {
      scale: "log",
    }),
    finalMetric(
      "secondDerivativeError",
      "Relative error of the network's second derivative",
      "√(Σ(ŷ″ − f″)²/Σf″²) over the evaluation points, exact derivatives of the network.",
      { scale: "log" },
    ),
    finalMetric("thirdDerivativeError", "Relative error of the network's third derivative", "The same of the third.", {
      scale: "log",
    }),
    finalMetric("splineRmse", "Error of the spline of degree 5", "rmse of the spline of degree 5 through the samples.", {
      scale: "log",
      ofData: true,
    }),
    finalMetric("splineDerivativeRmse", "Error of that spline's derivative", "derivativeRmse of that spline.", {
      scale: "log",
      ofData: true,
    }),
    finalMetric("cubicSplineRmse", "Error of the cubic spline", "rmse of the cubic spline through the samples.", {
      scale: "log",
      ofData: true,
    }),
    finalMetric("cubicSplineDerivativeRmse", "Error of the cubic spline's derivative", "derivativeRmse of that spline.", {
      scale: "log",
      ofData: true,
    }),
    finalMetric("polynomialRmse", "Error of the polynomial", "rmse of the polynomial through all samples.", {
      scale: "log",
      ofData: true,
    }),
  ],
  success: {
    text: "error at most 0.004, and at most 0.08 in the derivative",
    all: [
      { metric: "rmse", op: "<=", value: 0.004 },
      { metric: "derivativeRmse", op: "<=", value: 0.08 },
    ],
  },
  plots: rungePlots,
  maxPackWidth: 64,
  problem,
});
