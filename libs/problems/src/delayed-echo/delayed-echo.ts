import { RolloutParameters, type Configuration, type Issue, type PlotDescriptor } from "@basin/contracts";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import { difference, power } from "../differential-equations/expression";
import { finalMetric } from "../final-metric";
import { output, signal, type RolloutProblem } from "../kinds/rollout";
import { vectorSizes } from "../memory/data-sizes";
import { rolloutExperiment } from "../rollout/rollout-experiment";
import { withDefault } from "../with-default";
import { echoFigures, echoSequences, heardBack } from "./echo-sequences";

const rollout = RolloutParameters.shape;
const testSequences = 256;

const DelayedEchoParameters = RolloutParameters.extend({
  delay: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ title: "Delay d", unit: "step", "x-suggest": { type: "choice", values: [2, 5, 10] } }),
  sequences: z.int().min(1).max(4096).default(64).meta({ title: "Sequences", description: "That it is trained on." }),
  dataSeed: dataSeed("Of the sequences."),
  hiddenLayers: withDefault(rollout.hiddenLayers, [32], {
    description: "Width of each hidden layer; the last one is remembered.",
  }),
  cell: withDefault(rollout.cell, "elman", { "x-suggest": { type: "choice", values: ["none", "elman"] } }),
  initialization: withDefault(rollout.initialization, "lecun-normal"),
  initializationGain: withDefault(rollout.initializationGain, 1.5, {
    description: "Factor on the initial weights; above 1 gradients grow on their way back through time.",
    "x-suggest": { type: "choice", values: [1, 1.5, 2] },
    "x-advanced": undefined,
  }),
  optimizer: withDefault(rollout.optimizer, "momentum"),
  learningRate: withDefault(rollout.learningRate, 0.1, { "x-suggest": { type: "log-float", min: 1e-3, max: 0.1, points: 3 } }),
  schedule: withDefault(rollout.schedule, "cosine"),
  clipNorm: withDefault(rollout.clipNorm, 1, { "x-suggest": { type: "choice", values: [0, 0.1, 1, 10] } }),
  horizon: withDefault(rollout.horizon, 50, { description: "Steps of a sequence." }),
  firstHorizon: withDefault(rollout.firstHorizon, 50),
  epochs: withDefault(rollout.epochs, 500),
  reportEvery: withDefault(rollout.reportEvery, 5),
});
type DelayedEchoParameters = z.infer<typeof DelayedEchoParameters>;

function checkDelay({ delay, horizon, firstHorizon, horizonGrowth }: Configuration): Issue[] {
  const shortest = Number(horizonGrowth) > 0 ? Math.min(Number(firstHorizon), Number(horizon)) : Number(horizon);
  if (Number(delay) < shortest) return [];
  const message = `leaves nothing of sequences of ${shortest} steps to be echoed`;
  return [{ path: "delay", message, hint: shortest > 1 ? `at most ${shortest - 1}` : "longer sequences" }];
}

const problem: RolloutProblem<DelayedEchoParameters> = {
  kind: "rollout",
  loop: ({ delay, sequences, horizon, dataSeed: seed }) => ({
    states: 0,
    signals: 2,
    outputs: 1,
    outputActivation: "linear",
    inputs: [signal(0)],
    next: [],
    terms: [{ metric: "echoLoss", weight: () => 1, value: power(difference(output(), signal(1)), 2), from: delay }],
    training: echoSequences({ count: sequences, steps: horizon, delay, seed, purpose: "training" }),
  }),

  judge({ delay, horizon, dataSeed: seed }, { roll }) {
    const test = echoSequences({ count: testSequences, steps: horizon, delay, seed, purpose: "test" });
    const { outputs } = roll(test);
    return {
      metrics: echoFigures(test, outputs, delay),
      labels: {},
      plots: () => {
        const steps = Array.from({ length: horizon }, (_, n) => n);
        const remembered = heardBack(test, outputs, delay, 2 * delay);
        return {
          echo: {
            kind: "curve",
            title: `A sequence that it was not trained on, and its echo ${delay} steps later`,
            x: { label: "Step", unit: "step" },
            y: { label: "Value" },
            series: [
              {
                name: "echo",
                x: steps.slice(delay),
                y: steps.slice(delay).map((n) => test.signals[2 * n * test.count + 1] ?? Number.NaN),
                style: "dashed",
              },
              { name: "network", x: steps.slice(delay), y: steps.slice(delay).map((n) => outputs[n * test.count] ?? Number.NaN) },
            ],
          },
          remembered: {
            kind: "bars",
            title: "What the output holds of earlier inputs",
            caption: `1 at ${delay} and 0 elsewhere is an echo without fault.`,
            categories: remembered.map((_, k) => String(k)),
            categoryTitle: "Steps back",
            y: { label: "Share of that input" },
            series: [{ name: "share", values: remembered }],
          },
        };
      },
    };
  },
  diverged: () => ({ testError: Number.NaN, testRatio: Number.NaN }),
};

