import { MlpParameters, regressionLossParameters } from "@basin/contracts";
import { z } from "zod";
import { vectorSizes } from "../memory/data-sizes";
import { evenPlaces, rootMeanSquare } from "../interpolation-errors";
import type { SupervisedProblem } from "../kinds/supervised";
import {
  divergenceOf,
  scaledSamples,
  scaleRows,
  strainOf,
  velocitiesOf,
  velocityGradients,
  vorticityOf,
  type VelocityGradient,
} from "./fields";
import { cylinderFlowPlots, plotsOf } from "./plots";
import { flowAt, flowGrid, trueStrain } from "./potential-flow";
import { withDefault } from "../with-default";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const CylinderFlowParameters = MlpParameters.extend({
  ...regressionLossParameters,
  points: z.int().min(10).max(100_000).default(200).meta({
    title: "Points",
    unit: "sample",
    description: "Drawn uniformly on the square; those in or near the cylinder are left out.",
  }),
  noise: z
    .number()
    .min(0)
    .max(10)
    .default(0.05)
    .meta({
      title: "Noise",
      description: "Standard deviation of the noise on u and v; the stream's speed is 1.",
      "x-suggest": { type: "choice", values: [0, 0.02, 0.05, 0.1] },
    }),
  dataSeed: dataSeed("Which points and noise are drawn; independent of the run's seed.", 7),
  evaluationPoints: z.int().min(4).max(500).default(50).meta({
    title: "Evaluation points per side",
    description: "The figures are taken on a square grid of this many points per side, without those in or near the cylinder.",
    "x-advanced": true,
  }),
  hiddenLayers: withDefault(mlp.hiddenLayers, [128, 128, 64]),
  activation: withDefault(mlp.activation, "swish", { "x-suggest": { type: "choice", values: ["swish", "tanh", "gelu"] } }),
  learningRate: withDefault(mlp.learningRate, 2e-3, { "x-suggest": { type: "log-float", min: 2e-4, max: 2e-2, points: 5 } }),
  l2: withDefault(mlp.l2, 1e-5, {
    title: "L2 strength λ",
    description: "Of the penalty ½ λ Σw² on the weights, not the biases. Without it the network learns the noise.",
    "x-suggest": { type: "log-float", min: 1e-6, max: 1e-3, points: 7 },
    "x-advanced": undefined,
  }),
  epochs: withDefault(mlp.epochs, 3000),
  batchSize: withDefault(mlp.batchSize, 0),
});
type CylinderFlowParameters = z.infer<typeof CylinderFlowParameters>;

const rootMean = (values: readonly number[]): number => rootMeanSquare(values, new Float64Array(values.length));

const problem: SupervisedProblem<CylinderFlowParameters> = {
  kind: "supervised",
  inputWidth: 2,
  outputWidth: 2,
  outputActivation: "linear",
  loss: "mse",
  lossOf: ({ loss, huberDelta }) => ({ loss, huberDelta }),

  data(parameters) {
    const { places, velocities, inputs, outputs } = scaledSamples(parameters);
    return { samples: places.length, inputs: scaleRows(inputs, places), targets: scaleRows(outputs, velocities) };
  },

  evaluationInputs(parameters) {
    return scaleRows(scaledSamples(parameters).inputs, flowGrid(parameters.evaluationPoints));
  },

  evaluate(parameters, predictions) {
    const velocities = velocitiesOf(scaledSamples(parameters).outputs, predictions);
    const truth = flowGrid(parameters.evaluationPoints).flatMap(([x, y]) => {
      const { u, v } = flowAt(x, y);
      return [u, v];
    });
    return { velocityRmse: rootMeanSquare(velocities.flat(), truth) };
  },

  async examine(parameters, trained) {
    const grid = flowGrid(parameters.evaluationPoints);
    const found = await velocityGradients(trained, scaledSamples(parameters), grid);
    const truth = grid.map(([x, y]) => flowAt(x, y));
    const strain = trueStrain(grid);
    const entries = ({ ux, uy, vx, vy }: VelocityGradient): number[] => [ux, uy, vx, vy];
    const jacobian = truth.flatMap(entries);
    return {
      vorticityRatio: rootMean(found.map(vorticityOf)) / strain,
      divergenceRatio: rootMean(found.map(divergenceOf)) / strain,
      jacobianError: rootMeanSquare(found.flatMap(entries), jacobian) / rootMean(jacobian),
      strainError: rootMeanSquare(found.map(strainOf), truth.map(strainOf)) / strain,
    };
  },

  async plots(parameters, trained) {
    const samples = scaledSamples(parameters);
    const grid = flowGrid(parameters.evaluationPoints);
    const velocities = velocitiesOf(samples.outputs, await trained.predict(scaleRows(samples.inputs, grid)));
    const gradients = await velocityGradients(trained, samples, grid);
    return plotsOf(evenPlaces(-2, 2, parameters.evaluationPoints), grid, samples, { velocities, gradients });
  },
};

