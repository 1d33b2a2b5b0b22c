import { ActivationName, layerActivationsOf, MlpParameters } from "@basin/contracts";
import type { z } from "zod";
import { digitsProblem } from "../digits/digits-problem";
import { classifierMetrics } from "../digits/classification";
import { digitClasses, digitSide, trainingDigits } from "../digits/digit-images";
import { digitsDataParameters } from "../digits/digits-parameters";
import { vectorSizes } from "../memory/data-sizes";
import type { SupervisedProblem } from "../kinds/supervised";
import { claimOutcomes, judgeFlow, weightGradientNorms } from "./gradient-flow";
import { deadShare, outputVariance } from "./layer-outputs";
import { plotsOf, shownSamples, vanishingGradientPlots } from "./plots";
import { withDefault } from "../with-default";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const VanishingGradientParameters = MlpParameters.extend({
  ...digitsDataParameters,
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .min(1)
    .default(Array.from({ length: 10 }, () => 32))
    .meta({ title: "Hidden layers", description: "Width of each hidden layer." }),
  activation: withDefault(mlp.activation, "sigmoid", {
    description: "Of every hidden layer; leaky-relu and elu have a slope and a factor of their own.",
    "x-suggest": { type: "choice", values: ["sigmoid", "tanh", "relu", "leaky-relu", "elu"] },
  }),
  initialization: withDefault(mlp.initialization, "glorot-normal", {
    description: "Distribution of the initial weights; normal is N(0, 1).",
    "x-suggest": { type: "choice", values: ["normal", "glorot-normal", "he-normal"] },
  }),
  epochs: withDefault(mlp.epochs, 30),
  batchSize: withDefault(mlp.batchSize, 64),
});
type VanishingGradientParameters = z.infer<typeof VanishingGradientParameters>;

function activationsOf({ layerActivations, activation, hiddenLayers }: VanishingGradientParameters): ActivationName[] {
  const named = layerActivationsOf(layerActivations).map((name) => ActivationName.parse(name));
  return named.length > 0 ? named : hiddenLayers.map(() => activation);
}

const problem: SupervisedProblem<VanishingGradientParameters> = {
  ...digitsProblem,

  async examine(parameters, trained, resources) {
    const { inputs, targets } = problem.data(parameters, resources);
    const norms = weightGradientNorms(await trained.gradients(trained.initialWeights, inputs, targets));
    const shown = shownSamples({ samples: targets.length / digitClasses.length, inputs, targets });
    const start = (await trained.layerOutputs(trained.initialWeights, shown.inputs)).slice(0, -1);
    const end = (await trained.layerOutputs(trained.weights, shown.inputs)).slice(0, -1);
    const [first, last] = [start[0], start.at(-1)];
    return {
      ...judgeFlow(norms, activationsOf(parameters), parameters.initialization),
      deadAtStart: deadShare(start, shown.samples),
      deadAtEnd: deadShare(end, shown.samples),
      varianceRatio: first && last ? outputVariance(last) / outputVariance(first) : Number.NaN,
    };
  },

  plots(parameters, trained, resources) {
    return plotsOf(trained, problem.data(parameters, resources), activationsOf(parameters), parameters);
  },
};