const plots: readonly PlotDescriptor[] = [
  { id: "echo", title: "A sequence and its echo", kind: "curve" },
  { id: "remembered", title: "What the output holds of earlier inputs", kind: "bars" },
];

/** Objective: the error on other sequences as a share of their variance, which 1 is no memory at all and 0 a perfect one. */
export const delayedEcho = rolloutExperiment({
  id: "delayed-echo",
  version: 1,
  title: "A recurrent network with clipped gradients",
  summary:
    "A recurrent network learns to say what it heard some steps ago; without a limit on the gradient it does not come to it.",
  description: `An Elman network hears numbers $x_t$, uniform in $[-1, 1]$, and must give out $x_{t-d}$. What it remembers is its hidden layer,
$h_t = \\tanh(W x_t + U h_{t-1} + b)$, so the gradient goes back through all 50 steps of a sequence, and is multiplied at each by the same matrix. Where that makes vectors longer
(\`initializationGain\` above 1), it grows exponentially with the steps, here and there along the way of the descent: a single step then throws the weights far away
(R. Pascanu, T. Mikolov, Y. Bengio, 2013). A limit on the norm, $g \\leftarrow g \\cdot c/\\lVert g\\rVert$ where $\\lVert g\\rVert > c$ (\`clipNorm\`), keeps the direction and takes such steps away.

**What to look for.** \`gradientNorm\` as a curve, and \`largestGradientNorm\` beside \`testError\` with \`clipNorm\` 1 and 0. A network without memory (\`cell\` none) has an error of 1: it can only say the mean.`,
  source:
    "An introduction to Neural Networks for Physicists; Hjorth-Jensen, Advanced machine learning, week 2: recurrent networks and gradient clipping",
  defaultSweep: {
    lesson: "What is a limit on the gradient's norm worth to a recurrent network?",
    space: { clipNorm: { type: "choice", values: [0, 0.1, 1] } },
    seeds: 5,
  },
  parameters: DelayedEchoParameters,
  perRunParameters: [],
  check: checkDelay,
  sizes: (given) => vectorSizes(DelayedEchoParameters.parse(given).sequences, 1, 1),
  objective: { metric: "testError", direction: "minimize" },
  metrics: [
    finalMetric(
      "echoLoss",
      "Error in the loss",
      "Mean of (y_t − x_{t−d})² over the training sequences and the steps from d on.",
      {
        series: true,
        scale: "log",
      },
    ),
    finalMetric(
      "testError",
      "Error on other sequences, share of the variance",
      "Mean of (y_t − x_{t−d})² over 256 other sequences and the steps from d on, divided by the mean of x_{t−d}² there.",
      { scale: "log" },
    ),
    finalMetric(
      "testRatio",
      "Share of the echo in the output",
      "Mean of y_t x_{t−d} over that of x_{t−d}², likewise; 1 is right.",
    ),
  ],
  success: {
    text: "other sequences are echoed with at most 5 % of their variance",
    all: [{ metric: "testError", op: "<=", value: 0.05 }],
  },
  plots,
  problem,
});
