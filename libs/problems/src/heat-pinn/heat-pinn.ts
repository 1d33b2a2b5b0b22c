import { choiceOf, type PlotDescriptor } from "@basin/contracts";
import { cosPi, exponential, heatModes, randomStream } from "@basin/numerics";
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
import { constant, difference, measured, product, solution, unknown } from "../differential-equations/expression";
import { fieldMap, greatestError, judgedGrid, onGrid, relativeL2 } from "../differential-equations/judged-grid";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem, LossTerm } from "../kinds/differential-equation";
import type { PlotsById } from "../kinds/plots-by-id";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";

const HeatParameters = FieldParameters.extend({
  boundary: choiceOf(["dirichlet", "mixed"], {
    dirichlet: "u = 0 at both ends, from sin πx",
    mixed: "u = 0 at x = 0, no flux at x = 1, from sin πx/2",
  })
    .default("dirichlet")
    .meta({ title: "Ends of the rod" }),
  diffusivity: z
    .number()
    .min(0.01)
    .max(10)
    .default(1)
    .meta({ title: "Diffusivity α", description: "Lengths are those of the rod." }),
  endTime: z
    .number()
    .min(0.01)
    .max(10)
    .default(0.5)
    .meta({ title: "Until time", description: "Where u has all but gone, a relative error means nothing." }),
  points: z
    .int()
    .min(1)
    .max(100_000)
    .default(400)
    .meta({ title: "Points", description: "Of place and time, where the equation is asked." }),
  edgePoints: z
    .int()
    .min(2)
    .max(25_000)
    .default(20)
    .meta({ title: "Points on each edge", description: "Of the start, and of each end of the rod." }),
  placement: placement("grid"),
  dataSeed: pointsSeed,
  inverse: z.boolean().default(false).meta({
    title: "Diffusivity unknown",
    description: "α is trained, from measured temperatures.",
  }),
  measurements: z
    .int()
    .min(1)
    .max(10_000)
    .default(50)
    .meta({ title: "Measurements", description: "Where the diffusivity is unknown." }),
  noise: z.number().min(0).max(1).default(0.01).meta({ title: "Noise", description: "Standard deviation of a measurement." }),
  diffusivityRate: z
    .number()
    .positive()
    .max(1)
    .default(0.01)
    .meta({ title: "Learning rate of α", description: "It follows the schedule of the network's.", "x-advanced": true }),
  residualWeight: termWeight("Weight of the equation", 1, "0: a network without physics.", {
    "x-suggest": { type: "choice", values: [1, 0] },
  }),
  initialWeight: termWeight("Weight of the start", 10, "Of u(x, 0)."),
  boundaryWeight: termWeight("Weight of the ends", 10, "Of u where it is held at 0."),
  fluxWeight: termWeight("Weight of the flux", 10, "Of u_x(1, t) = 0, mixed ends only.", {
    "x-suggest": { type: "choice", values: [10, 0] },
  }),
  dataWeight: termWeight("Weight of the measurements", 10, "Where the diffusivity is unknown."),
  learningRate: withDefault(FieldParameters.shape.learningRate, 5e-3),
  epochs: withDefault(FieldParameters.shape.epochs, 1000),
  lbfgsSteps: withDefault(FieldParameters.shape.lbfgsSteps, 700),
});
type HeatParameters = z.infer<typeof HeatParameters>;

const [columns, rows] = [101, 51];
const startOfSearch = 0.3;

const isMixed = ({ boundary }: Pick<HeatParameters, "boundary">): boolean => boundary === "mixed";
/** Half waves in the rod. */
const modeOf = (parameters: HeatParameters): number => (isMixed(parameters) ? 0.5 : 1);

function truthOf(parameters: HeatParameters): (x: number, t: number) => number {
  return heatModes(parameters.diffusivity, 1, [{ mode: modeOf(parameters), amplitude: 1 }]);
}

function fluxOf(parameters: HeatParameters): (x: number, t: number) => number {
  const k = modeOf(parameters);
  return (x, t) => k * Math.PI * cosPi(k * x) * exponential(-parameters.diffusivity * (k * Math.PI) ** 2 * t);
}

