import { MlpParameters, regressionLossParameters, type PlotDescriptor } from "@basin/contracts";
import { randomStream, sinPi } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { vectorSizes } from "../memory/data-sizes";
import { curveFit, mlpExperiment } from "../mlp-experiment";
import { withDefault } from "../with-default";

const mlp = MlpParameters.shape;
/** The network sees x as 2x − 1, in [−1, 1]. */
const inputFactor = 2;
const strengths = [0, 1e-5, 1e-4, 1e-3, 1e-2];

const WeightDecayParameters = MlpParameters.extend({
  ...regressionLossParameters,
  samples: z.int().min(2).max(1000).default(20).meta({ title: "Samples", unit: "sample", description: "Equispaced on [0, 1]." }),
  noise: z
    .number()
    .min(0)
    .max(10)
    .default(0.2)
    .meta({ title: "Noise", description: "Standard deviation.", "x-suggest": { type: "choice", values: [0, 0.1, 0.2, 0.4] } }),
  dataSeed: dataSeed("Of the noise."),
  l2: withDefault(mlp.l2, 1e-3, { "x-suggest": { type: "choice", values: strengths }, "x-advanced": undefined }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [64, 64]),
  learningRate: withDefault(mlp.learningRate, 0.01),
  schedule: withDefault(mlp.schedule, "cosine"),
  scheduleDecay: withDefault(mlp.scheduleDecay, 0.01),
  epochs: withDefault(mlp.epochs, 5000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type WeightDecayParameters = z.infer<typeof WeightDecayParameters>;

const gridPoints = 201;
const grid = Array.from({ length: gridPoints }, (_, i) => i / (gridPoints - 1));
const scaled = (places: readonly number[]): Float32Array => Float32Array.from(places, (x) => inputFactor * x - 1);
const truth = (x: number): number => sinPi(2 * x);

function measured({ samples, noise, dataSeed }: WeightDecayParameters): { x: number[]; y: number[] } {
  const stream = randomStream(dataSeed, "weight-decay/noise");
  const x = Array.from({ length: samples }, (_, i) => i / (samples - 1));
  return { x, y: x.map((place, i) => truth(place) + noise * stream.normal(i)) };
}

/** f″ in the units of x on the grid, exactly, by forward propagation. */
async function curvatures(trained: TrainedNetwork): Promise<number[]> {
  const [, second = new Float32Array(0)] = await trained.derivatives(scaled(grid), [1], 2);
  return Array.from(second, (value) => value * inputFactor ** 2);
}

const problem: SupervisedProblem<WeightDecayParameters> = {
  ...curveFit,

  data(parameters) {
    const { x, y } = measured(parameters);
    return { samples: x.length, inputs: scaled(x), targets: Float32Array.from(y) };
  },
  evaluationInputs: () => scaled(grid),

  evaluate(_, predictions) {
    const squares = grid.reduce((sum, x, i) => sum + ((predictions[i] ?? Number.NaN) - truth(x)) ** 2, 0);
    return { testRmse: Math.sqrt(squares / gridPoints) };
  },

  async examine(_, trained) {
    const bends = await curvatures(trained);
    const trapezoid = bends.reduce((sum, bend, i) => sum + bend * bend * (i === 0 || i === gridPoints - 1 ? 0.5 : 1), 0);
    return { roughness: trapezoid / (gridPoints - 1) };
  },

  async plots(parameters, trained) {
    const { x, y } = measured(parameters);
    const fit = Array.from(await trained.predict(scaled(grid)));
    const bends = await curvatures(trained);
    return {
      fit: {
        kind: "curve",
        title: `Fit with λ₂ = ${parameters.l2}`,
        caption: "Without a penalty the network goes through every point and swings between them.",
        x: { label: "x" },
        y: { label: "f" },
        series: [
          { name: "truth", x: grid, y: grid.map(truth), style: "dashed" },
          { name: "network", x: grid, y: fit },
          { name: "measured", x, y, style: "points" },
        ],
      },
      curvature: {
        kind: "curve",
        title: "Second derivative",
        caption: "Exact derivatives of the network; the integral of the square is the roughness.",
        x: { label: "x" },
        y: { label: "f″" },
        series: [
          { name: "truth", x: grid, y: grid.map((place) => -((2 * Math.PI) ** 2) * truth(place)), style: "dashed" },
          { name: "network", x: grid, y: bends },
        ],
      },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "fit", title: "Measurements, truth and network", kind: "curve" },
  { id: "curvature", title: "Second derivative", kind: "curve" },
];

/** Objective: the error of the curve on the whole interval. */
export const weightDecay = mlpExperiment({
  id: "weight-decay",
  version: 1,
  title: "Weight decay on a noisy sine",
  summary: "A penalty on the squares of the weights keeps a large network from following the noise.",
  description: `Twenty measurements of $\\sin 2\\pi x$ on $[0, 1]$ with noise 0.2, and a network 1-64-64-1 (tanh) with 4,353 weights: enough to go through every point. The penalty
$\\tfrac12\\lambda_2 \\sum w^2$ (\`l2\`) makes large weights, and with them sharp bends, expensive.

**Figures.** \`testRmse\`: the error against the true curve on 201 points. \`roughness\`: $\\int_0^1 f''(x)^2\\,dx$ by exact second derivatives of the network (the true curve has
$\\tfrac12(2\\pi)^4 = 779$).

**What to look for.** Without the penalty the fit swings from point to point. As λ₂ grows the roughness falls; the error has a minimum between following the noise and not
following the curve.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: regularization",
  defaultSweep: {
    lesson: "How strong must the penalty be for the best curve, and how smooth is that?",
    space: { l2: { type: "choice", values: strengths } },
    seeds: 10,
  },
  parameters: WeightDecayParameters,
  sizes: (parameters) => vectorSizes(WeightDecayParameters.parse(parameters).samples, 1, 1),
  objective: { metric: "testRmse", direction: "minimize" },
  metrics: [
    finalMetric("testRmse", "Error of the curve", "√ of the mean of (f̂ − sin 2πx)² over 201 equidistant points.", {
      scale: "log",
    }),
    finalMetric("roughness", "Roughness", "∫₀¹ f″(x)² dx by the trapezoidal rule on 201 points, exact derivatives.", {
      scale: "log",
    }),
  ],
  success: {
    text: "an error of at most 0.12, where the noise is 0.2 (Basin's own: the source gives no figure)",
    all: [{ metric: "testRmse", op: "<=", value: 0.12 }],
  },
  plots,
  maxPackWidth: 64,
  problem,
});
