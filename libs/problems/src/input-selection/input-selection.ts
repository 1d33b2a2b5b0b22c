import { MlpParameters, type Configuration, type Issue, type PlotDescriptor } from "@basin/contracts";
import { exponential, randomStream, sinPi } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import type { NetworkWeights } from "../kinds/trained-network";
import { vectorSizes } from "../memory/data-sizes";
import { mlpExperiment } from "../mlp-experiment";
import { withDefault } from "../with-default";

const mlp = MlpParameters.shape;
const width = 10;
/** The inputs that matter, from 0. */
const relevant: readonly number[] = [2, 6];
const testSamples = 500;
const strengths = [0, 1e-3, 5e-3, 1.5e-2, 5e-2];

const InputSelectionParameters = MlpParameters.extend({
  samples: z.int().min(10).max(10_000).default(500).meta({ title: "Samples", unit: "sample" }),
  noise: z.number().min(0).max(10).default(0.1).meta({ title: "Noise", description: "Standard deviation." }),
  dataSeed: dataSeed("Of inputs and noise."),
  proximalL1: withDefault(mlp.proximalL1, 0.015, {
    "x-suggest": { type: "choice", values: strengths },
    "x-advanced": undefined,
  }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [16], { description: "Width of each hidden layer; at least one." }),
  optimizer: withDefault(mlp.optimizer, "sgd"),
  learningRate: withDefault(mlp.learningRate, 0.1),
  epochs: withDefault(mlp.epochs, 3000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type InputSelectionParameters = z.infer<typeof InputSelectionParameters>;

/** y = sin(½πx₂) + e^x₆. */
function truth(row: ArrayLike<number>): number {
  return sinPi((row[2] ?? Number.NaN) / 2) + exponential(row[6] ?? Number.NaN);
}

function drawn(purpose: string, dataSeed: number, samples: number): Float32Array {
  const uniform = new Float64Array(samples * width);
  randomStream(dataSeed, `input-selection/${purpose}`).fillUniform(uniform);
  return Float32Array.from(uniform, (u) => 2 * u - 1);
}

const rowOf = (all: Float32Array, i: number): Float32Array => all.subarray(i * width, (i + 1) * width);

/** For each input how far it reaches into the network: the greatest |w| of its row of the first layer. */
function reaches(weights: NetworkWeights): number[] {
  const first = weights["layers.0.weight"];
  const columns = first?.shape[1] ?? 0;
  return Array.from({ length: width }, (_, j) =>
    Math.max(...Array.from({ length: columns }, (__, k) => Math.abs(first?.values[j * columns + k] ?? Number.NaN))),
  );
}

const problem: SupervisedProblem<InputSelectionParameters> = {
  kind: "supervised",
  inputWidth: width,
  outputWidth: 1,
  outputActivation: "linear",
  loss: "mse",

  data({ samples, noise, dataSeed }) {
    const inputs = drawn("inputs", dataSeed, samples);
    const stream = randomStream(dataSeed, "input-selection/noise");
    const targets = Float32Array.from({ length: samples }, (_, i) => truth(rowOf(inputs, i)) + noise * stream.normal(i));
    return { samples, inputs, targets };
  },
  evaluationInputs: ({ dataSeed }) => drawn("test", dataSeed, testSamples),

  evaluate({ dataSeed }, predictions) {
    const inputs = drawn("test", dataSeed, testSamples);
    const squares = Array.from(predictions, (value, i) => (value - truth(rowOf(inputs, i))) ** 2);
    return { testRmse: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / testSamples) };
  },

  examine(_, { weights }) {
    const found = reaches(weights);
    const isZero = (j: number): boolean => found[j] === 0;
    const zeroRows = found.filter((_reach, j) => !relevant.includes(j) && isZero(j)).length;
    const keptRows = relevant.filter((j) => !isZero(j)).length;
    return Promise.resolve({ zeroRows, keptRows });
  },

  plots(_, { weights }) {
    const first = weights["layers.0.weight"];
    const columns = first?.shape[1] ?? 0;
    const names = Array.from({ length: width }, (_row, j) => `x${j}${relevant.includes(j) ? " (matters)" : ""}`);
    return Promise.resolve({
      "first-layer": {
        kind: "heat-map",
        title: "Weights of the first layer",
        caption: "A row of zeros is an input that the network does not look at.",
        columns: Array.from({ length: columns }, (_column, k) => String(k)),
        rows: names,
        columnTitle: "Hidden unit",
        rowTitle: "Input",
        value: { label: "|w|" },
        z: names.map((_row, j) =>
          Array.from({ length: columns }, (_column, k) => Math.abs(first?.values[j * columns + k] ?? Number.NaN)),
        ),
      },
      reach: {
        kind: "bars",
        title: "Greatest weight of each input",
        categories: names,
        categoryTitle: "Input",
        y: { label: "max |w|" },
        series: [{ name: "network", values: reaches(weights) }],
      },
    });
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "first-layer", title: "Weights of the first layer", kind: "heat-map" },
  { id: "reach", title: "Greatest weight of each input", kind: "bars" },
];

function check({ hiddenLayers }: Configuration): Issue[] {
  return Array.isArray(hiddenLayers) && hiddenLayers.length === 0
    ? [
        {
          path: "hiddenLayers",
          message: "what the network makes of two inputs is bent, for which it needs a hidden layer",
          hint: "e.g. [16]",
        },
      ]
    : [];
}

/** Objective: the error on new points, by which a network is used; which inputs it takes is the criterion. */
export const inputSelection = mlpExperiment({
  id: "input-selection",
  version: 1,
  title: "Which inputs matter to a network",
  summary: "A proximal L1 penalty sets the weights of eight superfluous inputs to exactly 0.",
  description: `Five hundred samples of ten inputs, uniform on $[-1, 1]$, and $y = \\sin \\tfrac12\\pi x_2 + e^{x_6} + N(0, 0.1^2)$: eight inputs say nothing. A network 10-16-1 (tanh) is
trained by plain gradient descent on all samples, and after each step every weight becomes $\\operatorname{sign}(w)\\max(|w| - \\eta\\lambda, 0)$ (\`proximalL1\`), the proximal
gradient method for $\\lambda\\sum|w|$.

**What to look for.** The rows of the first layer that belong to the eight inputs are exactly 0 (\`zeroRows\` = 8) and those of the two are not: the network says itself which
inputs it uses. With λ = 0 every input gets some weight. Too strong a penalty bends the curve, and what it leaves unexplained pulls at inputs that matter nothing; it costs accuracy
besides, so that the inputs are best chosen with it and the network trained anew on those alone. The gradient of $\\lambda|w|$ (\`l1\`) makes weights small, not 0.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: regularization",
  defaultSweep: {
    lesson: "From which strength on does a network look at the two inputs that matter and at no other?",
    space: { proximalL1: { type: "choice", values: strengths } },
    seeds: 10,
  },
  parameters: InputSelectionParameters,
  check,
  sizes: (parameters) => vectorSizes(InputSelectionParameters.parse(parameters).samples, width, 1),
  objective: { metric: "testRmse", direction: "minimize" },
  metrics: [
    finalMetric("testRmse", "Error on new points", "√ of the mean of (ŷ − y)² over 500 new points without noise.", {
      scale: "log",
    }),
    finalMetric(
      "zeroRows",
      "Superfluous inputs left out",
      "Of the eight inputs that do not matter, how many have only weights 0 in the first layer.",
    ),
    finalMetric(
      "keptRows",
      "Inputs kept that matter",
      "Of the two inputs that matter, how many have a weight other than 0 in the first layer.",
    ),
  ],
  success: {
    text: "the first layer's weights are exactly 0 for the eight inputs that do not matter, and not for the two that do",
    all: [
      { metric: "zeroRows", op: ">=", value: 8 },
      { metric: "keptRows", op: ">=", value: 2 },
    ],
  },
  plots,
  maxPackWidth: 64,
  problem,
});
