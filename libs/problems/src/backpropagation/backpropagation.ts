import { activationTexts, choiceOf, MlpParameters, type Configuration, type Issue } from "@basin/contracts";
import { randomStream, sum } from "@basin/numerics";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedData, SupervisedProblem } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { compareGradients, type ArrayComparison } from "./compare-gradients";
import { doubleActivationNames, type DoubleActivation } from "./double-network";
import { withDefault } from "../with-default";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const BackpropagationParameters = MlpParameters.extend({
  samples: z.int().min(1).max(1000).default(40).meta({
    title: "Samples",
    unit: "sample",
    description: "Training points, uniform on the square [−1, 1]².",
  }),
  dataSeed: dataSeed("Which training points are drawn; independent of the run's seed."),
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .max(8)
    .default([8, 6])
    .meta({ title: "Hidden layers", description: "Width of each hidden layer; together at most 5,000 weights." }),
  activation: choiceOf(doubleActivationNames, activationTexts)
    .default("tanh")
    .meta({
      title: "Activation",
      description: "Of every hidden layer.",
      "x-suggest": { type: "choice", values: ["sigmoid", "tanh", "elu", "relu"] },
    }),
  learningRate: withDefault(mlp.learningRate, 1e-2, { "x-suggest": { type: "log-float", min: 1e-3, max: 1e-1, points: 3 } }),
  epochs: withDefault(mlp.epochs, 300),
  batchSize: withDefault(mlp.batchSize, 0),
});
type BackpropagationParameters = z.infer<typeof BackpropagationParameters>;

const inputWidth = 2;
const pointsPerSide = 21;
const mostWeights = 5000;

/** z = x + 2y + 3x² + 4xy + 5y² at points [count, 2]. */
export function surface(points: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: points.length / inputWidth }, (_, i) => {
    const x = points[2 * i] ?? Number.NaN;
    const y = points[2 * i + 1] ?? Number.NaN;
    return x + 2 * y + 3 * x * x + 4 * x * y + 5 * y * y;
  });
}

function trainingPoints({ samples, dataSeed }: BackpropagationParameters): SupervisedData {
  const uniform = new Float64Array(inputWidth * samples);
  randomStream(dataSeed, "backpropagation/points").fillUniform(uniform);
  const inputs = Float32Array.from(uniform, (u) => 2 * u - 1);
  return { samples, inputs, targets: surface(inputs) };
}

function grid(): Float32Array {
  const places = Array.from({ length: pointsPerSide }, (_, i) => (2 * i) / (pointsPerSide - 1) - 1);
  return Float32Array.from(places.flatMap((y) => places.flatMap((x) => [x, y])));
}

function activationsOf({ hiddenLayers, activation }: BackpropagationParameters): DoubleActivation[] {
  return [...hiddenLayers.map(() => activation), "linear"];
}

/** Made for the figures and needed again for the plots. */
const comparisons = new WeakMap<TrainedNetwork, Promise<{ start: ArrayComparison[]; end: ArrayComparison[] }>>();

function comparisonOf(parameters: BackpropagationParameters, trained: TrainedNetwork) {
  const known = comparisons.get(trained);
  if (known) return known;
  const data = trainingPoints(parameters);
  const both = (async () => ({
    start: await compareGradients(trained, trained.initialWeights, data, activationsOf(parameters)),
    end: await compareGradients(trained, trained.weights, data, activationsOf(parameters)),
  }))();
  comparisons.set(trained, both);
  return both;
}

const problem: SupervisedProblem<BackpropagationParameters> = {
  kind: "supervised",
  inputWidth,
  outputWidth: 1,
  outputActivation: "linear",
  loss: "mse",

  data: trainingPoints,

  evaluationInputs: grid,

  evaluate(_, predictions) {
    const truth = surface(grid());
    const errors = Array.from(truth, (value, i) => ((predictions[i] ?? Number.NaN) - value) ** 2);
    return { gridMse: sum(errors) / errors.length };
  },

  async examine(parameters, trained) {
    const { start, end } = await comparisonOf(parameters, trained);
    const worst = (pick: (one: ArrayComparison) => number): number => Math.max(...[...start, ...end].map(pick));
    return { formulaError: worst(({ formula }) => formula), engineError: worst(({ engine }) => engine) };
  },

  async plots(parameters, trained) {
    const { start, end } = await comparisonOf(parameters, trained);
    const rows = (when: string, all: readonly ArrayComparison[]) =>
      all.map(({ name, norm, formula, engine }): (string | number)[] => [when, name, norm, formula, engine]);
    return {
      comparison: {
        kind: "table",
        title: "Gradients compared",
        caption: "Relative differences ‖a − b‖ / max(‖a‖, ‖b‖) of each array's gradient.",
        columns: ["weights", "array", "norm", "formulas against central differences", "engine (float32) against formulas"],
        rows: [...rows("initial", start), ...rows("trained", end)],
      },
      differences: {
        kind: "bars",
        title: "Relative differences of the gradients",
        caption: "In double precision the formulas agree with central differences; the engine computes in single precision.",
        categories: start.map(({ name }) => name),
        categoryTitle: "array",
        y: { label: "Relative difference", scale: "log" },
        series: [
          { name: "formulas against central differences", values: end.map(({ formula }) => formula) },
          { name: "engine against formulas", values: end.map(({ engine }) => engine) },
        ],
      },
    };
  },
};