const problem: DifferentialEquationProblem<HeatParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const { points, edgePoints, endTime, inverse, measurements, noise, dataSeed } = parameters;
    const mixed = isMixed(parameters);
    const time = [0, endTime] as const;
    const unit = [0, 1] as const;
    const start = along(pointsIn([unit], edgePoints, parameters, "heat-pinn/start"), (x) => [x, 0]);
    const left = along(pointsIn([time], edgePoints, parameters, "heat-pinn/left"), (t) => [0, t]);
    const right = along(pointsIn([time], edgePoints, parameters, "heat-pinn/right"), (t) => [1, t]);
    const measuredAt = pointsIn(
      [unit, time],
      inverse ? measurements : 1,
      { placement: "uniform", dataSeed },
      "heat-pinn/measured",
    );
    const truth = truthOf(parameters);
    const stream = randomStream(dataSeed, "heat-pinn/noise");
    const alpha = inverse ? unknown("diffusivity") : constant(parameters.diffusivity);
    const zero = (metric: string, grid: number, orders: readonly number[], weight: LossTerm<HeatParameters>["weight"]) => ({
      metric,
      weight,
      grid,
      measured: null,
      residual: solution(orders),
      measure: "mean-square" as const,
    });
    const terms: LossTerm<HeatParameters>[] = [
      {
        metric: "residualLoss",
        weight: ({ residualWeight }) => residualWeight,
        grid: 0,
        measured: null,
        residual: difference(solution([0, 1]), product(alpha, solution([2]))),
        measure: "mean-square",
      },
      {
        metric: "initialLoss",
        weight: ({ initialWeight }) => initialWeight,
        grid: 1,
        measured: Float32Array.from({ length: edgePoints }, (_, i) => truth(start.points[2 * i] ?? 0, 0)),
        residual: difference(solution(), measured),
        measure: "mean-square",
      },
      zero("boundaryLoss", 2, [], ({ boundaryWeight }) => boundaryWeight),
    ];
    const grids = [
      redrawnPointsIn([unit, time], points, parameters, "heat-pinn/interior"),
      start,
      mixed ? left : joined(left, right),
    ];
    if (mixed) {
      terms.push(zero("fluxLoss", grids.length, [1], ({ fluxWeight }) => fluxWeight));
      grids.push(right);
    }
    if (inverse) {
      terms.push({
        metric: "dataLoss",
        weight: ({ dataWeight }) => dataWeight,
        grid: grids.length,
        measured: Float32Array.from(
          { length: measurements },
          (_, i) => truth(measuredAt.points[2 * i] ?? 0, measuredAt.points[2 * i + 1] ?? 0) + noise * stream.normal(i),
        ),
        residual: difference(solution(), measured),
        measure: "mean-square",
      });
      grids.push(measuredAt);
    }
    return {
      coordinates: 2,
      components: 1,
      unknowns: inverse
        ? [{ name: "diffusivity", initial: () => startOfSearch, learningRate: ({ diffusivityRate }) => diffusivityRate }]
        : [],
      grids,
      terms,
    };
  },

  judge(parameters, learned) {
    const { endTime, diffusivity, inverse } = parameters;
    const truth = truthOf(parameters);
    const grid = judgedGrid(
      [
        [0, 1],
        [0, endTime],
      ],
      columns,
      rows,
    );
    const want = onGrid(grid, truth);
    const [got] = learned.at(grid.points, [0]);
    const end = Float32Array.from(grid.y.flatMap((t) => [1, t]));
    const [flux] = learned.at(end, [1]);
    const exactFlux = grid.y.map((t) => fluxOf(parameters)(1, t));
    const found = learned.unknowns["diffusivity"] ?? Number.NaN;
    return {
      metrics: {
        relativeL2: relativeL2(got, want),
        maxError: greatestError(got, want),
        fluxError: greatestError(flux, exactFlux) / (modeOf(parameters) * Math.PI),
        ...(inverse ? { estimate: found, diffusivityError: Math.abs(found / diffusivity - 1) } : {}),
      },
      labels: inverse ? { estimate: `α = ${found.toFixed(4)}` } : {},
      plots: {
        map: fieldMap(grid, want, got, {
          title: "Temperature",
          caption: "Place along the rod from left to right, time upwards.",
          xAxis: { label: "x" },
          yAxis: { label: "t" },
          zAxis: { label: "u" },
        }),
        slices: slices(parameters, grid.x, truth, learned.at),
        flux: {
          kind: "curve",
          title: "Flux at x = 1",
          caption: "The network's exact derivative by place.",
          x: { label: "t" },
          y: { label: "u_x(1, t)" },
          series: [
            { name: "exact", x: [...grid.y], y: exactFlux, style: "dashed" },
            { name: "network", x: [...grid.y], y: Array.from(flux) },
          ],
        },
      },
    };
  },

  diverged: () => ({ relativeL2: Number.NaN }),
};

function slices(
  { endTime }: HeatParameters,
  x: readonly number[],
  truth: (x: number, t: number) => number,
  at: (points: Float32Array, derivatives: readonly [0]) => readonly [Float32Array],
): PlotsById[string] {
  const times = [0, 0.2, 0.6, 1].map((share) => share * endTime);
  return {
    kind: "curve",
    title: "Slices",
    caption: "Dashed: exact.",
    x: { label: "x" },
    y: { label: "u" },
    series: times.flatMap((t) => [
      { name: `exact, t = ${t.toFixed(2)}`, x: [...x], y: x.map((place) => truth(place, t)), style: "dashed" as const },
      {
        name: `network, t = ${t.toFixed(2)}`,
        x: [...x],
        y: Array.from(at(Float32Array.from(x.flatMap((place) => [place, t])), [0])[0]),
      },
    ]),
  };
}

const plots: readonly PlotDescriptor[] = [
  { id: "map", title: "Temperature", kind: "contour" },
  { id: "slices", title: "Slices", kind: "curve" },
  { id: "flux", title: "Flux at x = 1", kind: "curve" },
];

