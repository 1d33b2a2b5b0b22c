import { atLeast, atMost, criterion, median, success, type Plan } from "./plan";

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
      median("loss", { source: "8.8e-5" }),
      median("mae", { source: "0.006170", ...criterion }),
      median("maxError", { source: "0.042440" }),
      median("rSquared", { source: "0.998468", ...criterion }),
      median("plateauLoss", { source: "0.041865", ...atLeast(0.03) }),
      median("dropEpoch", { source: "between 200 and 300 (its list)", ...atLeast(200) }),
      median("dropEpoch", {
        ...atMost(400),
        missed:
          "the criterion is wrong as a bound: when the drop comes depends on the start (epochs 300 to 540 in five of them), and the source shows one",
      }),
    ],
  },
  {
    id: "iris-perceptron",
    experiment: "iris-perceptron",
    setting: "4 inputs, sigmoid, start from N(0, 1)",
    quick: { seeds: 2 },
    readings: [
      median("testAccuracy", { source: "1.0 (from a plot)", ...criterion }),
      median("testMse", { source: "2e-3 (from a plot)", ...criterion }),
    ],
  },
  {
    id: "iris-perceptron/source",
    experiment: "iris-perceptron",
    setting: "the source's start, the same for every seed",
    fixed: { start: "source" },
    quick: { seeds: 1 },
    readings: [
      median("testAccuracy", { source: "1.0 (from a plot)", ...criterion }),
      median("testMse", { source: "2e-3 (from a plot)", ...criterion }),
    ],
  },
  {
    id: "perceptron-regression",
    experiment: "perceptron-regression",
    setting: "the printed sequence, the same for every seed",
    quick: { seeds: 1 },
    readings: [
      median("sourceDeviation", criterion),
      median("weight", { source: "0.50555" }),
      median("bias", { source: "-0.00397" }),
      median("summedSquares", {
        source: "1.059e-7",
        remark:
          "the source's figure belongs to epoch 200 of its own program, which prints 1.2154e-5 (before each step) at epoch 100",
      }),
    ],
  },
  {
    id: "pendulum-gravity",
    experiment: "pendulum-gravity",
    setting: "1-1-1 tanh averaged, Adam 1e-3",
    quick: { seeds: 2 },
    readings: [median("estimate", { source: "9.8090" }), median("parameterError", { source: "0.0010", ...criterion })],
  },
  {
    id: "pendulum-gravity/slow",
    experiment: "pendulum-gravity",
    setting: "the same with Adam 1e-4",
    fixed: { learningRate: 1e-4 },
    quick: { seeds: 1 },
    readings: [
      median("estimate", {
        source: "9.9240",
        remark: "5,000 steps of at most 1e-4 do not reach the minimum from most starts, so the figure depends on the start",
      }),
    ],
  },
  {
    id: "pendulum-gravity/parameter",
    experiment: "pendulum-gravity",
    setting: "ω as one trainable number, no network",
    fixed: { estimate: "parameter" },
    quick: { seeds: 1 },
    readings: [median("parameterError", criterion)],
  },
  {
    id: "pendulum-gravity/amplitude",
    experiment: "pendulum-gravity",
    setting: "θ₀ = 1 learned, g = 0.98 and ℓ = 0.5 known",
    fixed: { learn: "amplitude", gravity: 0.98, length: 0.5 },
    quick: { seeds: 1 },
    readings: [median("estimate", { remark: "the source prints no figure" }), median("parameterError", criterion)],
  },
  {
    id: "harmonic-oscillator-pinn",
    experiment: "harmonic-oscillator-pinn",
    setting: "1-10-10-1 sine, weight 0.1 for the equation, 10,000 epochs",
    seeds: 10,
    quick: { seeds: 2 },
    readings: [
      median("sourceLoss", { source: "2e-3", ...criterion }),
      median("relativeL2", criterion),
      { metric: "outcomeClass", read: "classes" },
      success(atLeast(0.9)),
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
      median("sourceLoss", { source: "2e-3 (one start)" }),
      median("relativeL2"),
      {
        metric: "outcomeClass",
        read: "classes",
        remark: "trivial: θ ≡ 0, a loss of 0.617; the rate has decayed before every start has left that plateau",
      },
      success(),
    ],
  },
  {
    id: "pendulum-images",
    experiment: "pendulum-images",
    setting: "32 × 32 pixels, one latent value",
    quick: { seeds: 1 },
    readings: [
      median("loss", { source: "0.0010 (L1, two latent values, 160 × 160)" }),
      median("cleanMae", criterion),
      median("angleRankCorrelation", atLeast(0.99)),
      median("centroidErrorNoise20", { ...atMost(0.02), missed: unseenNoise }),
      median("noiseRatio", { ...atMost(0.3), missed: unseenNoise }),
      { metric: "breakdown", read: "classes" },
      median("cleanMae", { over: "pendulum-images/two", ...atMost(1.5), remark: "one latent value does almost as well as two" }),
      median("claimsMet", { ...criterion, missed: "the two claims about noise, see there, are part of it" }),
    ],
  },
  {
    id: "pendulum-images/two",
    experiment: "pendulum-images",
    setting: "two latent values",
    fixed: { latentWidth: 2 },
    quick: { seeds: 1 },
    readings: [
      median("cleanMae", { source: "0.0010 (training L1)", ...atMost(0.01) }),
      median("noiseRatio", { remark: "the source pictures noisy frames with two latent values, without a figure" }),
    ],
  },
  {
    id: "pendulum-images/denoising",
    experiment: "pendulum-images",
    setting: "one latent value, 20 % of the pixels replaced in training",
    fixed: { trainingNoise: 0.2 },
    quick: null,
    readings: [
      median("cleanMae", { remark: "not the source's training: the price of seeing noise is a greater error on clean frames" }),
      median("noiseRatio", atMost(0.3)),
      median("centroidErrorNoise20", atMost(0.02)),
    ],
  },
  {
    id: "pendulum-images/none",
    experiment: "pendulum-images",
    setting: "no latent value: the control of the dimension claim",
    fixed: { latentWidth: 0 },
    quick: null,
    readings: [
      median("cleanMae", { remark: "the best constant image" }),
      median("cleanMae", {
        over: "pendulum-images",
        ...atLeast(3),
        remark: '"much greater" than with one latent value, taken as three times',
      }),
    ],
  },
];