/** Objective: the decades between the gradients of the first and the last hidden layer. 0 is a gradient that reaches every layer alike. */
export const vanishingGradient = mlpExperiment({
  id: "vanishing-gradient",
  version: 2,
  title: "Vanishing and exploding gradients",
  summary:
    "Whether the gradient reaches the first of ten layers is decided by activation and initialization before training begins.",
  description: `Ten hidden layers of 32 units read the 8 × 8 digits (softmax, cross-entropy). Before the first step the gradient of the
loss on all training samples is taken by backpropagation, $\\delta^l = (\\delta^{l+1} W^{\\mathsf T}) \\circ f'(z^l)$, and its norm
$\\lVert\\partial C/\\partial W^l\\rVert$ is compared between layers:

$$\\text{ratio} = \\lVert\\partial C/\\partial W^1\\rVert \\,/\\, \\lVert\\partial C/\\partial W^{10}\\rVert .$$

A ratio far below 1 is a vanishing gradient, far above 1 an exploding one. The network is then trained with Adam at $10^{-3}$ for 30 epochs.

**What to look for.** Sweep \`activation\` and \`initialization\` (15 cells, several seeds). The sigmoid's slope is at most ¼, so with weights of
Glorot's or He's size every layer takes a factor of it; ReLU and ELU with He's weights keep the gradient's size. $N(0, 1)$ weights are far too large for 32 units: bounded activations
saturate, unbounded ones and their gradients grow by orders of magnitude. The ratio alone does not show the latter: ReLU is homogeneous, so scaling all weights scales
all gradients alike; look at the norms themselves. The plots show the norm in each layer and the histogram of the activations.

**Criterion.** It fits the configuration: with sigmoid units in all layers the ratio must be at most $10^{-3}$; with ReLU or ELU units in all layers
*and* He's initialization it must lie within $[0.1, 10]$. About other combinations nothing is claimed: \`claim\` then says so and the criterion counts
as not met.

**Measured here**, five initializations: sigmoid with Glorot's weights $1.1\\text{–}4.2\\cdot 10^{-6}$ and with He's $1.4\\text{–}5.9\\cdot 10^{-5}$; ReLU with He's 0.8–1.8, ELU 1.2–2.1.
Sigmoid with $N(0, 1)$ weights has 0.01–0.05 and misses the criterion: the larger weights make up for part of the small slopes, and the units saturate instead.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: activation functions and vanishing gradients",
  defaultSweep: {
    lesson: "Activation and initialization decide whether a gradient reaches the first layer.",
    space: {
      activation: { type: "choice", values: ["sigmoid", "tanh", "relu"] },
      initialization: { type: "choice", values: ["glorot-normal", "he-normal"] },
    },
    seeds: 3,
  },
  parameters: VanishingGradientParameters,
  sizes: (parameters) =>
    vectorSizes(trainingDigits(VanishingGradientParameters.parse(parameters).testFraction), digitSide ** 2, digitClasses.length),
  objective: { metric: "gradientDecades", direction: "minimize" },
  metrics: [
    ...classifierMetrics,
    finalMetric(
      "firstGradientNorm",
      "Gradient norm of the first hidden layer at the start",
      "‖∂C/∂W¹‖ of the first hidden layer over all training samples at the initial weights.",
      { scale: "log" },
    ),
    finalMetric("lastGradientNorm", "Gradient norm of the last hidden layer at the start", "The same of the last hidden layer.", {
      scale: "log",
    }),
    finalMetric(
      "gradientRatio",
      "Gradient norm, first to last hidden layer, at the start",
      "firstGradientNorm/lastGradientNorm.",
      { scale: "log" },
    ),
    finalMetric("gradientDecades", "Decades between first and last hidden layer, |log₁₀ ratio|", "|log₁₀ gradientRatio|."),
    finalMetric(
      "varianceRatio",
      "Variance of the outputs, last to first hidden layer, at the start",
      "Variance over units and the first 256 training samples of the last hidden layer's outputs over that of the first's, at the initial weights.",
      { scale: "log" },
    ),
    finalMetric(
      "deadAtStart",
      "Share of dead units at the start",
      "Share of hidden units that are 0 for each of the first 256 training samples, at the initial weights.",
    ),
    finalMetric("deadAtEnd", "Share of dead units after training", "The same of the saved weights."),
    finalMetric(
      "claim",
      "The claim about this configuration",
      "held or missed: sigmoid in all layers, ratio ≤ 1e-3; ReLU or ELU in all layers and an initialization by He, ratio within [0.1, 10]. About others nothing is claimed.",
      { categories: [...claimOutcomes] },
    ),
  ],
  success: {
    text: "sigmoid: ratio of first to last gradient norm at most 1e-3; ReLU or ELU with He: within [0.1, 10]; otherwise nothing is claimed",
    all: [{ metric: "claim", op: ">=", value: 2 }],
  },
  plots: vanishingGradientPlots,
  maxPackWidth: 64,
  problem,
});
