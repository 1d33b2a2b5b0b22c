import { MlpParameters } from "@basin/contracts";
import type { z } from "zod";
import type { SupervisedProblem } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { checkCompanion, gradientNorm, greatestComponent, trainCompanion, type Companion, type GradientAt } from "./companion";
import { fewDigits, fewDigitsParameters, fewDigitsProblem, fewDigitsSizes, partsMetrics, trainingData } from "./few-digits";
import { withDefault } from "../with-default";
import { finalMetric } from "../final-metric";
import { mlpExperiment } from "../mlp-experiment";

const mlp = MlpParameters.shape;

const GradientClippingParameters = MlpParameters.extend({
  ...fewDigitsParameters,
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .min(1)
    .default(Array.from({ length: 20 }, () => 32))
    .meta({ title: "Hidden layers", description: "Width of each hidden layer." }),
  activation: withDefault(mlp.activation, "relu", { "x-suggest": undefined }),
  initialization: withDefault(mlp.initialization, "he-normal", { "x-suggest": undefined }),
  initializationGain: withDefault(mlp.initializationGain, 1.5, {
    description: "Factor on the initial weights; above 1 the gradients grow with the depth.",
    "x-suggest": { type: "choice", values: [1, 1.5, 2] },
    "x-advanced": undefined,
  }),
  optimizer: withDefault(mlp.optimizer, "sgd", { description: "Only sgd.", "x-advanced": true }),
  learningRate: withDefault(mlp.learningRate, 0.1, { "x-suggest": { type: "log-float", min: 0.01, max: 1, points: 3 } }),
  epochs: withDefault(mlp.epochs, 300),
  batchSize: withDefault(mlp.batchSize, 0, { description: "Only 0: the full data set at once.", "x-advanced": true }),
  clipNorm: withDefault(mlp.clipNorm, 1, {
    title: "Gradient norm limit c",
    description: "Of all gradients together; 0: none.",
    "x-suggest": { type: "choice", values: [0, 0.1, 1, 10] },
    "x-advanced": undefined,
  }),
});
type GradientClippingParameters = z.infer<typeof GradientClippingParameters>;

/** Steps within which an unlimited network of the same initialization must have left the numbers to count as diverged. */
const companionSteps = 50;
const outcomes = ["stayed finite", "left the finite numbers"];

const companions = new WeakMap<TrainedNetwork, Promise<Companion>>();

/** The same network from the same initialization, trained in the same way without limits and penalties. */
function companionOf(parameters: GradientClippingParameters, trained: TrainedNetwork): Promise<Companion> {
  const known = companions.get(trained);
  if (known) return known;
  const companion = descend(parameters, trained, (weights, { inputs, targets }) => trained.gradients(weights, inputs, targets));
  companions.set(trained, companion);
  return companion;
}

function descend(
  parameters: GradientClippingParameters,
  trained: TrainedNetwork,
  gradientAt: GradientAt,
  steps = companionSteps,
): Promise<Companion> {
  const data = trainingData(fewDigits(parameters));
  return trainCompanion(trained, data, { gradientAt, rate: parameters.learningRate, steps, keep: [] });
}

const problem: SupervisedProblem<GradientClippingParameters> = {
  ...fewDigitsProblem,

  async examine(parameters, trained) {
    const { inputs, targets } = trainingData(fewDigits(parameters));
    const free = await trained.gradients(trained.initialWeights, inputs, targets);
    const limited = [trained.initialWeights, trained.weights].map((weights) =>
      trained.limitedGradients(weights, inputs, targets),
    );
    const { clipNorm, clipValue } = parameters;
    const ratios = (await Promise.all(limited)).flatMap((gradients) => [
      ...(clipNorm > 0 ? [gradientNorm(gradients) / clipNorm] : []),
      ...(clipValue > 0 ? [greatestComponent(gradients) / clipValue] : []),
    ]);
    const companion = await companionOf(parameters, trained);
    return {
      freeGradientNorm: gradientNorm(free),
      limitRatio: ratios.length > 0 ? Math.max(...ratios) : Number.NaN,
      unlimitedSteps: companion.finiteSteps,
      unlimited: companion.finiteSteps < companionSteps ? 1 : 0,
    };
  },

  async plots(parameters, trained) {
    const limited = await descend(
      parameters,
      trained,
      (weights, { inputs, targets }) => trained.limitedGradients(weights, inputs, targets),
      Math.min(companionSteps, parameters.epochs),
    );
    const free = await companionOf(parameters, trained);
    const curve = (name: string, { norms }: Companion) => ({ name, x: norms.map((_, i) => i + 1), y: norms });
    return {
      "gradient-norm": {
        kind: "curve",
        title: "Gradient norm in the first steps",
        caption: "Without a limit the norm grows from step to step until it is no number any more; with one it never exceeds it.",
        x: { label: "Step", unit: "step" },
        y: { label: "Norm of the gradient", scale: "log" },
        series: [curve("without limits", free), curve("as the optimizer gets it", limited)],
      },
    };
  },
};