/** Objective: the error of the velocity on the grid, which the noise of the samples does not enter. */
export const cylinderFlow = mlpExperiment({
  id: "cylinder-flow",
  version: 2,
  title: "Flow past a cylinder",
  summary: "A swish network learns a potential flow from noisy velocities; its vorticity shows what it learned of the noise.",
  description: `Potential flow past a cylinder of radius $R = 0.5$ in a stream of speed $U = 1$:

$$u = U\\left(1 - R^2\\,\\frac{x^2 - y^2}{r^4}\\right), \\qquad v = -2UR^2\\,\\frac{xy}{r^4}.$$

Of 200 points, uniform on $[-2, 2]^2$, those with $r > 0.6$ are samples, with Gaussian noise of deviation 0.05 on $u$ and $v$. A network
2-128-128-64-2 with swish learns them on the full set with Adam at 0.002 for 3,000 epochs; coordinates and velocities are scaled to
$[0, 1]$ by their least and greatest sample.

**Figures** are taken on a grid of 50 × 50 points, of which 2,336 have $r > 0.6$. The true flow has neither vorticity $\\omega = v_x - u_y$ nor divergence
$u_x + v_y$. The network's are exact, propagated forward through its layers, and given as root mean square over that of the true rate of
strain $\\sqrt{S : S}$, $S$ the symmetric part of the velocity's gradient.

**What to look for.** Trained for all its epochs without a penalty, the network passes through the noisy samples: the velocity error grows again
and vorticity appears. An L2 penalty (\`l2\`) or early stopping (\`validationFraction\`, \`earlyStoppingPatience\`, \`restoreBestWeights\`) holds it back. Sweep over
\`l2\` or \`epochs\` to see both sides.

**The criterion is out of reach of these data.** The velocity meets it with room to spare, the derivatives do not. Seven tenths of the
strain's mean square lie within $r < 0.8$, where some eleven of the 189 samples are. Measured here: without any noise the same network has a vorticity of 0.24 and a divergence of
0.34 of the strain; with noise and the default penalty 0.4 and 0.5; stopped after 500 epochs 0.2 and 0.5, with a velocity error above 0.08. Ten times
as many points leave 0.23 and 0.26. Nor is it the network: a Gaussian process on the same 189 samples, its length and noise chosen by leaving one out, has a velocity
error of 0.048, a vorticity of 0.38 and a divergence of 0.45, without noise 0.29 and 0.40. Only smoothed on purpose until the velocity error stands at its bound (0.080), with the truth in hand,
does it come to 0.21 and 0.253. A measure of strain that is greater by $\\sqrt 2$, $\\sqrt{2\\,S : S}$, would not change the verdict. What would is a network that is free of divergence by
construction, which is another experiment.

**What differs from the source.** It prints how many points it has, 189 and 2,336, and no errors. Its points come from another random generator
than ours: \`dataSeed\` draws them here, and how many remain depends on it, 186 on average; 7 is the first seed that leaves 189. Its class takes one input and one output,
so that its example cannot run as documented. It uses no penalty.`,
  source: "pydelt, Neural Networks & Automatic Differentiation: flow around a cylinder",
  defaultSweep: {
    lesson: "How much noise in the velocities until the vorticity is noise?",
    space: { noise: { type: "choice", values: [0.02, 0.05, 0.1] } },
    seeds: 3,
  },
  parameters: CylinderFlowParameters,
  sizes: (parameters) => vectorSizes(CylinderFlowParameters.parse(parameters).points, 2, 2),
  objective: { metric: "velocityRmse", direction: "minimize" },
  metrics: [
    finalMetric(
      "velocityRmse",
      "Error of the velocity components",
      "√ of the mean of (û − u)² and (v̂ − v)² over the evaluation grid, without noise.",
      { scale: "log" },
    ),
    finalMetric(
      "vorticityRatio",
      "Vorticity over the true strain",
      "√ of the mean of (v̂_x − û_y)², exact derivatives of the network, over that of u_x² + v_y² + ½(u_y + v_x)² of the true flow. The truth has none.",
      { scale: "log" },
    ),
    finalMetric("divergenceRatio", "Divergence over the true strain", "The same of û_x + v̂_y, which is 0 in the true flow.", {
      scale: "log",
    }),
    finalMetric(
      "jacobianError",
      "Relative error of the velocity's Jacobian",
      "√(Σ|Ĵ − J|²/Σ|J|²) over the evaluation grid, J = (u_x, u_y; v_x, v_y), exact derivatives of the network.",
      { scale: "log" },
    ),
    finalMetric(
      "strainError",
      "Relative error of the rate of strain",
      "√ of the mean of (√(Ŝ : Ŝ) − √(S : S))² over that of S : S, S the symmetric part of J.",
      { scale: "log" },
    ),
  ],
  success: {
    text: "velocity error at most 0.08, vorticity and divergence at most a quarter of the strain",
    all: [
      { metric: "velocityRmse", op: "<=", value: 0.08 },
      { metric: "vorticityRatio", op: "<=", value: 0.25 },
      { metric: "divergenceRatio", op: "<=", value: 0.25 },
    ],
  },
  plots: cylinderFlowPlots,
  maxPackWidth: 16,
  problem,
});
