import type { PlotDescriptor } from "@basin/contracts";
import { logarithm, randomStream } from "@basin/numerics";
import { z } from "zod";
import { dataSeed } from "../data-seed";
import {
  dataTerm,
  equationExperiment,
  FieldParameters,
  lossMetric,
  measuredCurve,
  termWeight,
} from "../differential-equations/equation-experiment";
import { constant, product, solution } from "../differential-equations/expression";
import { line, rootMeanSquare } from "../differential-equations/line";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem } from "../kinds/differential-equation";
import { withDefault } from "../with-default";

const ConvexFreeEnergyParameters = FieldParameters.extend({
  interaction: z
    .number()
    .min(-5)
    .max(5)
    .default(1.5)
    .meta({
      title: "Interaction Ω",
      description: "Above 2 the mixture is truly unstable, and the knowledge wrong.",
      "x-suggest": { type: "choice", values: [1.5, 2.5] },
    }),
  samples: z
    .int()
    .min(2)
    .max(10_000)
    .default(12)
    .meta({ title: "Measurements", description: "Equally spaced from x = 0.04 to 0.96." }),
  noise: z.number().min(0).max(1).default(0.03).meta({ title: "Noise", description: "Standard deviation of a measured G." }),
  dataSeed: dataSeed("Of the noise; independent of the run's seed."),
  points: z
    .int()
    .min(2)
    .max(100_000)
    .default(200)
    .meta({ title: "Points", description: "Where G is to be convex; equally spaced." }),
  convexityWeight: termWeight("Weight of the convexity", 1e-2, "λ, of the mean of max(−G″, 0)²; 0: the data alone.", {
    "x-suggest": { type: "choice", values: [0, 1e-5, 1e-4, 1e-3, 1e-2] },
  }),
  epochs: withDefault(FieldParameters.shape.epochs, 5000),
});
type ConvexFreeEnergyParameters = z.infer<typeof ConvexFreeEnergyParameters>;

const [lowest, highest] = [0.04, 0.96];
const judged = line(lowest, highest, 999);
/** The network's coordinate, s = 2x − 1, is of the size of 1; d²/dx² = 4 d²/ds². */
const scaled = (x: readonly number[]): Float32Array => Float32Array.from(x, (one) => 2 * one - 1);
const stretch = 4;

const energy = (x: number, interaction: number): number =>
  x * logarithm(x) + (1 - x) * logarithm(1 - x) + interaction * x * (1 - x);
const curvature = (x: number, interaction: number): number => 1 / (x * (1 - x)) - 2 * interaction;

const measuredAt = ({ samples }: ConvexFreeEnergyParameters): number[] => line(lowest, highest, samples);

function measurements(parameters: ConvexFreeEnergyParameters): Float32Array {
  const stream = randomStream(parameters.dataSeed, "convex-free-energy/noise");
  return Float32Array.from(
    measuredAt(parameters),
    (x, i) => energy(x, parameters.interaction) + parameters.noise * stream.normal(i),
  );
}

