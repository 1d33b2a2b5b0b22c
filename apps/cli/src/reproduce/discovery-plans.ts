import { criterion, median, type Plan, type Training } from "./plan";

const quick: Training = {
  fixed: { pixels: 8, orbits: 10, validationOrbits: 4, frames: 20, blocks: 20, hiddenLayers: [32, 16] },
  seeds: 1,
};

const shorter = "no criterion: the source trains 3 million steps of 512,000 samples, this run 20,000 of 10,000";

/** Laws from data: SINDy and SINDy autoencoders. */
export const discoveryPlans: readonly Plan[] = [
  {
    id: "sindy-pendulum/gauge-scan",
    experiment: "sindy-pendulum",
    setting: "gauge scan, 16 × 16 pixels",
    fixed: { procedure: "gauge-scan", blocks: 140 },
    quick,
    readings: [
      { metric: "outcomeClass", read: "classes" },
      {
        metric: "lawRecovered",
        read: "share",
        want: { op: ">=", value: 0.9 },
        figure: "gaugeScanLawRate",
        missed:
          "the term is right in 19 of 20 runs; most misses have a coefficient near 0.95, just outside a bound. gauge-scan-polished mends that (docs/reproduction.md)",
      },
      { metric: "supportRecovered", read: "share", figure: "gaugeScanSupportRate" },
      median("coefficient", { source: "-0.99 (Champion et al., from memory)" }),
    ],
  },
  {
    id: "sindy-pendulum/gauge-scan-polished",
    experiment: "sindy-pendulum",
    setting: "gauge scan, sees through a bent coordinate, rates warm up after each scan, 20,000 steps",
    fixed: { procedure: "gauge-scan-polished", blocks: 200 },
    quick: null,
    readings: [
      { metric: "outcomeClass", read: "classes" },
      {
        metric: "lawRecovered",
        read: "share",
        want: { op: ">=", value: 0.9 },
        figure: "gaugeScanPolishedLawRate",
      },
      { metric: "supportRecovered", read: "share", figure: "gaugeScanPolishedSupportRate" },
      median("coefficient"),
    ],
  },
  {
    id: "sindy-pendulum/source-threshold",
    experiment: "sindy-pendulum",
    setting: "the source's pruning schedule and weights",
    startingPoint: "source",
    quick: { ...quick, fixed: { ...quick.fixed, pruneEvery: 5 } },
    readings: [
      { metric: "outcomeClass", read: "classes", source: "8 recovered, 2 nothing, some linear" },
      {
        metric: "lawRecovered",
        read: "share",
        figure: "sourceThresholdLawRate",
        remark:
          "no criterion: the rate is reported as it comes out; the source's three stored models are no laws by these bounds either",
      },
      {
        metric: "supportRecovered",
        read: "share",
        source: "0.8 (8 of 10)",
        figure: "sourceThresholdSupportRate",
        remark: "the source's looser reading: the printed equation has sin z only",
      },
      median("coefficient", { source: "-0.388, -0.289, -1.344 (stored models)" }),
    ],
  },
  {
    id: "sindy-lorenz",
    experiment: "sindy-lorenz",
    setting: "Savitzky–Golay derivatives, threshold 0.5",
    swept: { noise: [0, 0.01, 0.05] },
    quick: { seeds: 2 },
    readings: [
      { metric: "lawRecovered", read: "share", where: { noise: 0 }, want: { op: ">=", value: 1 } },
      median("coefficientError", { where: { noise: 0 } }),
      { metric: "lawRecovered", read: "share", where: { noise: 0.01 }, want: { op: ">=", value: 1 } },
      median("coefficientError", { where: { noise: 0.01 } }),
      { metric: "lawRecovered", read: "share", where: { noise: 0.05 } },
      median("coefficientError", { where: { noise: 0.05 } }),
    ],
  },
  {
    id: "sindy-autoencoder-lorenz",
    experiment: "sindy-autoencoder-lorenz",
    setting: "three latent variables, gauge search",
    quick: { fixed: { orbits: 4, frames: 50, blocks: 10 }, seeds: 1 },
    readings: [
      { metric: "outcomeClass", read: "classes", source: "an affine map of z has the sparsity of Lorenz' equations" },
      { metric: "lawRecovered", read: "share", figure: "liftedLorenzLawRate" },
      median("affineR2", criterion),
      median("fuvLaw", criterion),
      median("coefficientError"),
      median("activeTerms", { source: "7" }),
      median("fuvX", { source: "3e-5", remark: shorter }),
      median("fuvXDot", { source: "2e-4", remark: shorter }),
      median("fuvZDot", { source: "7e-4", remark: shorter }),
    ],
  },
  {
    id: "sindy-autoencoder-lorenz/source-threshold",
    experiment: "sindy-autoencoder-lorenz",
    setting: "three latent variables, the source's pruning",
    fixed: { procedure: "source-threshold", sparsityWeight: 1e-5, initialCoefficient: 1 },
    quick: null,
    readings: [
      { metric: "outcomeClass", read: "classes" },
      { metric: "lawRecovered", read: "share", remark: "no criterion: the source trains 150 times as many steps" },
      median("affineR2"),
    ],
  },
  {
    id: "sindy-autoencoder-lorenz/two",
    experiment: "sindy-autoencoder-lorenz",
    setting: "two latent variables: the control",
    fixed: { latentWidth: 2 },
    quick: null,
    readings: [
      { metric: "outcomeClass", read: "classes" },
      median("affineR2", { remark: "three states cannot be recovered from two variables" }),
    ],
  },
];
