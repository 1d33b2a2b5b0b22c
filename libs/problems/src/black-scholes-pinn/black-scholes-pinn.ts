import type { Issue, PlotDescriptor } from "@basin/contracts";
import { blackScholesCall, exponential, type Box } from "@basin/numerics";
import { z } from "zod";
import {
  along,
  equationExperiment,
  FieldParameters,
  joined,
  lossMetric,
  placement,
  pointsIn,
  pointsSeed,
  termWeight,
} from "../differential-equations/equation-experiment";
import { constant, coordinate, difference, measured, product, solution, sum } from "../differential-equations/expression";
import { fieldMap, judgedGrid, onGrid } from "../differential-equations/judged-grid";
import { line } from "../differential-equations/line";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem, LossTerm, PointSet } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";

const four = (title: string, value: number, what: string) =>
  termWeight(title, value, what, { "x-suggest": { type: "choice", values: [1, 10, 100] } });

const BlackScholesParameters = FieldParameters.extend({
  strike: z.number().min(1).max(10).default(5).meta({ title: "Strike K" }),
  maturity: z.number().min(0.1).max(5).default(1).meta({ title: "Maturity T", unit: "year" }),
  interest: z.number().min(0).max(0.5).default(0.05).meta({ title: "Rate r", unit: "1/year" }),
  volatility: z.number().min(0.05).max(1).default(0.3).meta({ title: "Volatility σ", unit: "1/√year" }),
  points: z.int().min(2).max(100_000).default(1500).meta({
    title: "Points inside",
    description: "Of price and time, where the equation is asked; half of them around the strike.",
  }),
  terminalPoints: z
    .int()
    .min(2)
    .max(100_000)
    .default(500)
    .meta({ title: "Points at maturity", description: "Half of them around the strike, where the payoff has its kink." }),
  edgePoints: z.int().min(2).max(100_000).default(150).meta({ title: "Points on each edge", description: "At prices 0 and 20." }),
  placement: placement("sobol"),
  dataSeed: pointsSeed,
  residualWeight: termWeight("Weight of the equation", 100, "0: a network without the equation.", {
    "x-suggest": { type: "choice", values: [100, 0] },
  }),
  terminalWeight: four("Weight of the payoff", 100, "Of V(S, T)."),
  lowerWeight: four("Weight of the lower edge", 10, "Of V(0, t) = 0."),
  epochs: withDefault(FieldParameters.shape.epochs, 1400),
  lbfgsSteps: withDefault(FieldParameters.shape.lbfgsSteps, 1100),
  upperWeight: four("Weight of the upper edge", 10, "Of V(20, t)."),
});
type BlackScholesParameters = z.infer<typeof BlackScholesParameters>;

/** The greatest price. The network's coordinates are S/20 and t/T, its output V/K. */
const ceiling = 20;
/** Around the strike: from 0.4 to 1.6 of it. */
const near = [0.4, 1.6] as const;
const [columns, rows] = [101, 51];
/** What is judged ends before the kink. */
const judgedShare = 0.95;

const callOf = ({ strike, maturity, interest, volatility }: BlackScholesParameters) =>
  blackScholesCall({ strike, maturity, rate: interest, volatility });

/** Half of the points everywhere, half around the strike, in the range of x or of x and t. */
function aroundStrike(parameters: BlackScholesParameters, count: number, others: Box, purpose: string): PointSet {
  const { strike } = parameters;
  const close = Math.floor(count / 2);
  return joined(
    pointsIn([[0, 1], ...others], count - close, parameters, `black-scholes-pinn/${purpose}`),
    pointsIn(
      [[(near[0] * strike) / ceiling, (near[1] * strike) / ceiling], ...others],
      close,
      parameters,
      `black-scholes-pinn/${purpose} around the strike`,
    ),
  );
}

