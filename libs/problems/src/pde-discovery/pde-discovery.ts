import { choiceOf, type PlotDescriptor } from "@basin/contracts";
import { advectedGaussian, fisherKppSolution, randomStream, type Box } from "@basin/numerics";
import { z } from "zod";
import {
  checkPlacement,
  equationExperiment,
  FieldParameters,
  lossMetric,
  placement,
  pointsIn,
  termWeight,
} from "../differential-equations/equation-experiment";
import { difference, measured, product, solution, sum, unknown } from "../differential-equations/expression";
import { fieldMap, judgedGrid, onGrid, relativeL2 } from "../differential-equations/judged-grid";
import { stepOf } from "../differential-equations/moment";
import { dataSeed } from "../data-seed";
import { coefficientCurves, equationPlot, equations, structure, type LawSnapshot } from "../dynamics/equation";
import { compareLaws, knownLawBounds, knownLawOutcomes } from "../dynamics/known-law";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem, LearnedSolution } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";
import { candidates, fittedLaw, rate, rootOfSquares, withoutSmall } from "./candidate-law";

const truths = ["transport-diffusion", "fisher-kpp"] as const;

const DiscoveryParameters = FieldParameters.extend({
  truth: choiceOf(truths, {
    "transport-diffusion": "u_t = −0.5 u_x + 0.05 u_xx: a Gaussian drifts and spreads",
    "fisher-kpp": "u_t = 2u − 2u² + 0.05 u_xx: a population grows and spreads",
  })
    .default("transport-diffusion")
    .meta({ title: "True equation" }),
  points: z
    .int()
    .min(16)
    .max(100_000)
    .default(1000)
    .meta({
      title: "Measurements",
      description: "Of u at places and times where the equation is asked, too.",
      "x-suggest": { type: "choice", values: [300, 1000, 3000] },
    }),
  noise: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .meta({
      title: "Noise",
      description: "Standard deviation of a measurement, as a share of the root mean square of u.",
      "x-suggest": { type: "choice", values: [0, 0.01, 0.05] },
    }),
  placement: placement("uniform"),
  dataSeed: dataSeed("Of the points and the noise; independent of the run's seed."),
  residualWeight: termWeight(
    "Weight of the equation",
    0.01,
    "λ_r. 0: the data are fitted alone, and the coefficients to the fit's derivatives.",
    {
      "x-suggest": { type: "choice", values: [0, 0.001, 0.01, 0.1] },
    },
  ),
  sparsityWeight: termWeight("Weight of the coefficients", 1e-4, "λ₁, of Σ|c|·rms(term), until the small ones are pruned."),
  pruneAt: z.number().min(0.05).max(0.95).default(0.6).meta({
    title: "Prune at",
    description: "Share of the epochs after which small coefficients become 0 for good.",
    "x-advanced": true,
  }),
  pruneThreshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.03)
    .meta({ title: "Threshold", description: "|c|·rms(term) below this share of rms(u_t) is pruned.", "x-advanced": true }),
  coefficientRate: z.number().positive().max(1).default(0.01).meta({
    title: "Learning rate of the coefficients",
    description: "It follows the schedule of the network's.",
    "x-advanced": true,
  }),
  epochs: withDefault(FieldParameters.shape.epochs, 5000),
  lbfgsSteps: withDefault(FieldParameters.shape.lbfgsSteps, 2000),
});
type DiscoveryParameters = z.infer<typeof DiscoveryParameters>;

const region: Box = [
  [-1.5, 1.5],
  [0, 1],
];
const [columns, rows] = [101, 51];

/** What is known of the data, in the order of the candidates. */
const laws: Record<(typeof truths)[number], { coefficients: readonly number[]; field: () => (x: number, t: number) => number }> =
  {
    "transport-diffusion": {
      coefficients: [0, 0, 0, -0.5, 0.05],
      field: () => advectedGaussian(0.5, 0.05, { centre: -0.5, width: 0.15 }),
    },
    "fisher-kpp": { coefficients: [2, -2, 0, 0, 0.05], field: () => fisherKppSolution() },
  };

function measurements({ points, noise, dataSeed: seed, ...others }: DiscoveryParameters): {
  points: Float32Array;
  values: Float32Array;
} {
  const set = pointsIn(region, points, { ...others, dataSeed: seed }, "pde-discovery/points");
  const field = laws[others.truth].field();
  const clean = Float64Array.from({ length: points }, (_, i) => field(set.points[2 * i] ?? 0, set.points[2 * i + 1] ?? 0));
  const deviation = noise * rootOfSquares(clean);
  const stream = randomStream(seed, "pde-discovery/noise");
  return { points: set.points, values: Float32Array.from(clean, (value, i) => value + deviation * stream.normal(i)) };
}

const library = { terms: candidates };
const left = [rate];