const whenInverse = { where: [{ parameter: "inverse", is: true }] };

/** Objective: the error of the field. */
export const heatPinn = equationExperiment({
  id: "heat-pinn",
  version: 1,
  title: "Physics-informed network: heat in a rod",
  summary: "A network finds how a rod cools from the heat equation, its start and its ends.",
  description: `$u_t = \\alpha u_{xx}$ on a rod of length 1. *Dirichlet*: both ends are held at 0, $u(x, 0) = \\sin \\pi x$, so that
$u = e^{-\\pi^2\\alpha t} \\sin \\pi x$. *Mixed*: the right end is insulated, $u_x(1, t) = 0$, $u(x, 0) = \\sin \\pi x/2$, so that $u = e^{-\\alpha\\pi^2 t/4}\\sin \\pi x/2$.

$$L = w_r\\,\\overline{(u_t - \\alpha u_{xx})^2} + w_i\\,\\overline{(u(x,0) - u_0)^2} + w_b\\,\\overline{u_{\\text{end}}^2} + w_f\\,\\overline{u_x(1,t)^2}$$

over a grid of 20 × 20 points of place and time and 20 points on each edge. The time ends at 0.5 by default: at $t = 1$ the Dirichlet solution has fallen to $5\\cdot10^{-5}$, a relative error
over $[0, 1]$ would be decided before $t = 0.2$, and late slices would mean nothing.

**What to look for.** With the equation the relative error ($L_2$) is below 1 %. Without it (\`residualWeight: 0\`) the network knows the start and the ends and invents the rest. With mixed
ends the flux is a term of its own: without it (\`fluxWeight: 0\`) nothing tells the network that the end is insulated, and the flux is off.

**The inverse problem** (\`inverse: true\`): $\\alpha$ is a trainable number that starts at 0.3, and 50 temperatures with noise 0.01 are measured inside.`,
  source: "The loss function: guiding neural networks with domain knowledge: the heat equation",
  defaultSweep: {
    lesson: "Start and ends alone do not say how the rod cools; the equation does.",
    space: { residualWeight: { type: "choice", values: [1, 0] } },
    seeds: 10,
  },
  parameters: HeatParameters,
  perRunParameters: ["residualWeight", "initialWeight", "boundaryWeight", "fluxWeight", "dataWeight", "diffusivityRate"],
  check: (parameters) => checkPlacement(HeatParameters.parse(parameters), 2),
  withoutEffect: (parameters) => {
    const own = HeatParameters.parse(parameters);
    const { boundary, inverse } = own;
    return [
      ...(boundary === "mixed" ? [] : ["fluxWeight"]),
      ...(inverse ? [] : ["measurements", "noise", "dataWeight", "diffusivityRate", ...unusedSeed(own)]),
    ];
  },
  sizes: (parameters) => {
    const { points, edgePoints, inverse, measurements } = HeatParameters.parse(parameters);
    return equationSizes(2, 1, [{ points: points + 3 * edgePoints + (inverse ? measurements : 0), derivatives: 3 }]);
  },
  objective: { metric: "relativeL2", direction: "minimize" },
  metrics: [
    lossMetric("residualLoss", "Mean square of the equation's residual", "Mean of (u_t − αu_xx)² over the points."),
    lossMetric("initialLoss", "Mean square of the error of the start", "Mean of (u(x, 0) − u₀)²."),
    lossMetric("boundaryLoss", "Mean square at the ends held at 0", "Mean of u² over the points of those ends."),
    {
      ...lossMetric("fluxLoss", "Mean square of the flux at x = 1", "Mean of u_x(1, t)²."),
      where: [{ parameter: "boundary", is: "mixed" }],
    },
    { ...lossMetric("dataLoss", "Mean square of the error of the measurements", "Mean of (u − measured)²."), ...whenInverse },
    finalMetric("relativeL2", "Relative error (L₂)", "√(Σ(û − u)²/Σu²) at 101 × 51 points of place and time.", { scale: "log" }),
    finalMetric("maxError", "Greatest error", "Greatest |û − u| at 101 × 51 points.", { scale: "log" }),
    finalMetric(
      "fluxError",
      "Error of the flux at x = 1",
      "Greatest |û_x(1, t) − u_x(1, t)| at 51 times, over the greatest flux at the start, u_x(0, 0).",
      { scale: "log" },
    ),
    { ...finalMetric("estimate", "Diffusivity found", "The trained α."), ...whenInverse },
    { ...finalMetric("diffusivityError", "Error of the diffusivity", "|α̂/α − 1|.", { scale: "log" }), ...whenInverse },
  ],
  success: {
    text: "relative error ≤ 1 %, flux at the right end within 0.02 with mixed ends, and as closely for its size with held ones",
    all: [
      { metric: "relativeL2", op: "<=", value: 0.01 },
      { metric: "fluxError", op: "<=", value: 0.0127 },
    ],
  },
  plots,
  problem,
});
