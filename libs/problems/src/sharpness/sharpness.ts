import { activationTexts, choiceOf, MlpParameters, type Configuration, type Issue } from "@basin/contracts";
import { logarithm, sum } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { finalMetric } from "../final-metric";
import type { SupervisedProblem } from "../kinds/supervised";
import type { TrainedNetwork } from "../kinds/trained-network";
import { vectorSizes } from "../memory/data-sizes";
import { mlpExperiment } from "../mlp-experiment";
import { withDefault } from "../with-default";
import { curvatureOf, lossOfWeights, type Curvature, type LossOfWeights } from "./curvature";
import { plotsOf, sharpnessPlots } from "./plots";
import { inputNoises, testMoons, testPoints, trainingMoons } from "./two-moons";

const mlp = MlpParameters.shape;
const smooth = ["tanh", "sigmoid", "swish", "softplus", "sine"] as const;
const mostWeights = 600;
/** The right answer is taken to be given at least this probability, so that the cross-entropy stays finite. */
const leastProbability = 1e-12;

const SharpnessParameters = MlpParameters.extend({
  samples: z.int().min(4).max(2000).default(200).meta({ title: "Samples", unit: "sample", description: "Points of both moons." }),
  noise: z
    .number()
    .min(0)
    .max(2)
    .default(0.25)
    .meta({ title: "Noise", description: "Standard deviation of both coordinates; the moons have radius 1." }),
  dataSeed: dataSeed("Of the training and test points.", 1),
  stopAtLoss: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .meta({
      title: "Stop at the training loss",
      description:
        "A run ends with the first epoch whose mean loss is at or below this, so that all are compared at one loss; 0: never.",
      "x-suggest": { type: "choice", values: [0.05, 0.1, 0.15] },
    }),
  hiddenLayers: mlp.hiddenLayers
    .unwrap()
    .min(1)
    .max(4)
    .default([16])
    .meta({
      title: "Hidden layers",
      description: `Width of each hidden layer; together at most ${mostWeights} weights and biases.`,
    }),
  activation: choiceOf(smooth, activationTexts)
    .default("tanh")
    .meta({ title: "Activation", description: "Of every hidden layer; smooth, as a Hessian asks for.", "x-advanced": true }),
  learningRate: withDefault(mlp.learningRate, 0.01),
  epochs: withDefault(mlp.epochs, 5000, { description: "At most." }),
  batchSize: withDefault(mlp.batchSize, 8, { "x-suggest": { type: "choice", values: [8, 0] } }),
});
type SharpnessParameters = z.infer<typeof SharpnessParameters>;

/** Mean cross-entropy of probabilities of class 1, and the share of right answers, from place `from` on for `count`. */
function judge(probabilities: ArrayLike<number>, labels: ArrayLike<number>, from: number, count: number) {
  const given = Array.from({ length: count }, (_, i) => {
    const probability = probabilities[from + i] ?? Number.NaN;
    return labels[from + i] === 1 ? probability : 1 - probability;
  });
  const losses = given.map((probability) => -logarithm(Math.max(leastProbability, probability)));
  return { loss: sum(losses) / count, accuracy: given.filter((probability) => probability > 0.5).length / count };
}

/** Test loss and accuracy for each of `inputNoises`. */
function underNoise(parameters: SharpnessParameters, predictions: ArrayLike<number>) {
  const { targets } = testMoons(parameters);
  return inputNoises.map((_, k) => judge(predictions, targets, k * testPoints, testPoints));
}

interface Examined {
  loss: LossOfWeights;
  curvature: Curvature;
}

/** Made for the figures and needed again for the plots. */
const examined = new WeakMap<TrainedNetwork, Examined>();

function examine(parameters: SharpnessParameters, trained: TrainedNetwork): Examined {
  const known = examined.get(trained);
  if (known) return known;
  const activations = parameters.hiddenLayers.map(() => parameters.activation);
  const loss = lossOfWeights(trained.weights, activations, trainingMoons(parameters));
  const found = { loss, curvature: curvatureOf(loss, trained.seed) };
  examined.set(trained, found);
  return found;
}

const problem: SupervisedProblem<SharpnessParameters> = {
  kind: "supervised",
  inputWidth: 2,
  outputWidth: 1,
  outputActivation: "sigmoid",
  loss: "bce",
  followsLoss: true,

  data: trainingMoons,
  stopsAtLoss: ({ stopAtLoss }) => stopAtLoss,
  evaluationInputs: (parameters) => testMoons(parameters).inputs,

  evaluate(parameters, predictions) {
    const [clean, ...noisy] = underNoise(parameters, predictions);
    return {
      testLoss: clean?.loss ?? Number.NaN,
      testAccuracy: clean?.accuracy ?? Number.NaN,
      ...Object.fromEntries(noisy.map(({ loss }, k) => [noisyName(inputNoises[k + 1] ?? 0), loss])),
    };
  },

  examine(parameters, trained) {
    const { eigen, power, order } = examine(parameters, trained).curvature;
    const greatest = eigen.values.at(-1) ?? Number.NaN;
    return Promise.resolve({
      sharpness: power.value,
      sharpnessDeviation: Math.abs(power.value / greatest - 1),
      leastCurvature: eigen.values[0] ?? Number.NaN,
      curvatureSum: sum(eigen.values),
      quadraticOrder: order,
      quadraticOrderError: Math.abs(order - 3),
      epochsTrained: trained.lossHistory.length,
    });
  },

  async plots(parameters, trained) {
    const { loss, curvature } = examine(parameters, trained);
    const losses = underNoise(parameters, await trained.predict(testMoons(parameters).inputs)).map((one) => one.loss);
    return plotsOf(trained, trainingMoons(parameters), loss, curvature, losses);
  },
};