/**
 * The coefficients that were found: those that were trained, but 0 where the threshold would prune them now that all is fitted; or without the equation
 * those of the fit's own derivatives.
 */
function foundLaw(parameters: DiscoveryParameters, learned: LearnedSolution): number[] {
  const { points } = measurements(parameters);
  const [u, ux, uxx, ut] = learned.at(points, [0, [1], [2], [0, 1]]);
  const rates = { u, ux, uxx, ut };
  if (parameters.residualWeight === 0) return fittedLaw(rates, parameters.pruneThreshold);
  const trained = candidates.map(({ name }) => learned.unknowns[name] ?? Number.NaN);
  return withoutSmall(rates, trained, parameters.pruneThreshold);
}

const problem: DifferentialEquationProblem<DiscoveryParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const { points, values } = measurements(parameters);
    return {
      coordinates: 2,
      components: 1,
      unknowns: candidates.map(({ name }) => ({
        name,
        initial: () => 0,
        learningRate: ({ coefficientRate }) => coefficientRate,
      })),
      grids: [{ points }],
      terms: [
        {
          metric: "dataLoss",
          weight: () => 1,
          grid: 0,
          measured: values,
          residual: difference(solution(), measured),
          measure: "mean-square",
        },
        {
          metric: "residualLoss",
          weight: ({ residualWeight }) => residualWeight,
          grid: 0,
          measured: null,
          residual: difference(
            solution([0, 1]),
            sum(...candidates.map(({ name, expression }) => product(unknown(name), expression))),
          ),
          measure: "mean-square",
        },
      ],
      sparsity: {
        metric: "sparsityLoss",
        weight: ({ residualWeight, sparsityWeight }) => (residualWeight > 0 ? sparsityWeight : 0),
        window: ({ pruneAt }) => ({ until: { share: pruneAt } }),
        grid: 0,
        of: candidates.map(({ name, expression }) => ({ unknown: name, factor: expression })),
        prune: {
          at: ({ pruneAt }) => ({ share: pruneAt }),
          threshold: ({ pruneThreshold }) => pruneThreshold,
          relativeTo: solution([0, 1]),
        },
      },
    };
  },

  judge(parameters, learned) {
    const { truth, epochs, pruneAt, residualWeight } = parameters;
    const { coefficients: known, field } = laws[truth];
    const found = foundLaw(parameters, learned);
    const { outcome, ...figures } = compareLaws(found, known);
    const grid = judgedGrid([region[0] ?? [0, 1], region[1] ?? [0, 1]], columns, rows);
    const want = onGrid(grid, field());
    const [got] = learned.at(grid.points, [0]);
    const equation = equations(library, found, left);
    const trained = residualWeight > 0;
    const history = learned.history.map(({ step, unknowns }): LawSnapshot => ({
      block: step,
      coefficients: candidates.map(({ name }) => unknowns[name] ?? Number.NaN),
    }));
    const end: LawSnapshot = { block: epochs, coefficients: found };
    return {
      metrics: {
        ...figures,
        activeTerms: found.filter((value) => value !== 0).length,
        outcomeClass: knownLawOutcomes.indexOf(outcome),
        lawRecovered: Number(outcome === "law"),
        relativeL2: relativeL2(got, want),
      },
      labels: { equation: equation.text, latex: equation.latex, support: structure(library, found, left), outcome },
      plots: {
        equation: equationPlot(
          "Discovered equation",
          library,
          found,
          left,
          // The end is the law that is told: what is small in it is no part of it.
          trained ? [start, ...history.filter(({ block }) => block < epochs), end] : [],
          equations(library, known, left),
        ),
        ...(trained
          ? { coefficients: coefficientCurves(library, left, [start, ...history], [stepOf({ share: pruneAt }, epochs)], "epoch") }
          : {}),
        map: fieldMap(grid, want, got, {
          title: "The field",
          caption: "Place from left to right, time upwards; measured at 1,000 points among these by default.",
          xAxis: { label: "x" },
          yAxis: { label: "t" },
          zAxis: { label: "u" },
        }),
      },
    };
  },

  diverged: () => ({
    coefficientError: Number.NaN,
    lawRecovered: 0,
    outcomeClass: knownLawOutcomes.indexOf("none"),
  }),
};

const start: LawSnapshot = { block: 0, coefficients: candidates.map(() => 0) };

const plots: readonly PlotDescriptor[] = [
  { id: "equation", title: "Discovered equation", kind: "equation" },
  { id: "coefficients", title: "Coefficients", kind: "curve" },
  { id: "map", title: "The field", kind: "contour" },
];

