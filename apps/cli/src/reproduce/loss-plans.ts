import type { Plan, Reading } from "./plan";

const seeds = 10;
const losses = ["mse", "mae", "huber"] as const;
const placements = ["spread", "right-end", "none"] as const;
const strengths = [0.01, 0.03, 0.05, 0.1, 0.2, 0.5];

/** What a strength of ½λ₂Σw² makes of a noisy sine, from weak to strong: each must be smoother than the one before. */
const decays = [0, 1e-5, 1e-4, 1e-3, 1e-2];
const decayPlan = (l2: number): string =>
  l2 === 0 ? "weight-decay/without" : l2 === 1e-3 ? "weight-decay" : `weight-decay/${l2}`;

/** Losses, penalties and the shape of the loss where there is no network or a simple one. */
export const lossPlans: readonly Plan[] = [
  {
    id: "l1-l2-line",
    experiment: "l1-l2-line",
    setting: "50 points, five raised by 10; three losses",
    swept: { loss: [...losses], outliers: [...placements] },
    seeds,
    quick: { seeds: 2 },
    readings: [
      ...losses.flatMap((loss) =>
        placements.map((outliers): Reading => ({
          metric: "referenceDeviation",
          read: "median",
          where: { loss, outliers },
          want: "criterion",
          figure: `E1.reference.${loss}.${outliers}`,
        })),
      ),
      {
        metric: "lineError",
        read: "median",
        where: { loss: "mae", outliers: "spread" },
        want: { op: "<=", value: 0.1 },
        figure: "E1.lineError.mae.spread",
      },
      { metric: "lineError", read: "median", where: { loss: "huber", outliers: "spread" }, figure: "E1.lineError.huber.spread" },
      {
        metric: "intercept",
        read: "median",
        where: { loss: "mse", outliers: "spread" },
        source: "1.85 to 2.1",
        want: { op: ">=", value: 1.85 },
        figure: "E1.intercept.mse.spread",
      },
      {
        metric: "intercept",
        read: "median",
        where: { loss: "mse", outliers: "spread" },
        source: "1.85 to 2.1",
        want: { op: "<=", value: 2.1 },
      },
      {
        metric: "slopeError",
        read: "median",
        where: { loss: "mse", outliers: "right-end" },
        want: { op: ">=", value: 0.5 },
        figure: "E1.slopeError.mse.right-end",
      },
      {
        metric: "slopeError",
        read: "median",
        where: { loss: "mae", outliers: "right-end" },
        want: { op: "<=", value: 0.1 },
        figure: "E1.slopeError.mae.right-end",
      },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E1.success" },
    ],
  },
  {
    id: "l1-l2-line/variance",
    experiment: "l1-l2-line",
    setting: "no outliers; the slopes of both reference fits over 1,000 draws of the noise",
    fixed: { outliers: "none", varianceDraws: 1000 },
    swept: { dataSeed: [0, 1000, 2000] },
    seeds: 5,
    quick: { seeds: 1 },
    readings: [0, 1000, 2000].flatMap((dataSeed): Reading[] => [
      {
        metric: "slopeVarianceRatio",
        read: "median",
        where: { dataSeed },
        source: "π/2 = 1.57",
        want: { op: ">=", value: 1.37 },
        ...(dataSeed === 0 ? { figure: "E1.varianceRatio" } : {}),
      },
      {
        metric: "slopeVarianceRatio",
        read: "median",
        where: { dataSeed },
        source: "π/2 = 1.57",
        want: { op: "<=", value: 1.77 },
      },
    ]),
  },
  {
    id: "lasso",
    experiment: "lasso",
    setting: "λΣ|w| with λ = 0.1, ten draws of the data",
    swept: { dataSeed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    quick: { seeds: 1 },
    readings: [
      { metric: "supportExact", read: "share", want: { op: ">=", value: 1 }, figure: "E3.lasso.support" },
      { metric: "success", read: "success", want: { op: ">=", value: 1 }, figure: "E3.lasso.success" },
    ],
  },
  {
    id: "lasso/path",
    experiment: "lasso",
    setting: "the strengths of λΣ|w|",
    swept: { proximalL1: strengths },
    quick: { seeds: 1 },
    readings: strengths.flatMap((proximalL1): Reading[] => [
      { metric: "zeros", read: "median", where: { proximalL1 } },
      { metric: "referenceDeviation", read: "median", where: { proximalL1 }, want: { op: "<=", value: 1e-3 } },
    ]),
  },
  {
    id: "lasso/squares",
    experiment: "lasso",
    setting: "λΣw² in its place",
    fixed: { proximalL1: 0 },
    swept: { l2: strengths.map((value) => 2 * value) },
    quick: { seeds: 1 },
    readings: strengths.map((value): Reading => ({
      metric: "zeros",
      read: "median",
      where: { l2: 2 * value },
      want: { op: "<=", value: 0 },
      ...(value === 0.1 ? { figure: "E3.ridge.zeros" } : {}),
    })),
  },
  {
    id: "lasso/without",
    experiment: "lasso",
    setting: "the same without a penalty, ten draws of the data",
    fixed: { proximalL1: 0 },
    swept: { dataSeed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    quick: { seeds: 1 },
    readings: [{ metric: "supportExact", read: "share", want: { op: "<=", value: 0 }, figure: "E3.lasso.support.without" }],
  },
  ...decays.map((l2, i): Plan => ({
    id: decayPlan(l2),
    experiment: "weight-decay",
    setting: `1-64-64-1 on 20 noisy samples of a sine, λ₂ = ${l2}`,
    fixed: { l2 },
    seeds,
    quick: { seeds: 1, fixed: { epochs: 300 } },
    readings: [
      { metric: "testRmse", read: "median", figure: `E3.decay.rmse.${l2}` },
      { metric: "roughness", read: "median", figure: `E3.decay.roughness.${l2}` },
      ...(i > 0
        ? [
            {
              metric: "roughness",
              read: "median" as const,
              over: decayPlan(decays[i - 1] ?? 0),
              want: { op: "<=" as const, value: 1 },
            },
          ]
        : []),
      ...(l2 === 1e-3
        ? [
            {
              metric: "testRmse",
              read: "median" as const,
              over: decayPlan(0),
              want: { op: "<=" as const, value: 0.8 },
              figure: "E3.decay.ratio",
            },
            { metric: "success", read: "success" as const, want: { op: ">=" as const, value: 0.8 } },
          ]
        : []),
    ],
  })),
  {
    id: "input-selection",
    experiment: "input-selection",
    setting: "10-16-1 on ten inputs of which two matter",
    seeds,
    quick: { seeds: 1 },
    readings: [
      { metric: "zeroRows", read: "median", want: "criterion", figure: "E3.selection.zeroRows" },
      { metric: "keptRows", read: "median", want: "criterion" },
      { metric: "testRmse", read: "median", figure: "E3.selection.rmse" },
      { metric: "success", read: "success", want: { op: ">=", value: 0.8 }, figure: "E3.selection.success" },
    ],
  },
  {
    id: "input-selection/without",
    experiment: "input-selection",
    setting: "the same with λ = 0",
    fixed: { proximalL1: 0 },
    seeds,
    quick: { seeds: 1 },
    readings: [
      { metric: "zeroRows", read: "median", want: { op: "<=", value: 0 }, figure: "E3.selection.zeroRows.without" },
      { metric: "testRmse", read: "median", figure: "E3.selection.rmse.without" },
    ],
  },
];