/** Objective: the cross-entropy on the training part: what clipping is for is that training goes on. */
export const gradientClipping = mlpExperiment({
  id: "gradient-clipping",
  version: 2,
  title: "Gradient clipping",
  summary: "A network of twenty layers that leaves the numbers within a few steps trains calmly with clipped gradients.",
  description: `A network with 20 hidden layers of 32 ReLU units learns to read the 8 × 8 digits from 200 images by gradient descent on the full batch.
Its initial weights are He's times 1.5, so that outputs and gradients grow with the depth. If the norm of all gradients together exceeds $c$,
they are scaled down to it: $g \\leftarrow g \\cdot c/\\lVert g\\rVert$ (\`clipNorm\`); \`clipValue\` cuts each component to $\\pm$ its value instead.

**The comparison is made within each run**: from the same initial weights the same network is trained for ${companionSteps} steps without limits. Sweep \`clipNorm\` over
0 and 1 to see the same as an outcome: the runs without a limit diverge.

**Criterion.** The norm of the gradient as the optimizer gets it, computed in double precision at the first and at the last weights, divided by $c$, is at most
1 exactly; the network without limits has a weight that is not finite within ${companionSteps} steps; and the run itself ended with finite predictions (it would count as diverged
otherwise).

**Measured here**, five initializations: the norm at the start is $1.7\\text{–}5.7\\cdot 10^4$; without a limit the loss is no number at epoch 2 or 3; with $c = 1$ the clipped norm
is 0.999996, and the training accuracy after 300 epochs 0.49–0.71.`,
  source:
    "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: gradient clipping; Pascanu, Mikolov and Bengio, ICML 2013",
  defaultSweep: {
    lesson: "Without a limit the network leaves the numbers; with one it trains.",
    space: { clipNorm: { type: "choice", values: [0, 0.1, 1, 10] } },
    seeds: 5,
  },
  parameters: GradientClippingParameters,
  check: checkCompanion,
  sizes: (parameters) => fewDigitsSizes(GradientClippingParameters.parse(parameters)),
  objective: { metric: "trainingCrossEntropy", direction: "minimize" },
  metrics: [
    ...partsMetrics,
    finalMetric(
      "freeGradientNorm",
      "Gradient norm at the start, without limits",
      "‖g‖ over all arrays at the initial weights, without limits and penalties, in double precision.",
      { scale: "log" },
    ),
    finalMetric(
      "limitRatio",
      "Norm or component after clipping, as a share of its limit",
      "‖g‖/c as the optimizer gets it, or its greatest component over the value limit: the greater at the first and at the last weights.",
    ),
    finalMetric(
      "unlimitedSteps",
      "Steps that the network without limits stayed finite",
      "Steps after which every weight of a second network without limits was still finite.",
      { unit: "step" },
    ),
    finalMetric(
      "unlimited",
      "The network without limits",
      "Whether that network left the numbers within the steps that it was trained for.",
      { categories: outcomes },
    ),
  ],
  success: {
    text: "the clipped gradient never exceeds its limit, and the network stays finite where the one without limits does not",
    all: [
      { metric: "limitRatio", op: "<=", value: 1 },
      { metric: "unlimited", op: ">=", value: 1 },
    ],
  },
  plots: [{ id: "gradient-norm", title: "Gradient norm in the first steps", kind: "curve" }],
  maxPackWidth: 32,
  problem,
});
