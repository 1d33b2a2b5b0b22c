import type { PlotDescriptor } from "@basin/contracts";
import { laplaceSolution, sinPi } from "@basin/numerics";
import { z } from "zod";
import {
  along,
  checkPlacement,
  equationExperiment,
  FieldParameters,
  joined,
  lossMetric,
  placement,
  pointsIn,
  pointsSeed,
  redrawnPointsIn,
  termWeight,
  unusedSeed,
} from "../differential-equations/equation-experiment";
import { difference, measured, solution, sum } from "../differential-equations/expression";
import { fieldMap, greatestError, judgedGrid, onGrid, relativeL2 } from "../differential-equations/judged-grid";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";

const LaplaceParameters = FieldParameters.extend({
  points: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({
      title: "Interior points",
      description: "Where the equation is asked.",
      "x-suggest": { type: "choice", values: [100, 300, 1000] },
    }),
  edgePoints: z
    .int()
    .min(2)
    .max(25_000)
    .default(100)
    .meta({ title: "Points on each edge", description: "Where the boundary values are given." }),
  placement: placement("uniform"),
  dataSeed: pointsSeed,
  residualWeight: termWeight("Weight of the equation", 1, "0: a network without physics, fitted to the edges alone.", {
    "x-suggest": { type: "choice", values: [1, 0] },
  }),
  boundaryWeight: termWeight("Weight of the edges", 100, "With 10 the edges are met too late.", {
    "x-suggest": { type: "choice", values: [1, 10, 100] },
  }),
  epochs: withDefault(FieldParameters.shape.epochs, 1000),
  lbfgsSteps: withDefault(FieldParameters.shape.lbfgsSteps, 800),
});
type LaplaceParameters = z.infer<typeof LaplaceParameters>;

const truth = laplaceSolution();
const judged = 101;
const unit = [0, 1] as const;

const problem: DifferentialEquationProblem<LaplaceParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const edge = (name: string) => pointsIn([unit], parameters.edgePoints, parameters, `laplace-pinn/${name}`);
    const top = along(edge("top"), (x) => [x, 1]);
    const zeros = joined(
      along(edge("bottom"), (x) => [x, 0]),
      along(edge("left"), (y) => [0, y]),
      along(edge("right"), (y) => [1, y]),
    );
    const edges = joined(top, zeros);
    const values = new Float32Array(edges.points.length / 2);
    for (let i = 0; i < parameters.edgePoints; i++) values[i] = sinPi(top.points[2 * i] ?? 0);
    return {
      coordinates: 2,
      components: 1,
      unknowns: [],
      grids: [redrawnPointsIn([unit, unit], parameters.points, parameters, "laplace-pinn/interior"), edges],
      terms: [
        {
          metric: "residualLoss",
          weight: ({ residualWeight }) => residualWeight,
          grid: 0,
          measured: null,
          residual: sum(solution([2]), solution([0, 2])),
          measure: "mean-square",
        },
        {
          metric: "boundaryLoss",
          weight: ({ boundaryWeight }) => boundaryWeight,
          grid: 1,
          measured: values,
          residual: difference(solution(), measured),
          measure: "mean-square",
        },
      ],
    };
  },

  judge(_, learned) {
    const grid = judgedGrid([unit, unit], judged, judged);
    const want = onGrid(grid, truth);
    const [got] = learned.at(grid.points, [0]);
    const inner = Array.from(got).filter((_value, i) => {
      const [column, row] = [i % judged, Math.floor(i / judged)];
      return column > 0 && row > 0 && column < judged - 1 && row < judged - 1;
    });
    const [centre] = learned.at(Float32Array.of(0.5, 0.5), [0]);
    return {
      metrics: {
        relativeL2: relativeL2(got, want),
        maxError: greatestError(got, want),
        centreError: Math.abs((centre[0] ?? Number.NaN) - truth(0.5, 0.5)),
        interiorMaximum: inner.reduce((most, value) => (value <= most ? most : value), -Infinity),
      },
      labels: {},
      plots: {
        map: fieldMap(grid, want, got, {
          title: "Solution",
          caption: "Inside, the values are those of the edges averaged: no hill and no hollow.",
          xAxis: { label: "x" },
          yAxis: { label: "y" },
          zAxis: { label: "u" },
        }),
      },
    };
  },

  diverged: () => ({ relativeL2: Number.NaN }),
};

