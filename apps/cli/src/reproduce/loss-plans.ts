import { atLeast, atMost, criterion, median, success, type Plan } from "./plan";

const seeds = 10;
const losses = ["mse", "mae", "huber"] as const;
const placements = ["spread", "right-end", "none"] as const;
const strengths = [0.01, 0.03, 0.05, 0.1, 0.2, 0.5];

/** Two rates below 2/λmax = 0.0290516 of the bowl, and two above. */
const ratesAround = [0.0284706, 0.0287611, 0.0293421, 0.0296326].map((rate, i) => ({ rate, converges: i < 2 }));
/** So many must leave the saddle, all of them. */
const manySeeds = 20;

const draws = Array.from({ length: 10 }, (_, dataSeed) => dataSeed);

/** What a strength of ½λ₂Σw² makes of a noisy sine, from weak to strong: each must be smoother than the one before. */
const decays = [0, 1e-5, 1e-4, 1e-3, 1e-2];
/** Of the side without, of the strength that is the experiment's default, and of the others. */
const decayName = (l2: number): string => (l2 === 0 ? "without" : l2 === 1e-3 ? "with" : `${l2}`);
const decayPlan = (l2: number): string => (l2 === 1e-3 ? "weight-decay" : `weight-decay/${decayName(l2)}`);

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
        placements.map((outliers) =>
          median("referenceDeviation", { where: { loss, outliers }, ...criterion, figure: `E1.reference.${loss}.${outliers}` }),
        ),
      ),
      median("lineError", { where: { loss: "mae", outliers: "spread" }, ...atMost(0.1), figure: "E1.lineError.mae.spread" }),
      median("lineError", { where: { loss: "huber", outliers: "spread" }, figure: "E1.lineError.huber.spread" }),
      median("intercept", { where: { loss: "mse", outliers: "spread" }, ...atLeast(1.85), figure: "E1.intercept.mse.spread" }),
      median("intercept", { where: { loss: "mse", outliers: "spread" }, ...atMost(2.1) }),
      median("slopeError", {
        where: { loss: "mse", outliers: "right-end" },
        ...atLeast(0.5),
        figure: "E1.slopeError.mse.right-end",
      }),
      median("slopeError", {
        where: { loss: "mae", outliers: "right-end" },
        ...atMost(0.1),
        figure: "E1.slopeError.mae.right-end",
      }),
      success({ ...atLeast(0.8), figure: "E1.success" }),
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
    readings: [0, 1000, 2000].flatMap((dataSeed) => [
      median("slopeVarianceRatio", {
        where: { dataSeed },
        remark: "π/2 = 1.57 for many samples",
        ...atLeast(1.37),
        ...(dataSeed === 0 ? { figure: "E1.varianceRatio" } : {}),
      }),
      median("slopeVarianceRatio", { where: { dataSeed }, remark: "π/2 = 1.57 for many samples", ...atMost(1.77) }),
    ]),
  },
  {
    id: "lasso",
    experiment: "lasso",
    setting: "λΣ|w| with λ = 0.1 and 0.2, ten draws of the data",
    swept: { proximalL1: [0.1, 0.2], dataSeed: draws },
    quick: { seeds: 1 },
    readings: [
      success({
        where: { proximalL1: 0.1 },
        ...atLeast(0.8),
        figure: "E3.lasso.success.with",
        remark: "the exact solution has one input too many in 10 of 1,000 draws of the data, number 6 among them",
      }),
      success({ where: { proximalL1: 0.2 }, ...atLeast(1), figure: "E3.lasso.success.stronger" }),
    ],
  },
  {
    id: "lasso/path",
    experiment: "lasso",
    setting: "the strengths of λΣ|w|",
    swept: { proximalL1: strengths },
    quick: { seeds: 1 },
    readings: strengths.flatMap((proximalL1) => [
      median("zeros", { where: { proximalL1 } }),
      median("referenceDeviation", { where: { proximalL1 }, ...atMost(1e-3) }),
    ]),
  },
  {
    id: "lasso/squares",
    experiment: "lasso",
    setting: "λΣw² in its place",
    fixed: { proximalL1: 0 },
    swept: { l2: strengths.map((value) => 2 * value) },
    quick: { seeds: 1 },
    readings: strengths.map((value) =>
      median("zeros", { where: { l2: 2 * value }, ...atMost(0), ...(value === 0.1 ? { figure: "E3.ridge.zeros" } : {}) }),
    ),
  },
  {
    id: "lasso/without",
    experiment: "lasso",
    setting: "the same without a penalty, ten draws of the data",
    fixed: { proximalL1: 0 },
    swept: { dataSeed: draws },
    quick: { seeds: 1 },
    readings: [success({ ...atMost(0), figure: "E3.lasso.success.without" })],
  },
  ...decays.map((l2, i): Plan => ({
    id: decayPlan(l2),
    experiment: "weight-decay",
    setting: `1-64-64-1 on 20 noisy samples of a sine, λ₂ = ${l2}`,
    fixed: { l2 },
    seeds,
    quick: { seeds: 1, fixed: { epochs: 300 } },
    readings: [
      median("testRmse", { figure: `E3.decay.rmse.${decayName(l2)}` }),
      median("roughness", { figure: `E3.decay.roughness.${decayName(l2)}` }),
      ...(i > 0 ? [median("roughness", { over: decayPlan(decays[i - 1] ?? 0), ...atMost(1) })] : []),
      ...(l2 === 1e-3
        ? [median("testRmse", { over: decayPlan(0), ...atMost(0.8), figure: "E3.decay.ratio" }), success(atLeast(0.8))]
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
      median("zeroRows", { ...criterion, figure: "E3.selection.zeroRows.with" }),
      median("keptRows", criterion),
      median("testRmse", { figure: "E3.selection.rmse.with" }),
      success({ ...atLeast(0.8), figure: "E3.selection.success" }),
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
      median("zeroRows", { ...atMost(0), figure: "E3.selection.zeroRows.without" }),
      median("testRmse", { figure: "E3.selection.rmse.without" }),
    ],
  },
  {
    id: "bowl",
    experiment: "bowl",
    setting: "four starts, η = 0.02",
    seeds,
    quick: { seeds: 2 },
    readings: [
      median("worstDistance", { ...criterion, figure: "E2.worstDistance" }),
      median("startsApart", { ...criterion, figure: "E2.startsApart" }),
      median("stepsToTolerance"),
    ],
  },
  {
    id: "bowl/limit",
    experiment: "bowl",
    setting: "η = 0.98, 0.99, 1.01 and 1.02 of 2/λmax = 0.0290516",
    swept: { learningRate: ratesAround.map(({ rate }) => rate) },
    seeds,
    quick: { seeds: 1, swept: { learningRate: [0.0287611, 0.0296326] }, judged: true },
    readings: ratesAround.map(({ rate, converges }) =>
      success({
        where: { learningRate: rate },
        remark: converges ? "below the limit" : "beyond it",
        want: converges ? { op: ">=", value: 1 } : { op: "<=", value: 0 },
        figure: `E2.converged.${rate}`,
      }),
    ),
  },
  {
    id: "saddle-escape",
    experiment: "saddle-escape",
    setting: "from (1, 0) with noise, η = 0.05, 200 steps",
    swept: { stepNoise: [1e-3, 1e-2] },
    seeds: manySeeds,
    quick: {},
    readings: [
      { stepNoise: 1e-3, name: "thousandth" },
      { stepNoise: 1e-2, name: "with" },
    ].flatMap(({ stepNoise, name }) => [
      success({ where: { stepNoise }, ...atLeast(1), figure: `E4.arrived.${name}` }),
      median("leavingSteps", { where: { stepNoise }, figure: `E4.leavingSteps.${name}` }),
      median("saddleDistance", { where: { stepNoise }, figure: `E4.saddleDistance.${name}` }),
    ]),
  },
  {
    id: "saddle-escape/without",
    experiment: "saddle-escape",
    setting: "the same without noise",
    fixed: { stepNoise: 0 },
    seeds: manySeeds,
    quick: {},
    readings: [
      success({ ...atMost(0), figure: "E4.arrived.without" }),
      median("saddleDistance", { ...atMost(1e-6), figure: "E4.saddleDistance.without" }),
    ],
  },
  {
    id: "plateau-time",
    experiment: "plateau-time",
    setting: "seven starts 10⁻² … 10⁻⁸ from the ridge, η = 0.05",
    seeds,
    quick: {},
    readings: [
      median("stepsPerDecade", { remark: "ln 10/ln 1.1 = 24.16", figure: "E21.stepsPerDecade" }),
      median("slopeError", { ...criterion, figure: "E21.slopeError" }),
      success({ ...atLeast(1), figure: "E21.success" }),
    ],
  },
  {
    id: "muller-brown",
    experiment: "muller-brown",
    setting: "starts drawn evenly from the region, η = 5e-5, 5,000 steps",
    seeds: 50,
    quick: { seeds: 5 },
    readings: [
      { metric: "basin", read: "classes" },
      { metric: "arrivalSteps", read: "median", figure: "E4.arrivalSteps" },
      { metric: "success", read: "success", want: { op: ">=", value: 1 }, figure: "E4.basins" },
    ],
  },
  {
    id: "random-critical-points",
    experiment: "random-critical-points",
    setting: "60,000 matrices of each size",
    seeds,
    quick: { seeds: 1 },
    readings: [
      ...[0.5, 0.14645, 0.02492, 0.0024567, 0.00014011].map((expected, i) =>
        median(`minima${i + 1}`, { remark: `expected ${expected}`, figure: `E20.minima${i + 1}` }),
      ),
      median("worstDeviation", { ...criterion, figure: "E20.worstDeviation" }),
      success({ ...atLeast(1), figure: "E20.success" }),
    ],
  },
];