/** E.g. noisyLoss05 for 0.05. */
function noisyName(deviation: number): string {
  return `noisyLoss${String(Math.round(100 * deviation)).padStart(2, "0")}`;
}

/** The double-precision network knows neither normalization nor activations per layer, and a dense Hessian costs two gradients per weight. */
function check(parameters: Configuration): Issue[] {
  const { hiddenLayers, layerActivations, batchNormalization } = SharpnessParameters.parse(parameters);
  const widths = [2, ...hiddenLayers, 1];
  const weights = widths.slice(1).reduce((total, width, l) => total + width * (1 + (widths[l] ?? 0)), 0);
  const issues: Issue[] = [];
  if (weights > mostWeights)
    issues.push({
      path: "hiddenLayers",
      message: `has ${weights} weights and biases, for which a dense Hessian would take too long`,
      hint: `use at most ${mostWeights}`,
    });
  if (layerActivations !== "")
    issues.push({
      path: "layerActivations",
      message: "is not known to the Hessian in double precision",
      hint: "use `activation`",
    });
  if (batchNormalization)
    issues.push({ path: "batchNormalization", message: "is not known to the Hessian in double precision", hint: "use false" });
  return issues;
}

/** Objective: the loss on new points, which sharpness is said to foretell. */
export const sharpness = mlpExperiment({
  id: "sharpness",
  version: 1,
  title: "Sharp and flat minima",
  summary: "How steeply the loss bends at the end of training, and whether that says anything about new data.",
  description: `Two half moons, 200 points, with noise 0.25 on both coordinates: they overlap. A network 2-16-1 (tanh, 65 weights and biases) learns them with batches of 8 or with all points at
once, and **stops at a training loss of 0.1**, so that what is compared is where it got to and not how far.

**Sharpness** is the greatest eigenvalue $\\lambda_{max}$ of the Hessian $H$ of the training loss, at the saved weights and in double precision: by power iteration on Hessian–vector products
$Hv \\approx (g(\\theta + hv) - g(\\theta - hv))/2h$, $h = 10^{-5}$, held against all eigenvalues of the dense Hessian (\`sharpnessDeviation\`).

**The quadratic model.** $|L(\\theta + sd) - L - s\\,g{\\cdot}d - \\tfrac12 s^2 d^T H d|$ grows as $s^3$: the slope over $s = 10^{-3} \\dots 10^{-1}$, of the root mean square over 16 random directions of
length 1, is \`quadraticOrder\`.

**What to look for.** Sweep the batch size over many initializations and draw \`testLoss\` over \`sharpness\` (the sweep's comparison of two figures): whether flat minima generalise is the question, and no answer is claimed.
A network that has gone flat in its weights is not thereby insensitive to its inputs: see the losses under input noise. Eigenvalues depend on how weights are scaled, which a network can undo (L. Dinh et al. 2017).`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: sharp and flat minima, quadratic model of the loss",
  defaultSweep: {
    lesson: "Do small batches end in flatter minima, and do flat minima do better on new points?",
    space: { batchSize: { type: "choice", values: [8, 0] } },
    seeds: 20,
  },
  parameters: SharpnessParameters,
  check,
  sizes: ({ samples }) => vectorSizes(Number(samples), 2, 1),
  objective: { metric: "testLoss", direction: "minimize" },
  metrics: [
    finalMetric("testLoss", "Test loss", "Mean cross-entropy on 2,000 new points.", { scale: "log" }),
    finalMetric("testAccuracy", "Test accuracy", "Share of the 2,000 new points with more than ½ on the right class."),
    finalMetric("sharpness", "Sharpness λmax", "Greatest eigenvalue of the Hessian of the training loss, by power iteration.", {
      scale: "log",
    }),
    finalMetric(
      "sharpnessDeviation",
      "Power iteration against the dense Hessian",
      "|λ of power iteration / λ of the dense Hessian − 1|.",
      {
        scale: "log",
      },
    ),
    finalMetric("leastCurvature", "Least eigenvalue", "Of the Hessian; negative where the loss still bends down."),
    finalMetric("curvatureSum", "Sum of the eigenvalues", "Trace of the Hessian.", { scale: "log" }),
    finalMetric(
      "quadraticOrder",
      "Order of the quadratic model's error",
      "Slope of ln deviation over ln s, s from 1e-3 to 1e-1.",
    ),
    finalMetric("quadraticOrderError", "Distance of that order from 3", "|order − 3|.", { scale: "log" }),
    finalMetric("epochsTrained", "Epochs trained", "Until the training loss was reached, or all.", {
      unit: "epoch",
      scale: "log",
    }),
    ...inputNoises
      .filter((deviation) => deviation > 0)
      .map((deviation) =>
        finalMetric(
          noisyName(deviation),
          `Test loss with input noise ${deviation}`,
          `Mean cross-entropy on the new points, each coordinate moved by N(0, ${deviation}²).`,
          { scale: "log" },
        ),
      ),
  ],
  success: {
    text: "power iteration within 1 % of the dense Hessian, and an error of third order of the quadratic model (±0.1)",
    all: [
      { metric: "sharpnessDeviation", op: "<=", value: 0.01 },
      { metric: "quadraticOrderError", op: "<=", value: 0.1 },
    ],
  },
  plots: sharpnessPlots,
  maxPackWidth: 256,
  problem,
});