/** Objective: the error of the coefficients, which goes on telling runs apart when all have the right terms. */
export const pdeDiscovery = equationExperiment({
  id: "pde-discovery",
  version: 1,
  title: "Discovery of a partial differential equation",
  summary: "A network fits noisy measurements of a field and finds the equation that the field obeys.",
  description: `$u(x, t)$ is measured at 1,000 points of $[-1.5, 1.5] \\times [0, 1]$, with noise of 1 % of its root mean square. Which equation does it obey? A network fits the measurements while five
coefficients are trained with it:

$$u_t = c_1 u + c_2 u^2 + c_3 u^3 + c_4 u_x + c_5 u_{xx},\\qquad L = \\overline{(u - u_{\\text{measured}})^2} + \\lambda_r\\,\\overline{r^2} + \\lambda_1 \\sum_j |c_j|\\,\\text{rms}(f_j).$$

After 60 % of the epochs every $c_j$ with $|c_j|\\,\\text{rms}(f_j) < 0.03\\,\\text{rms}(u_t)$ becomes 0 for good, and the others are fitted further.
The first 3,000 steps are Adam's and have the $\\lambda_1$; 2,000 of L-BFGS follow. What is below the threshold in the end is no part of the equation either.

*transport-diffusion*: $u = (s_0/s)\\,e^{-(x - x_0 - vt)^2/2s^2}$, $s^2 = s_0^2 + 2Dt$, of which $u_t = -0.5\\,u_x + 0.05\\,u_{xx}$ is true. *fisher-kpp*: $u_t = 2u - 2u^2 + 0.05\\,u_{xx}$ from a Gaussian of height ½.

**What to look for.** With the equation in the loss, noise that no equation can produce is not fitted, and the derivatives that the coefficients are read from are smooth. Without it
(\`residualWeight: 0\`) the network fits the data alone, and the coefficients are fitted to its derivatives afterwards, with the same threshold.

*fisher-kpp* is the harder of the two: while $u$ is below 0.8, $u - u^2$ and $0.8\\,u - 1.3\\,u^3$ are nearly the same, and with noise of 1 % $\\lambda_1$ prefers the second.

**Outcome**: *law* has exactly the true terms, each within 5 %; *support* the terms; *extra* others besides; *missing* lacks some; *wrong* both; *none* is empty.`,
  source: "The loss function: guiding neural networks with domain knowledge: discovery of equations",
  defaultSweep: {
    lesson: "The equation in the loss smooths what it is read from.",
    space: { residualWeight: { type: "choice", values: [0.01, 0] }, noise: { type: "choice", values: [0.01, 0.05] } },
    seeds: 5,
  },
  parameters: DiscoveryParameters,
  perRunParameters: ["residualWeight", "sparsityWeight", "pruneAt", "pruneThreshold", "coefficientRate"],
  check: (parameters) => checkPlacement(DiscoveryParameters.parse(parameters), 2),
  withoutEffect: (parameters) => {
    const { residualWeight, placement: kind, noise } = DiscoveryParameters.parse(parameters);
    return [
      "redrawEvery",
      ...(residualWeight > 0 ? [] : ["sparsityWeight", "pruneAt", "coefficientRate"]),
      ...(kind === "grid" && noise === 0 ? ["dataSeed"] : []),
    ];
  },
  sizes: (parameters) => equationSizes(2, 1, [{ points: DiscoveryParameters.parse(parameters).points, derivatives: 3 }]),
  objective: { metric: "coefficientError", direction: "minimize" },
  metrics: [
    lossMetric("dataLoss", "Mean square of the error of the measurements", "Mean of (u − measured)²."),
    lossMetric("residualLoss", "Mean square of the equation's residual", "Mean of (u_t − Σ c·f)² at the same points."),
    lossMetric("sparsityLoss", "Size of the coefficients", "Σ|c|·rms(f) over the five candidates."),
    finalMetric("activeTerms", "Active coefficients", "Coefficients of the equation that are not 0."),
    finalMetric(
      "outcomeClass",
      "Outcome",
      "law: exactly the true terms, each within 5 %; support: exactly the true terms; extra: all true and others; missing: only true, not all; wrong: else; none: no term.",
      { categories: [...knownLawOutcomes] },
    ),
    finalMetric("lawRecovered", "Equation recovered (1 or 0)", "1 for the outcome law.", { share: true }),
    finalMetric("coefficientError", "‖c − c*‖ / ‖c*‖", "‖c − c*‖/‖c*‖ over the five coefficients, c* the true ones.", {
      scale: "log",
    }),
    finalMetric("worstCoefficient", "Greatest relative error of a true coefficient", "Greatest |c/c* − 1| of the true terms.", {
      scale: "log",
    }),
    finalMetric("supportF1", "F₁ of the active terms", "2h/(2h + m + f) of h true terms found, m missed and f others."),
    finalMetric("relativeL2", "Relative error of the field (L₂)", "√(Σ(û − u)²/Σu²) at 101 × 51 points of place and time.", {
      scale: "log",
    }),
  ],
  success: { text: "Exactly the true terms, each within 5 %", all: [{ metric: "lawRecovered", op: ">=", value: 1 }] },
  bounds: knownLawBounds,
  plots,
  problem,
});
