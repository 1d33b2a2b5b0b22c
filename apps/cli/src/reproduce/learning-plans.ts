import type { Space } from "@basin/contracts";
import type { Plan, Reading } from "./plan";

/** Of the comparison of grid and random search. */
const searched: Space = {
  learningRate: { type: "log-float", min: 1e-4, max: 1, points: 5 },
  l2: { type: "log-float", min: 1e-5, max: 0.1, points: 5 },
};
const rates = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];

/** Optimizers, gates, digits, and what keeps deep networks trainable. */
/** Without the file MNIST's figures are those of the stand-in. */
const standIn = {
  metric: "source",
  category: "synthetic stand-in",
  why: "MNIST is not part of the repository; on the synthetic stand-in this says nothing about it. --mnist FILE brings mnist.npz",
};

export const learningPlans: readonly Plan[] = [
  {
    id: "optimizers",
    experiment: "optimizers",
    setting: "quadratic, condition 100, rate 0.01",
    fixed: { learningRate: 0.01 },
    swept: { rule: ["constant", "momentum", "adagrad", "adagrad-momentum", "rmsprop", "adam"] },
    quick: { seeds: 3 },
    readings: [
      { metric: "firstStepsError", read: "median", where: { rule: "adam" }, want: "criterion" },
      { metric: "firstStepsError", read: "median", where: { rule: "adagrad" }, want: "criterion" },
      { metric: "firstStepsError", read: "median", where: { rule: "rmsprop" }, want: "criterion" },
      { metric: "reached", read: "median", where: { rule: "adam" }, want: "criterion" },
      { metric: "stepsToTolerance", read: "median", where: { rule: "constant" } },
      { metric: "stepsToTolerance", read: "median", where: { rule: "momentum" } },
      { metric: "stepsToTolerance", read: "median", where: { rule: "adam" } },
      {
        metric: "success",
        read: "success",
        remark:
          "RMSprop swings across the valley with half its rate as amplitude, and Adagrad's steps shrink too soon at this rate: neither ends within 1e-6",
      },
    ],
  },
  {
    id: "logic-gates/neuron",
    experiment: "logic-gates",
    setting: "a single neuron",
    fixed: { hiddenLayers: [] },
    swept: { gate: ["AND", "OR", "XOR"] },
    quick: { seeds: 3 },
    readings: [
      { metric: "accuracy", read: "median", where: { gate: "AND" }, want: { op: ">=", value: 1 } },
      { metric: "accuracy", read: "median", where: { gate: "OR" }, want: { op: ">=", value: 1 } },
      {
        metric: "accuracy",
        read: "median",
        where: { gate: "XOR" },
        source: '"not bad"',
        want: { op: "<=", value: 0.75 },
        remark: "the source trains on a bootstrap sample that lacks (0, 0), which one neuron can separate",
      },
      { metric: "bce", read: "median", where: { gate: "XOR" }, source: "ln 2 = 0.693 at best", want: { op: ">=", value: 0.693 } },
    ],
  },
  {
    id: "logic-gates",
    experiment: "logic-gates",
    setting: "XOR with four hidden units",
    seeds: 10,
    quick: { seeds: 5 },
    readings: [
      { metric: "accuracy", read: "median", want: "criterion" },
      { metric: "bce", read: "median", want: "criterion" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 } },
    ],
  },
  {
    id: "digits",
    experiment: "digits",
    setting: "64-100-50-10 sigmoid, SGD, 7 × 7 cells of η and λ",
    swept: { learningRate: rates, l2: rates },
    quick: { swept: { learningRate: [1e-5, 1e-2, 1], l2: [1e-5, 10] }, seeds: 1, judged: true },
    readings: [
      {
        metric: "testAccuracy",
        read: "best",
        source: "heat map, no figure",
        want: "criterion",
        remark: "runs with ηλ > 2 diverge: the penalty alone makes their weights grow",
      },
      {
        metric: "testAccuracy",
        read: "median",
        where: { learningRate: 1e-5, l2: 1e-5 },
        source: "0.1 (heat map)",
        want: { op: "<=", value: 0.2 },
      },
      {
        metric: "testAccuracy",
        read: "median",
        where: { learningRate: 1e-2, l2: 10 },
        source: "0.1 (heat map)",
        want: { op: "<=", value: 0.2 },
      },
    ],
  },
  {
    id: "digits/adam",
    experiment: "digits",
    setting: "64-100-30-10 leaky ReLU, Adam 1e-4, 1,000 epochs",
    fixed: { hiddenLayers: [100, 30], activation: "leaky-relu", optimizer: "adam", learningRate: 1e-4, l2: 0, epochs: 1000 },
    quick: null,
    readings: [{ metric: "testAccuracy", read: "median", want: "criterion" }],
  },
  {
    id: "digits-cnn",
    experiment: "digits-cnn",
    setting: "two convolutions",
    quick: { seeds: 1 },
    readings: [{ metric: "testAccuracy", read: "median", want: "criterion" }],
  },
  {
    id: "mnist",
    experiment: "mnist",
    setting: "784-128-10 ReLU, Adam 1e-3, 5 epochs",
    quick: { seeds: 1 },
    readings: [
      { metric: "source", read: "classes" },
      {
        metric: "testAccuracy",
        read: "median",
        source: "> 0.98 with two hidden layers",
        want: "criterion",
        missed: "the source's figure is that of two hidden layers, not of this network: mnist/two-layers",
        unless: standIn,
      },
    ],
  },
  {
    id: "mnist/two-layers",
    experiment: "mnist",
    setting: "784-256-256-10 ReLU, Adam 1e-3, dropout 0.2, 10 epochs",
    fixed: { hiddenLayers: [256, 256], dropout: 0.2, epochs: 10 },
    quick: null,
    readings: [
      { metric: "source", read: "classes" },
      { metric: "testAccuracy", read: "median", source: "> 0.98", want: "criterion", unless: standIn },
    ],
  },
  {
    id: "polynomial-regression",
    experiment: "polynomial-regression",
    setting: "nine monomials, gradient descent 1e-3, 1,000 epochs",
    quick: { seeds: 2 },
    readings: [
      { metric: "remainingError", read: "median", source: "lower after 1,000 epochs than after 100", want: "criterion" },
    ],
  },
  {
    id: "vanishing-gradient/sigmoid",
    experiment: "vanishing-gradient",
    setting: "ten sigmoid layers",
    swept: { initialization: ["glorot-normal", "he-normal", "normal"] },
    quick: { fixed: { epochs: 1 }, seeds: 3, judged: true },
    readings: [
      { metric: "gradientRatio", read: "median", where: { initialization: "glorot-normal" }, want: { op: "<=", value: 1e-3 } },
      { metric: "gradientRatio", read: "median", where: { initialization: "he-normal" }, want: { op: "<=", value: 1e-3 } },
      {
        metric: "gradientRatio",
        read: "median",
        where: { initialization: "normal" },
        want: { op: "<=", value: 1e-3 },
        missed:
          "the criterion is wrong for N(0, 1): such weights are √32 times as large as a layer of 32 units needs, which makes up for most of the sigmoid's small slope; what goes wrong is that the units saturate (see the histograms)",
      },
    ],
  },
  {
    id: "vanishing-gradient/he",
    experiment: "vanishing-gradient",
    setting: "ten layers, He",
    fixed: { initialization: "he-normal" },
    swept: { activation: ["relu", "elu"] },
    quick: { fixed: { epochs: 1 }, seeds: 3, judged: true },
    readings: (["relu", "elu"] as const).flatMap((activation): Reading[] => [
      { metric: "gradientRatio", read: "median", where: { activation }, want: { op: ">=", value: 0.1 } },
      { metric: "gradientRatio", read: "median", where: { activation }, want: { op: "<=", value: 10 } },
    ]),
  },
  {
    id: "batch-normalization",
    experiment: "batch-normalization",
    setting: "six sigmoid layers, normalized",
    quick: { seeds: 1 },
    readings: [
      { metric: "normalizedMean", read: "median", want: "criterion" },
      { metric: "normalizedVarianceError", read: "median", want: "criterion" },
      { metric: "testAccuracy", read: "median" },
    ],
  },
  {
    id: "dropout",
    experiment: "dropout",
    setting: "p = 0.5, 200 images",
    quick: { seeds: 1 },
    readings: [
      { metric: "keptDeviation", read: "median", want: "criterion" },
      { metric: "gapReduction", read: "median", want: "criterion" },
    ],
  },
  {
    id: "gradient-clipping",
    experiment: "gradient-clipping",
    setting: "20 ReLU layers, norm limited to 1",
    quick: { seeds: 1 },
    readings: [
      { metric: "limitRatio", read: "median", want: "criterion" },
      { metric: "unlimited", read: "median", want: "criterion", remark: "1: the network without limits did not stay finite" },
    ],
  },
  {
    id: "breast-cancer",
    experiment: "breast-cancer",
    setting: "30-100-30-1 ReLU, Adam 1e-4, 1,000 epochs",
    quick: { seeds: 1 },
    readings: [{ metric: "testAccuracy", read: "median", source: "none printed", want: "criterion" }],
  },
  {
    id: "breast-cancer/logistic",
    experiment: "breast-cancer",
    setting: "logistic regression, Adam 1e-3",
    fixed: { hiddenLayers: [], learningRate: 1e-3 },
    quick: null,
    readings: [{ metric: "testAccuracy", read: "median", remark: "after 1,000 epochs of steps of 1e-3 it is still under way" }],
  },
  {
    id: "backpropagation",
    experiment: "backpropagation",
    setting: "the written-out equations against central differences",
    quick: { seeds: 1 },
    readings: [
      { metric: "formulaError", read: "median", want: "criterion" },
      { metric: "engineError", read: "median", remark: "the engine computes in single precision" },
    ],
  },
  {
    id: "cross-validation-search/grid",
    experiment: "cross-validation-search",
    setting: "5 × 5 grid of η and λ, five folds",
    space: searched,
    quick: { seeds: 1 },
    readings: [
      { metric: "crossValidationScore", read: "best" },
      { metric: "testAccuracy", read: "best", remark: "of all cells; not used for the choice" },
    ],
  },
  {
    id: "cross-validation-search/random",
    experiment: "cross-validation-search",
    setting: "random search with the same budget of 25",
    space: searched,
    search: { algorithm: "random", config: { trials: 25 } },
    quick: { seeds: 1 },
    readings: [
      { metric: "crossValidationScore", read: "best" },
      {
        metric: "crossValidationScore",
        read: "best",
        minus: "cross-validation-search/grid",
        want: { op: ">=", value: -0.01 },
        remark: "best score of random search minus best score of the grid",
      },
    ],
  },
];