const problem: DifferentialEquationProblem<BlackScholesParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const { strike, maturity, interest, volatility, points, terminalPoints, edgePoints } = parameters;
    const terminal = along(aroundStrike(parameters, terminalPoints, [], "maturity"), (x) => [x, 1]);
    const edge = (name: string, x: number): PointSet =>
      along(pointsIn([[0, 1]], edgePoints, parameters, `black-scholes-pinn/${name}`), (t) => [x, t]);
    const upper = edge("upper", 1);
    const x = coordinate(0);
    const condition = (
      metric: string,
      grid: number,
      weight: LossTerm<BlackScholesParameters>["weight"],
      { points: at }: PointSet,
      value: (x: number, t: number) => number,
    ): LossTerm<BlackScholesParameters> => ({
      metric,
      weight,
      grid,
      measured: Float32Array.from({ length: at.length / 2 }, (_, i) => value(at[2 * i] ?? 0, at[2 * i + 1] ?? 0)),
      residual: difference(solution(), measured),
      measure: "mean-square",
    });
    const lower = edge("lower", 0);
    return {
      coordinates: 2,
      components: 1,
      unknowns: [],
      grids: [aroundStrike(parameters, points, [[0, 1]], "inside"), terminal, lower, upper],
      terms: [
        {
          metric: "residualLoss",
          weight: ({ residualWeight }) => residualWeight,
          grid: 0,
          measured: null,
          residual: sum(
            product(constant(1 / maturity), solution([0, 1])),
            product(constant(volatility ** 2 / 2), x, x, solution([2])),
            product(constant(interest), x, solution([1])),
            product(constant(-interest), solution()),
          ),
          measure: "mean-square",
        },
        condition(
          "terminalLoss",
          1,
          (own) => own.terminalWeight,
          terminal,
          (share) => Math.max((share * ceiling) / strike - 1, 0),
        ),
        condition(
          "lowerLoss",
          2,
          (own) => own.lowerWeight,
          lower,
          () => 0,
        ),
        condition(
          "upperLoss",
          3,
          (own) => own.upperWeight,
          upper,
          (_, t) => ceiling / strike - exponential(-interest * maturity * (1 - t)),
        ),
      ],
    };
  },

  judge(parameters, learned) {
    const { strike, maturity } = parameters;
    const call = callOf(parameters);
    const grid = judgedGrid(
      [
        [0, 1],
        [0, judgedShare],
      ],
      columns,
      rows,
    );
    const want = onGrid(grid, (x, t) => call.value(ceiling * x, maturity * t));
    const got = learned.at(grid.points, [0])[0].map((value) => strike * value);
    const errors = want.map((value, i) => Math.abs((got[i] ?? Number.NaN) - value));
    const atStrike = learned.at(Float32Array.of(strike / ceiling, 0), [0, [1]]);
    const prices = line(0, ceiling, 201);
    const today = Float32Array.from(prices.flatMap((price) => [price / ceiling, 0]));
    const [values, deltas] = learned.at(today, [0, [1]]);
    const axis = { label: "Price S" };
    return {
      metrics: {
        mae: errors.reduce((all, error) => all + error, 0) / errors.length,
        maxError: errors.reduce((most, error) => (error <= most ? most : error), 0),
        priceError: Math.abs(strike * (atStrike[0][0] ?? Number.NaN) - call.value(strike, 0)),
        deltaError: Math.abs((strike / ceiling) * (atStrike[1][0] ?? Number.NaN) - call.delta(strike, 0)),
      },
      labels: {},
      plots: {
        map: fieldMap({ ...grid, x: grid.x.map((x) => ceiling * x), y: grid.y.map((t) => maturity * t) }, want, got, {
          title: "Value of the call",
          caption: "The kink of the payoff at maturity (above) is smoothed backwards in time.",
          xAxis: axis,
          yAxis: { label: "Time", unit: "year" },
          zAxis: { label: "V" },
        }),
        today: {
          kind: "curve",
          title: "Value today and at maturity",
          caption: "At maturity a call is worth what the price exceeds the strike by.",
          x: axis,
          y: { label: "V" },
          series: [
            { name: "payoff", x: prices, y: prices.map((price) => Math.max(price - strike, 0)), style: "dashed" },
            { name: "exact, t = 0", x: prices, y: prices.map((price) => call.value(price, 0)), style: "dashed" },
            { name: "network, t = 0", x: prices, y: Array.from(values, (value) => strike * value) },
          ],
        },
        delta: {
          kind: "curve",
          title: "Delta today",
          caption: "V_S, the network's exact derivative: how many shares hedge the call.",
          x: axis,
          y: { label: "Δ" },
          series: [
            { name: "exact", x: prices, y: prices.map((price) => call.delta(price, 0)), style: "dashed" },
            { name: "network", x: prices, y: Array.from(deltas, (delta) => (strike / ceiling) * delta) },
          ],
        },
      },
    };
  },

  diverged: () => ({ mae: Number.NaN }),
};