const problem: DifferentialEquationProblem<ConvexFreeEnergyParameters> = {
  kind: "differential-equation",

  system: (parameters) => ({
    coordinates: 1,
    components: 1,
    unknowns: [],
    grids: [{ points: scaled(measuredAt(parameters)) }, { points: scaled(line(lowest, highest, parameters.points)) }],
    terms: [
      dataTerm(measurements(parameters)),
      {
        metric: "convexityLoss",
        weight: ({ convexityWeight }) => convexityWeight,
        grid: 1,
        measured: null,
        residual: product(constant(-stretch), solution(2)),
        measure: { positivePart: 2 },
      },
    ],
  }),

  judge(parameters, learned) {
    const { interaction } = parameters;
    const [got, bent] = learned.at(scaled(judged), [0, 2]);
    const second = Array.from(bent, (value) => stretch * value);
    const truth = judged.map((x) => energy(x, interaction));
    const least = second.reduce((most, value) => (value >= most ? most : value), Infinity);
    const axis = { label: "Composition x" };
    return {
      metrics: {
        rmse: rootMeanSquare(got, truth),
        leastCurvature: least,
        concaveShare: second.filter((value) => value < 0).length / judged.length,
      },
      labels: {},
      plots: {
        energy: {
          kind: "curve",
          title: "Free energy",
          caption: "Where the curve is hollow the mixture would separate.",
          x: axis,
          y: { label: "G", unit: "RT" },
          series: [
            { name: "measured", x: measuredAt(parameters), y: Array.from(measurements(parameters)), style: "points" },
            { name: "truth", x: judged, y: truth, style: "dashed" },
            { name: "network", x: judged, y: Array.from(got) },
          ],
        },
        curvature: {
          kind: "curve",
          title: "Curvature",
          caption: "The network's exact second derivative; below 0 it contradicts the stability of the mixture.",
          x: axis,
          y: { label: "G″", unit: "RT" },
          series: [
            { name: "truth", x: judged, y: judged.map((x) => curvature(x, interaction)), style: "dashed" },
            { name: "network", x: judged, y: second },
          ],
        },
      },
    };
  },

  diverged: () => ({ rmse: Number.NaN }),
};

const plots: readonly PlotDescriptor[] = [
  { id: "energy", title: "Free energy", kind: "curve" },
  { id: "curvature", title: "Curvature", kind: "curve" },
];

/** Objective: the error of G itself, as the curvature alone can be bought with a straight line. */
export const convexFreeEnergy = equationExperiment({
  id: "convex-free-energy",
  version: 1,
  title: "A convex free energy",
  summary: "A network learns a mixture's free energy from few noisy measurements, and that it is convex.",
  description: `The free energy of a regular solution, $G/RT = x \\ln x + (1 - x) \\ln(1 - x) + \\Omega x(1 - x)$ with $\\Omega = 1.5$, is measured at 12 compositions with noise 0.03. A stable mixture has
$G'' > 0$ everywhere. That is knowledge about every composition, also between the measurements:

$$L = \\overline{(G - G_{\\text{measured}})^2} + \\lambda\\,\\overline{\\max(-G'', 0)^2}$$

with the second mean over 200 compositions.

**What to look for.** Without the term (\`convexityWeight: 0\`) the network follows the noise and is hollow somewhere; with $\\lambda = 10^{-2}$ it is not, and its error is smaller, too;
with $10^{-3}$ it is still hollow by 0.1 to 0.2, as the data and the term then bargain.
With $\\Omega = 2.5$ the mixture truly separates between the points where $1/(x(1 - x)) = 2\\Omega$: there the term must *not* be used, and the plot shows what it destroys.`,
  source: "The loss function: guiding neural networks with domain knowledge: thermodynamic stability",
  defaultSweep: {
    lesson: "That a stable mixture's energy is convex keeps the network from following the noise.",
    space: { convexityWeight: { type: "choice", values: [0, 1e-4, 1e-2] } },
    seeds: 10,
  },
  parameters: ConvexFreeEnergyParameters,
  perRunParameters: ["convexityWeight"],
  ...measuredCurve(ConvexFreeEnergyParameters),
  objective: { metric: "rmse", direction: "minimize" },
  metrics: [
    lossMetric("dataLoss", "Mean square of the error of the measurements", "Mean of (G − measured)²."),
    lossMetric("convexityLoss", "Mean square of the concavity", "Mean of max(−G″, 0)² over the points."),
    finalMetric("rmse", "Error of G", "√ of the mean of (Ĝ − G)² at 999 compositions from 0.04 to 0.96.", {
      unit: "RT",
      scale: "log",
    }),
    finalMetric("leastCurvature", "Least curvature", "Least Ĝ″ at 999 compositions; that of the truth is 4 − 2Ω."),
    finalMetric("concaveShare", "Concave share", "Share of 999 compositions at which Ĝ″ < 0."),
  ],
  success: { text: "least curvature ≥ −0.05", all: [{ metric: "leastCurvature", op: ">=", value: -0.05 }] },
  plots,
  problem,
});