/** The written-out reference knows neither normalization nor activations per layer, and central differences cost two passes for each weight. */
function checkReference(parameters: Configuration): Issue[] {
  const { hiddenLayers, layerActivations, batchNormalization } = BackpropagationParameters.parse(parameters);
  const widths = [inputWidth, ...hiddenLayers, 1];
  const weights = widths.slice(1).reduce((total, width, l) => total + width * (1 + (widths[l] ?? 0)), 0);
  const issues: Issue[] = [];
  if (weights > mostWeights)
    issues.push({
      path: "hiddenLayers",
      message: `${weights} weights are more than the ${mostWeights} whose central differences are taken`,
      hint: "use fewer or narrower layers",
    });
  if (layerActivations !== "")
    issues.push({
      path: "layerActivations",
      message: "the reference has one activation for all hidden layers",
      hint: "leave it empty",
    });
  if (batchNormalization)
    issues.push({ path: "batchNormalization", message: "the reference has no batch normalization", hint: "leave it off" });
  return issues;
}

/** Objective: how far the formulas are from central differences, which is what the experiment is about. */
export const backpropagation = mlpExperiment({
  id: "backpropagation",
  version: 2,
  title: "Backpropagation against central differences",
  summary: "The equations of backpropagation, written out, give the gradient that finite differences give.",
  description: `A network learns $z = x + 2y + 3x^2 + 4xy + 5y^2$ from 40 points on $[-1, 1]^2$. At its first and at its last weights the gradient of the
mean squared error is computed in three ways:

- the equations of backpropagation in double precision, written out: $\\delta^L = f'(z^L) \\circ \\partial C/\\partial a^L$,
  $\\delta^l = (\\delta^{l+1} (W^{l+1})^{\\mathsf T}) \\circ f'(z^l)$, $\\partial C/\\partial W^l = (a^{l-1})^{\\mathsf T}\\delta^l$,
  $\\partial C/\\partial b^l = \\sum\\delta^l$;
- central differences $(C(w+h) - C(w-h))/2h$ with $h = 10^{-5}$ in double precision, for every weight and bias;
- the engine that trains, which computes in single precision.

Two gradients of an array are compared by $\\lVert a-b\\rVert / \\max(\\lVert a\\rVert, \\lVert b\\rVert)$; figures are the worst of all arrays.

**Criterion.** The formulas differ from central differences by at most $10^{-6}$. The engine's own difference is reported beside it and is not part
of the criterion: single precision has a relative rounding error of $6\\cdot 10^{-8}$ per operation, and where the error signal nearly cancels over the samples, as it does
after training, what is left of the gradient is known to fewer digits.

**What to look for.** ReLU has a kink: where a unit's input lies within $h$ of it, the difference quotient is no derivative and the criterion can be missed.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: the back propagation equations",
  defaultSweep: {
    lesson: "The written-out equations agree with finite differences, whatever the activation.",
    space: { activation: { type: "choice", values: ["sigmoid", "tanh", "relu"] } },
    seeds: 5,
  },
  parameters: BackpropagationParameters,
  check: checkReference,
  sizes: (parameters) => vectorSizes(BackpropagationParameters.parse(parameters).samples, inputWidth, 1),
  objective: { metric: "formulaError", direction: "minimize" },
  metrics: [
    finalMetric("gridMse", "Mean squared error on a grid of 21 × 21 points", "Mean of (ẑ − z)² on 21 × 21 points of [−1, 1]².", {
      scale: "log",
    }),
    finalMetric(
      "formulaError",
      "Backpropagation against central differences, double precision",
      "Greatest ‖a − b‖/max(‖a‖, ‖b‖) of an array: backpropagation written out against central differences, both in double precision, at the first and the last weights.",
      { scale: "log" },
    ),
    finalMetric(
      "engineError",
      "Engine in single precision against backpropagation in double",
      "The same of the engine, in single precision, against backpropagation written out.",
      { scale: "log" },
    ),
  ],
  success: {
    text: "backpropagation within 1e-6 of central differences, relative, for every array",
    all: [{ metric: "formulaError", op: "<=", value: 1e-6 }],
  },
  plots: [
    { id: "differences", title: "Relative differences of the gradients", kind: "bars" },
    { id: "comparison", title: "Gradients compared", kind: "table" },
  ],
  maxPackWidth: 32,
  problem,
});
