import { choiceOf, MlpParameters, regressionLossParameters, type Configuration, type Issue } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import { vectorSizes } from "../memory/data-sizes";
import { mlpExperiment } from "../mlp-experiment";
import { withDefault } from "../with-default";
import {
  distance,
  lastPlace,
  measuredValues,
  outlierNames,
  places,
  referenceLine,
  samples,
  slopeVarianceRatio,
  truth,
  type Line,
} from "./line-data";
import { lineLossPlots, plotsOf } from "./plots";

const mlp = MlpParameters.shape;

const LineLossParameters = MlpParameters.extend({
  ...regressionLossParameters,
  loss: withDefault(regressionLossParameters.loss, "mae"),
  huberDelta: withDefault(regressionLossParameters.huberDelta, 0.3),
  outliers: choiceOf(outlierNames, {
    spread: "y of rows 5, 15, 25, 35 and 45 (from 0) is raised",
    "right-end": "y of the last five rows is raised",
    none: "no y is raised",
  })
    .default("spread")
    .meta({ title: "Outliers", "x-suggest": { type: "choice", values: [...outlierNames] } }),
  outlierSize: z
    .number()
    .min(0)
    .max(1e6)
    .default(10)
    .meta({
      title: "Outlier size",
      description: "By how much y is raised.",
      "x-suggest": { type: "choice", values: [0, 2, 10] },
    }),
  varianceDraws: z.int().min(0).max(10_000).default(0).meta({
    title: "Draws for the variances",
    description:
      "Data seeds over which the slopes of both reference fits are spread, from the data seed on, at least 2; 0: none.",
    "x-advanced": true,
  }),
  dataSeed: dataSeed("Of the noise."),
  hiddenLayers: withDefault(mlp.hiddenLayers, [], { description: "None: the model is a line." }),
  learningRate: withDefault(mlp.learningRate, 0.1),
  schedule: withDefault(mlp.schedule, "cosine"),
  scheduleDecay: withDefault(mlp.scheduleDecay, 1e-4),
  epochs: withDefault(mlp.epochs, 2000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type LineLossParameters = z.infer<typeof LineLossParameters>;

/** The places as the network sees them, in [−1, 1]. */
const inputs = Float32Array.from(places, (x) => (2 * x) / lastPlace - 1);

/** The line through the predictions at the first and the last place. */
function lineOf(predictions: ArrayLike<number>): Line {
  const intercept = predictions[0] ?? Number.NaN;
  return { slope: ((predictions[samples - 1] ?? Number.NaN) - intercept) / lastPlace, intercept };
}

const problem: SupervisedProblem<LineLossParameters> = {
  kind: "supervised",
  inputWidth: 1,
  outputWidth: 1,
  outputActivation: "linear",
  loss: "mae",
  lossOf: ({ loss, huberDelta }) => ({ loss, huberDelta }),

  data: (parameters) => ({ samples, inputs, targets: Float32Array.from(measuredValues(parameters)) }),
  evaluationInputs: () => inputs,

  evaluate(parameters, predictions): Record<string, number> {
    const learned = lineOf(predictions);
    const figures = {
      ...learned,
      lineError: distance(learned, truth),
      slopeError: Math.abs(learned.slope - truth.slope),
      referenceDeviation: distance(learned, referenceLine(parameters, measuredValues(parameters))),
    };
    const { varianceDraws } = parameters;
    return varianceDraws < 2 ? figures : { ...figures, slopeVarianceRatio: slopeVarianceRatio(parameters, varianceDraws) };
  },

  async plots(parameters, trained) {
    return plotsOf(parameters, measuredValues(parameters), lineOf(await trained.predict(inputs)));
  },
};

function check({ hiddenLayers, varianceDraws }: Configuration): Issue[] {
  const issues: Issue[] = [];
  if (Array.isArray(hiddenLayers) && hiddenLayers.length > 0)
    issues.push({
      path: "hiddenLayers",
      message: "the model of this experiment is a line, which has no hidden layers",
      hint: "use []",
    });
  if (varianceDraws === 1)
    issues.push({ path: "varianceDraws", message: "one draw has no variance", hint: "use 0 for none, or at least 2" });
  return issues;
}

/** Objective: the greatest error of slope and intercept, which is what a line is fitted for. */
export const l1L2Line = mlpExperiment({
  id: "l1-l2-line",
  version: 1,
  title: "A line with outliers: squares, absolute values, Huber",
  summary: "A line is fitted through points of which a tenth are wrong; the loss decides whether it is found.",
  description: `Fifty points $y_i = 2x_i + 1 + \\varepsilon_i$, $x_i = 10i/49$, $\\varepsilon \\sim N(0, 0.1^2)$; five of them are raised by 10. The model is the line
$\\hat y = wx + b$ (a network without hidden layers, which sees $x/5 - 1$), the loss the mean of $r^2$, of $|r|$, or of Huber's
$\\tfrac12 r^2$ for $|r| \\le \\delta$, else $\\delta(|r| - \\tfrac12\\delta)$, with $r = \\hat y - y$ and $\\delta = 0.3$.

**What to look for.** The mean of squares is least at a mean, so that five points in fifty raised by 10 raise the line by 1. That of absolute values is least at a
median, which asks only on which side a point lies. Raised points at the right end tilt the line of squares by more than half of its slope's
size and hardly move that of absolute values. Without outliers it is the other way round: over many draws of the noise, the slope of median regression varies $\\pi/2 = 1.57$ times
as much (\`slopeVarianceRatio\`, with \`varianceDraws: 1000\`). Neither loss is better; each is right about another kind of noise.

**References**, in double precision: least squares; median regression by the descent from vertex to vertex of Bloomfield and Steiger, which ends at the minimum where
reweighted least squares only approach it; Huber's line by reweighted least squares. \`referenceDeviation\` is the network's
greatest difference in slope and intercept from the one that belongs to its loss. The slope of $|r|$ does not shrink near the minimum, so that
the learning rate has to: it falls to 1e-4 of itself.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: L1 and L2 loss",
  defaultSweep: {
    lesson: "Which loss finds the line in spite of outliers, and which one without them?",
    space: {
      loss: { type: "choice", values: ["mse", "mae", "huber"] },
      outliers: { type: "choice", values: ["spread", "right-end", "none"] },
    },
    seeds: 10,
  },
  parameters: LineLossParameters,
  check,
  withoutEffect: ({ outliers, outlierSize }) => (outliers === "none" ? ["outlierSize"] : outlierSize === 0 ? ["outliers"] : []),
  sizes: () => vectorSizes(samples, 1, 1),
  objective: { metric: "lineError", direction: "minimize" },
  metrics: [
    finalMetric("lineError", "Greatest error of slope and intercept", "max(|w − 2|, |b − 1|).", { scale: "log" }),
    finalMetric("slope", "Slope", "w of ŷ = wx + b, by the predictions at x = 0 and 10."),
    finalMetric("intercept", "Intercept", "b of ŷ = wx + b, the prediction at x = 0."),
    finalMetric("slopeError", "Error of the slope", "|w − 2|.", { scale: "log" }),
    finalMetric(
      "referenceDeviation",
      "Greatest difference from the reference fit",
      "Greatest difference in slope and intercept from the line of least squares, absolute values or Huber's losses, whichever the loss is, in double precision.",
      { scale: "log" },
    ),
    finalMetric(
      "slopeVarianceRatio",
      "Variance of the slope, median regression over least squares",
      "Variance of the slope of median regression over that of least squares, over the data seeds drawn.",
      { where: [{ parameter: "varianceDraws", isNot: 0 }] },
    ),
  ],
  success: {
    text: "slope and intercept within 1e-3 of the reference fit of the same loss",
    all: [{ metric: "referenceDeviation", op: "<=", value: 1e-3 }],
  },
  plots: lineLossPlots,
  maxPackWidth: 256,
  problem,
});
