import type { Plan } from "./plan";

/** Why the claims of B5 about noise cannot be held against a network that never saw any. */
const unseenNoise =
  "the criterion asks too much of a network that never saw noise: replacing pixels takes a fifth of the contrast and the best linear reading of the true angle, with a perfect decoder, has 0.32 and 0.042; a matched filter has 0.011 and 0.001, but nothing in training on clean frames looks for one; trained with noise (pendulum-images/denoising) the bounds are met";

/** Function fitting, perceptrons, pendulum and oscillator. */
export const physicsPlans: readonly Plan[] = [
  {
    id: "loss-minimization",
    experiment: "loss-minimization",
    setting: "2-64-64-32-1 tanh, Adam 1e-3, 1,000 epochs",
    quick: { seeds: 2 },
    readings: [
      { metric: "loss", read: "median", source: "8.8e-5" },
      { metric: "mae", read: "median", source: "0.006170", want: "criterion" },
      { metric: "maxError", read: "median", source: "0.042440" },
      { metric: "rSquared", read: "median", source: "0.998468", want: "criterion" },
      { metric: "plateauLoss", read: "median", source: "0.041865", want: { op: ">=", value: 0.03 } },
      { metric: "dropEpoch", read: "median", source: "between 200 and 300 (its list)", want: { op: ">=", value: 200 } },
      {
        metric: "dropEpoch",
        read: "median",
        want: { op: "<=", value: 400 },
        missed:
          "the criterion is wrong as a bound: when the drop comes depends on the start (epochs 300 to 540 in five of them), and the source shows one",
      },
    ],
  },
  {
    id: "iris-perceptron",
    experiment: "iris-perceptron",
    setting: "4 inputs, sigmoid, start from N(0, 1)",
    quick: { seeds: 2 },
    readings: [
      { metric: "testAccuracy", read: "median", source: "1.0 (from a plot)", want: "criterion" },
      { metric: "testMse", read: "median", source: "2e-3 (from a plot)", want: "criterion" },
    ],
  },
  {
    id: "iris-perceptron/source",
    experiment: "iris-perceptron",
    setting: "the source's start, the same for every seed",
    fixed: { start: "source" },
    quick: { seeds: 1 },
    readings: [
      { metric: "testAccuracy", read: "median", source: "1.0 (from a plot)", want: "criterion" },
      { metric: "testMse", read: "median", source: "2e-3 (from a plot)", want: "criterion" },
    ],
  },
  {
    id: "perceptron-regression",
    experiment: "perceptron-regression",
    setting: "the printed sequence, the same for every seed",
    quick: { seeds: 1 },
    readings: [
      { metric: "sourceDeviation", read: "median", want: "criterion" },
      { metric: "weight", read: "median", source: "0.50555" },
      { metric: "bias", read: "median", source: "-0.00397" },
      {
        metric: "summedSquares",
        read: "median",
        source: "1.059e-7",
        remark:
          "the source's figure belongs to epoch 200 of its own program, which prints 1.2154e-5 (before each step) at epoch 100",
      },
    ],
  },
  {
    id: "pendulum-gravity",
    experiment: "pendulum-gravity",
    setting: "1-1-1 tanh averaged, Adam 1e-3",
    quick: { seeds: 2 },
    readings: [
      { metric: "estimate", read: "median", source: "9.8090" },
      { metric: "parameterError", read: "median", source: "0.0010", want: "criterion" },
    ],
  },
  {
    id: "pendulum-gravity/slow",
    experiment: "pendulum-gravity",
    setting: "the same with Adam 1e-4",
    fixed: { learningRate: 1e-4 },
    quick: { seeds: 1 },
    readings: [
      {
        metric: "estimate",
        read: "median",
        source: "9.9240",
        remark: "5,000 steps of at most 1e-4 do not reach the minimum from most starts, so the figure depends on the start",
      },
    ],
  },
  {
    id: "pendulum-gravity/parameter",
    experiment: "pendulum-gravity",
    setting: "ω as one trainable number, no network",
    fixed: { estimate: "parameter" },
    quick: { seeds: 1 },
    readings: [{ metric: "parameterError", read: "median", want: "criterion" }],
  },
  {
    id: "pendulum-gravity/amplitude",
    experiment: "pendulum-gravity",
    setting: "θ₀ = 1 learned, g = 0.98 and ℓ = 0.5 known",
    fixed: { learn: "amplitude", gravity: 0.98, length: 0.5 },
    quick: { seeds: 1 },
    readings: [
      { metric: "estimate", read: "median", remark: "the source prints no figure" },
      { metric: "parameterError", read: "median", want: "criterion" },
    ],
  },
  {
    id: "harmonic-oscillator-pinn",
    experiment: "harmonic-oscillator-pinn",
    setting: "1-10-10-1 sine, weight 0.1 for the equation, 10,000 epochs",
    seeds: 10,
    quick: { seeds: 2 },
    readings: [
      { metric: "sourceLoss", read: "median", source: "2e-3", want: "criterion" },
      { metric: "relativeL2", read: "median", want: "criterion" },
      { metric: "outcomeClass", read: "classes" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.9 } },
    ],
  },
  {
    id: "harmonic-oscillator-pinn/source",
    experiment: "harmonic-oscillator-pinn",
    setting: "the source's: all weights 1, 5,000 epochs",
    fixed: { residualWeight: 1, epochs: 5000, schedulePeriod: 250 },
    seeds: 10,
    quick: { seeds: 2 },
    readings: [
      { metric: "sourceLoss", read: "median", source: "2e-3 (one start)" },
      { metric: "relativeL2", read: "median" },
      {
        metric: "outcomeClass",
        read: "classes",
        remark: "trivial: θ ≡ 0, a loss of 0.617; the rate has decayed before every start has left that plateau",
      },
      { metric: "success", read: "success" },
    ],
  },
  {
    id: "pendulum-images",
    experiment: "pendulum-images",
    setting: "32 × 32 pixels, one latent value",
    quick: { seeds: 1 },
    readings: [
      { metric: "loss", read: "median", source: "0.0010 (L1, two latent values, 160 × 160)" },
      { metric: "cleanMae", read: "median", want: "criterion" },
      { metric: "angleRankCorrelation", read: "median", want: { op: ">=", value: 0.99 } },
      { metric: "centroidErrorNoise20", read: "median", want: { op: "<=", value: 0.02 }, missed: unseenNoise },
      { metric: "noiseRatio", read: "median", want: { op: "<=", value: 0.3 }, missed: unseenNoise },
      { metric: "breakdown", read: "classes" },
      {
        metric: "cleanMae",
        read: "median",
        over: "pendulum-images/two",
        want: { op: "<=", value: 1.5 },
        remark: "one latent value does almost as well as two",
      },
      {
        metric: "claimsMet",
        read: "median",
        want: "criterion",
        missed: "the two claims about noise, see there, are part of it",
      },
    ],
  },
  {
    id: "pendulum-images/two",
    experiment: "pendulum-images",
    setting: "two latent values",
    fixed: { latentWidth: 2 },
    quick: { seeds: 1 },
    readings: [
      { metric: "cleanMae", read: "median", source: "0.0010 (training L1)", want: { op: "<=", value: 0.01 } },
      {
        metric: "noiseRatio",
        read: "median",
        remark: "the source pictures noisy frames with two latent values, without a figure",
      },
    ],
  },
  {
    id: "pendulum-images/denoising",
    experiment: "pendulum-images",
    setting: "one latent value, 20 % of the pixels replaced in training",
    fixed: { trainingNoise: 0.2 },
    quick: null,
    readings: [
      {
        metric: "cleanMae",
        read: "median",
        remark: "not the source's training: the price of seeing noise is a greater error on clean frames",
      },
      { metric: "noiseRatio", read: "median", want: { op: "<=", value: 0.3 } },
      { metric: "centroidErrorNoise20", read: "median", want: { op: "<=", value: 0.02 } },
    ],
  },
  {
    id: "pendulum-images/none",
    experiment: "pendulum-images",
    setting: "no latent value: the control of the dimension claim",
    fixed: { latentWidth: 0 },
    quick: null,
    readings: [
      { metric: "cleanMae", read: "median", remark: "the best constant image" },
      {
        metric: "cleanMae",
        read: "median",
        over: "pendulum-images",
        want: { op: ">=", value: 3 },
        remark: '"much greater" than with one latent value, taken as three times',
      },
    ],
  },
];
