import type { Plan } from "./plan";

/** Interpolation and exact derivatives of networks. */
export const interpolationPlans: readonly Plan[] = [
  {
    id: "runge-interpolation",
    experiment: "runge-interpolation",
    setting: "tanh 128-64-32, Adam 0.005, 2,000 epochs",
    quick: { seeds: 2 },
    readings: [
      { metric: "rmse", read: "median", source: "0.030 (its own class)", want: "criterion" },
      { metric: "derivativeRmse", read: "median", source: "0.95 (its own class)", want: "criterion" },
      {
        metric: "splineRmse",
        read: "median",
        remark: "the source claims that networks are 10 to 100 times better than splines; they are not",
      },
      { metric: "polynomialRmse", read: "median" },
    ],
  },
  {
    id: "cylinder-flow",
    experiment: "cylinder-flow",
    setting: "swish 128-128-64 with L2, Adam 0.002, 3,000 epochs",
    quick: { fixed: { epochs: 200 }, seeds: 1 },
    readings: [
      { metric: "velocityRmse", read: "median", source: "none printed", want: "criterion" },
      { metric: "vorticityRatio", read: "median", want: "criterion" },
      { metric: "divergenceRatio", read: "median", want: "criterion" },
    ],
  },
  {
    id: "lorenz-interpolation",
    experiment: "lorenz-interpolation",
    setting: "GELU 256-128-64-32, time scaled to ±10, Adam 1e-3, 4,000 epochs",
    quick: { fixed: { epochs: 200 }, seeds: 1 },
    readings: [
      { metric: "correlation", read: "median", source: "none printed", want: "criterion" },
      { metric: "rmse", read: "median", want: "criterion" },
      {
        metric: "derivativeRmse",
        read: "median",
        remark: "reported without a threshold: the derivative amplifies what is wrong with the fit",
      },
    ],
  },
];
