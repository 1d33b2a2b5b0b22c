import { atLeast, atMost, criterion, median, success, type Plan } from "./plan";

const seeds = 10;
/** From one narrow layer to four of 32 units and one of 512. */
const shapes = [[8], [32], [128], [512], [32, 32], [128, 128], [8, 8, 8, 8], [32, 32, 32, 32]];
const samples = [125, 250, 500, 1000, 2000, 4000];
/** About 10,500 weights each. */
const wideToDeep = [[3500], [101, 101], [71, 71, 71], [50, 50, 50, 50, 50], [38, 38, 38, 38, 38, 38, 38, 38]];
const separations = [0.2, 0.02, 0.002];
const losses = ["bce", "mse", "mae"];
/** In the order in which the source ranks them, each with the initial weights that are meant for it. */
const ranked = [
  { activation: "elu", initialization: "he-normal" },
  { activation: "leaky-relu", initialization: "he-normal" },
  { activation: "relu", initialization: "he-normal" },
  { activation: "tanh", initialization: "glorot-normal" },
  { activation: "sigmoid", initialization: "glorot-normal" },
];

/** What the sources show or say beside their main experiments. */
export const smallerPlans: readonly Plan[] = [
  {
    id: "loss-minimization/width-and-depth",
    experiment: "loss-minimization",
    setting: "one to four layers of 8 to 512 units",
    swept: { hiddenLayers: shapes },
    quick: null,
    readings: shapes.flatMap((hiddenLayers) => [
      median("weightCount", { where: { hiddenLayers } }),
      median("mae", { where: { hiddenLayers }, figure: `F.width.${hiddenLayers.join("-")}` }),
    ]),
  },
  {
    id: "loss-minimization/samples",
    experiment: "loss-minimization",
    setting: "learning curve over the number of samples",
    swept: { samples },
    quick: null,
    readings: samples.map((count) => median("mae", { where: { samples: count }, figure: `F.samples.${count}` })),
  },
  {
    id: "loss-minimization/derivatives",
    experiment: "loss-minimization",
    setting: "exact derivatives of the network beside those of f",
    quick: null,
    readings: [
      median("jacobianError", { figure: "F.loss.jacobian" }),
      median("hessianError", { figure: "F.loss.hessian" }),
      median("mixedDerivativeError", { figure: "F.loss.mixed" }),
    ],
  },
  ...[
    { name: "data", setting: "five angles given as well, the source's 5,000 epochs", given: { dataPoints: 5 } },
    { name: "boundary", setting: "the angle at the end given as well, 5,000 epochs", given: { endCondition: true } },
  ].map(({ name, setting, given }): Plan => ({
    id: `harmonic-oscillator-pinn/${name}`,
    experiment: "harmonic-oscillator-pinn",
    setting,
    fixed: { ...given, residualWeight: 1, epochs: 5000, schedulePeriod: 250 },
    seeds,
    quick: { seeds: 1 },
    readings: [
      median("sourceLoss", { figure: `F.oscillator.loss.${name}` }),
      median("relativeL2", { figure: `F.oscillator.relL2.${name}` }),
      { metric: "outcomeClass", read: "classes" },
      success({ figure: `F.oscillator.success.${name}` }),
    ],
  })),
  {
    id: "pendulum-images/width",
    experiment: "pendulum-images",
    setting: "one to three latent values beside as many principal components",
    swept: { latentWidth: [1, 2, 3] },
    quick: null,
    readings: [1, 2, 3].flatMap((latentWidth) => [
      median("linearMae", { where: { latentWidth }, figure: `F.linear.mae.${latentWidth}` }),
      median("errorOverLinear", {
        where: { latentWidth },
        source: "principal components fail",
        ...atMost(1),
        figure: `F.linear.ratio.${latentWidth}`,
      }),
    ]),
  },
  {
    id: "two-frequencies",
    experiment: "two-frequencies",
    setting: "64 points in two numbers",
    quick: { seeds: 1, fixed: { curves: 200, epochs: 20 } },
    readings: [
      median("relativeError", { ...criterion, figure: "F.frequencies.error" }),
      median("linearError", { figure: "F.frequencies.linear" }),
      median("errorOverLinear", criterion),
      median("frequencyR2", { figure: "F.frequencies.r2" }),
    ],
  },
  {
    id: "two-frequencies/one",
    experiment: "two-frequencies",
    setting: "the same in one number",
    fixed: { latentWidth: 1 },
    quick: null,
    readings: [median("relativeError", { figure: "F.frequencies.error.one" })],
  },
  {
    id: "sindy-pendulum/fifteen-percent",
    experiment: "sindy-pendulum",
    startingPoint: "fifteen-percent",
    setting: "the polished gauge scan on six orbits in place of forty, 15 % of the data",
    quick: null,
    readings: [
      { metric: "outcomeClass", read: "classes" },
      { metric: "lawRecovered", read: "share", figure: "fifteenPercentLawRate" },
      { metric: "supportRecovered", read: "share", figure: "fifteenPercentSupportRate" },
      median("coefficient"),
      median("fuvX"),
    ],
  },
  {
    id: "sindy-pendulum/two-stage",
    experiment: "sindy-pendulum",
    setting: "the networks on the images alone, then sparse regression on what the encoder makes of them",
    fixed: { procedure: "two-stage" },
    quick: null,
    readings: [
      { metric: "outcomeClass", read: "classes", remark: "nothing asks for a coordinate in which the law is simple" },
      { metric: "lawRecovered", read: "share", ...atMost(0.2), figure: "twoStageLawRate" },
      median("affineR2", { figure: "F.twoStage.affineR2" }),
      median("fuvX"),
    ],
  },
  {
    id: "runge-interpolation/derivatives",
    experiment: "runge-interpolation",
    setting: "second and third derivative, exact",
    quick: null,
    readings: [
      median("secondDerivativeError", { figure: "F.runge.second" }),
      median("thirdDerivativeError", { figure: "F.runge.third" }),
    ],
  },
  {
    id: "runge-interpolation/deep-or-wide",
    experiment: "runge-interpolation",
    setting: "about 10,500 weights in one to eight layers",
    swept: { hiddenLayers: wideToDeep },
    quick: null,
    readings: wideToDeep.map((hiddenLayers) =>
      median("rmse", { where: { hiddenLayers }, figure: `F.runge.${hiddenLayers.length}layers` }),
    ),
  },
  {
    id: "cylinder-flow/derivatives",
    experiment: "cylinder-flow",
    setting: "Jacobian and rate of strain",
    quick: null,
    readings: [
      median("jacobianError", { figure: "F.cylinder.jacobian" }),
      median("strainError", { figure: "F.cylinder.strain" }),
    ],
  },
  ...ranked.map(({ activation, initialization }, i): Plan => {
    const before = ranked[i - 1]?.activation;
    const ofRank = {
      over: `vanishing-gradient/rank-${before}`,
      remark: `the source ranks ${before} before ${activation}`,
      ...(activation === "tanh"
        ? { missed: "with Glorot's weights tanh is level with ELU in these layers, ahead of both ReLUs" }
        : {}),
    };
    return {
      id: `vanishing-gradient/rank-${activation}`,
      experiment: "vanishing-gradient",
      setting: `ten layers of ${activation}, ${initialization}`,
      fixed: { activation, initialization },
      seeds,
      quick: null,
      readings: [
        median("testCrossEntropy", { figure: `F.rank.${activation}` }),
        ...(before === undefined ? [] : [median("testCrossEntropy", { ...ofRank, ...atLeast(1) })]),
        median("deadAtEnd"),
        median("varianceRatio"),
      ],
    };
  }),
  {
    id: "dropout/sureness",
    experiment: "dropout",
    setting: "fifty predictions with dropout",
    quick: null,
    readings: [
      median("averagedCrossEntropy", { figure: "F.dropout.averagedCrossEntropy" }),
      median("testCrossEntropy"),
      median("entropyRight", { figure: "F.dropout.entropyRight" }),
      median("entropyWrong", { figure: "F.dropout.entropyWrong" }),
    ],
  },
  {
    id: "digits-cnn/edges",
    experiment: "digits-cnn",
    setting: "filters of the first convolution beside Sobel's",
    quick: null,
    readings: [median("edgeLikeness", { remark: "drawn at random: 0.43", figure: "F.edgeLikeness" })],
  },
  {
    id: "breast-cancer/losses",
    experiment: "breast-cancer",
    setting: "three losses, five folds and twenty bootstrap samples",
    fixed: { folds: 5, bootstrapSamples: 20, learningRate: 1e-3, epochs: 300 },
    swept: { loss: losses },
    quick: null,
    readings: losses.flatMap((loss) =>
      ["testAccuracy", "crossValidationScore", "bootstrapScore"].map((metric) => median(metric, { where: { loss } })),
    ),
  },
  {
    id: "two-minima",
    experiment: "two-minima",
    setting: "two starts 0.2, 0.02 and 0.002 apart, η = 0.05",
    swept: { separation: separations },
    quick: {},
    readings: separations.flatMap((separation) => [
      success({ where: { separation }, ...atLeast(1), figure: `F.twoMinima.${separation}` }),
      median("partingSteps", { where: { separation } }),
    ]),
  },
];