const plots: readonly PlotDescriptor[] = [{ id: "map", title: "Solution", kind: "contour" }];

/** Objective: the error of the field, which tells apart runs that meet the edges equally well. */
export const laplacePinn = equationExperiment({
  id: "laplace-pinn",
  version: 1,
  title: "Physics-informed network: Laplace's equation",
  summary: "A network finds a potential inside a square from its values on the edges and the equation alone.",
  description: `$\\nabla^2 u = 0$ on the unit square, $u(x, 1) = \\sin \\pi x$ and $u = 0$ on the other edges: the potential between plates, or the temperature of a
plate whose upper edge is heated. The network sees no value inside:

$$L = w_r\\,\\overline{(u_{xx} + u_{yy})^2} + w_b\\,\\overline{(u - g)^2},$$

the first mean over 1,000 points inside, the second over 100 on each edge. The second derivatives are exact, propagated through the layers along $x$ and along $y$.
The solution is $u = \\sin \\pi x\\, \\sinh \\pi y/\\sinh \\pi$; in the centre 0.199268.

**What to look for.** With the equation the relative error ($L_2$, 101 × 101 points) is below 1 %. Without it (\`residualWeight: 0\`) the network meets the edges as well, but
nothing holds it inside. Between the two the weights decide: with $w_b = 10$ and a rate of $10^{-3}$ the error stays at some 4 %. Harmonic functions take their maximum on the
edge (*maximum principle*): the greatest value inside must not exceed 1.`,
  source: "The loss function: guiding neural networks with domain knowledge: Laplace's equation",
  defaultSweep: {
    lesson: "Without the equation the edges are met as well, and inside anything goes.",
    space: { residualWeight: { type: "choice", values: [1, 0] } },
    seeds: 10,
  },
  parameters: LaplaceParameters,
  perRunParameters: ["residualWeight", "boundaryWeight"],
  check: (parameters) => checkPlacement(LaplaceParameters.parse(parameters), 2),
  withoutEffect: (parameters) => unusedSeed(LaplaceParameters.parse(parameters)),
  sizes: (parameters) => {
    const { points, edgePoints } = LaplaceParameters.parse(parameters);
    return equationSizes(2, 1, [
      { points, derivatives: 4 },
      { points: 4 * edgePoints, derivatives: 0 },
    ]);
  },
  objective: { metric: "relativeL2", direction: "minimize" },
  metrics: [
    lossMetric("residualLoss", "Mean square of the equation's residual", "Mean of (u_xx + u_yy)² over the interior points."),
    lossMetric("boundaryLoss", "Mean square of the error on the edges", "Mean of (u − g)² over the points of the four edges."),
    finalMetric("relativeL2", "Relative error (L₂)", "√(Σ(û − u)²/Σu²) at 101 × 101 points, u the exact solution.", {
      scale: "log",
    }),
    finalMetric("maxError", "Greatest error", "Greatest |û − u| at 101 × 101 points.", { scale: "log" }),
    finalMetric("centreError", "Error in the centre", "|û(½, ½) − 0.199268|.", { scale: "log" }),
    finalMetric("interiorMaximum", "Greatest value inside", "Greatest û at the 99 × 99 points inside."),
  ],
  success: {
    text: "relative error ≤ 1 %, centre within 0.002, nothing inside above 1.01",
    all: [
      { metric: "relativeL2", op: "<=", value: 0.01 },
      { metric: "centreError", op: "<=", value: 0.002 },
      { metric: "interiorMaximum", op: "<=", value: 1.01 },
    ],
  },
  plots,
  problem,
});