/** A grid takes half of the points, a square number, twice. */
function checkNear({ placement: kind, points }: BlackScholesParameters): Issue[] {
  if (kind !== "grid" || (points % 2 === 0 && Number.isInteger(Math.sqrt(points / 2)))) return [];
  return [
    {
      path: "points",
      message: "must be twice a square number for a grid, as half of them are around the strike",
      hint: "e.g. 1568",
    },
  ];
}

const plots: readonly PlotDescriptor[] = [
  { id: "map", title: "Value of the call", kind: "contour" },
  { id: "today", title: "Value today and at maturity", kind: "curve" },
  { id: "delta", title: "Delta today", kind: "curve" },
];

/** Objective: the error of the value in the units of the price, which is what the option would be sold by. */
export const blackScholesPinn = equationExperiment({
  id: "black-scholes-pinn",
  version: 1,
  title: "Physics-informed network: the price of an option",
  summary: "A network prices a call by the equation of Black and Scholes and its payoff.",
  description: `$V_t + \\tfrac12\\sigma^2 S^2 V_{SS} + r S V_S - r V = 0$ for a European call, $V(S, T) = \\max(S - K, 0)$, with $K = 5$, $T = 1$, $r = 0.05$, $\\sigma = 0.3$ on $0 \\le S \\le 20$; $V(0, t) = 0$ and
$V(20, t) = 20 - K e^{-r(T - t)}$. The network maps $(S/20, t/T)$ to $V/K$. The loss has four terms, each with a weight: the equation at 1,500 points inside, the payoff at 500, both half around the strike,
and the two edges at 150 each. A thousand steps of Adam are followed by two thousand of L-BFGS.

**What to look for.** The mean absolute error against the closed form is about 0.003 before $0.95\\,T$, most of it near the kink (0.012 after 6,000 steps of Adam alone); at the strike $V(5, 0) = 0.7116$ within 0.01 and $\\Delta = V_S = 0.624$ within 0.02, by the
exact derivative. Without the equation (\`residualWeight: 0\`) the payoff and the edges are met, and between them anything goes.`,
  source: "The loss function: guiding neural networks with domain knowledge: Black and Scholes",
  defaultSweep: {
    lesson: "The payoff alone does not price an option before its maturity; the equation carries it back in time.",
    space: { residualWeight: { type: "choice", values: [100, 0] } },
    seeds: 10,
  },
  parameters: BlackScholesParameters,
  perRunParameters: ["residualWeight", "terminalWeight", "lowerWeight", "upperWeight"],
  check: (parameters) => checkNear(BlackScholesParameters.parse(parameters)),
  withoutEffect: () => ["redrawEvery"],
  sizes: (parameters) => {
    const { points, terminalPoints, edgePoints } = BlackScholesParameters.parse(parameters);
    return equationSizes(2, 1, [
      { points, derivatives: 3 },
      { points: terminalPoints + 2 * edgePoints, derivatives: 0 },
    ]);
  },
  objective: { metric: "mae", direction: "minimize" },
  metrics: [
    lossMetric(
      "residualLoss",
      "Mean square of the equation's residual",
      "Mean of (V_t + ½σ²S²V_SS + rSV_S − rV)²/K² over the points inside.",
    ),
    lossMetric("terminalLoss", "Mean square of the error of the payoff", "Mean of (V − max(S − K, 0))²/K² at maturity."),
    lossMetric("lowerLoss", "Mean square at the lower edge", "Mean of V²/K² at price 0."),
    lossMetric("upperLoss", "Mean square of the error at the upper edge", "Mean of (V − 20 + Ke^(−r(T − t)))²/K² at price 20."),
    finalMetric("mae", "Mean absolute error", "Mean of |V̂ − V| at 101 × 51 prices and times before 0.95 T.", { scale: "log" }),
    finalMetric("maxError", "Greatest error", "Greatest |V̂ − V| there.", { scale: "log" }),
    finalMetric("priceError", "Error at the strike today", "|V̂(K, 0) − V(K, 0)|.", { scale: "log" }),
    finalMetric("deltaError", "Error of delta at the strike today", "|V̂_S(K, 0) − V_S(K, 0)|.", { scale: "log" }),
  ],
  success: {
    text: "mean absolute error ≤ 0.01, V(K, 0) within 0.01, delta within 0.02",
    all: [
      { metric: "mae", op: "<=", value: 0.01 },
      { metric: "priceError", op: "<=", value: 0.01 },
      { metric: "deltaError", op: "<=", value: 0.02 },
    ],
  },
  plots,
  problem,
});
