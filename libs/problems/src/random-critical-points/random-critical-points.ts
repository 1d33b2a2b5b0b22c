import { DescentParameters, type PlotDescriptor } from "@basin/contracts";
import { gaussianOrthogonalMatrix, randomStream, symmetricEigen } from "@basin/numerics";
import { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentProblem } from "../kinds/descent";
import { withDefault } from "../with-default";
import { countedShares, deviation, expectedShares } from "./minima-share";

const descent = DescentParameters.shape;
/** Standard deviation of the start's coordinates. */
const startSize = 1e-3;

const RandomCriticalPointsParameters = DescentParameters.extend({
  dimension: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .meta({
      title: "Dimension",
      description: "Of the function that the run descends.",
      "x-suggest": { type: "choice", values: [1, 2, 3, 5, 10] },
    }),
  draws: z.int().min(100).max(200_000).default(60_000).meta({
    title: "Draws",
    description: "Matrices of each size from 1 to 5 whose eigenvalues are looked at.",
  }),
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 0.05),
  tolerance: withDefault(descent.tolerance, 1e-9),
  maxSteps: withDefault(descent.maxSteps, 5000),
});
type RandomCriticalPointsParameters = z.infer<typeof RandomCriticalPointsParameters>;

/** The curvatures at the run's own critical point. */
function hessianOf(dimension: number, seed: number): Float64Array {
  return gaussianOrthogonalMatrix(randomStream(seed, "random-critical-points/function"), dimension);
}

/** Ax. */
function applied(matrix: Float64Array, point: Float64Array): Float64Array {
  const n = point.length;
  return point.map((_, i) => point.reduce((sum, x, j) => sum + (matrix[i * n + j] ?? 0) * x, 0));
}

const squares = (point: Float64Array): number => point.reduce((sum, x) => sum + x * x, 0);
const leastCurvature = (dimension: number, seed: number): number =>
  Math.min(...symmetricEigen(hessianOf(dimension, seed), dimension).values);

const problem: DescentProblem<RandomCriticalPointsParameters> = {
  kind: "descent",
  // Along the eigenvector of λ < 0 the function is ½λr² + ¼r⁴, least at r² = −λ.
  minimum: ({ dimension }, seed) => -(Math.min(0, leastCurvature(dimension, seed)) ** 2) / 4,

  start({ dimension }, seed) {
    const out = new Float64Array(dimension);
    randomStream(seed, "random-critical-points/start").fillNormal(out);
    return out.map((x) => startSize * x);
  },

  value({ dimension }, point, seed) {
    const bent = applied(hessianOf(dimension, seed), point);
    return point.reduce((sum, x, i) => sum + (x * (bent[i] ?? 0)) / 2, squares(point) ** 2 / 4);
  },

  gradient({ dimension }, point, seed) {
    const size = squares(point);
    return applied(hessianOf(dimension, seed), point).map((slope, i) => slope + size * (point[i] ?? 0));
  },

  evaluate({ dimension, draws }, { points, seed }) {
    const shares = countedShares(seed, draws);
    const end = points.at(-1);
    return {
      ...Object.fromEntries(shares.map((share, i) => [`minima${i + 1}`, share])),
      worstDeviation: Math.max(...shares.map((share, i) => deviation(share, expectedShares[i] ?? Number.NaN, draws))),
      leastCurvature: leastCurvature(dimension, seed),
      endDistance: end ? Math.sqrt(squares(end)) : Number.NaN,
    };
  },

  plots({ draws }, { points, seed }) {
    const sizes = expectedShares.map((_, i) => i + 1);
    const shares = countedShares(seed, draws);
    const error = (i: number): number => {
      const p = expectedShares[i] ?? Number.NaN;
      return 4 * Math.sqrt((p * (1 - p)) / draws);
    };
    // A logarithmic axis has no place for 0.
    const positive = (value: number): number => (value > 0 ? value : Number.NaN);
    return {
      shares: {
        kind: "curve",
        title: "Share of critical points that are minima",
        caption: "In five dimensions one in seven thousand: nearly every place where the gradient vanishes is a saddle.",
        x: { label: "Dimension" },
        y: { label: "P(all curvatures > 0)", scale: "log" },
        series: [
          {
            name: "expected, ± 4 standard errors",
            x: sizes,
            y: [...expectedShares],
            low: expectedShares.map((p, i) => Math.max(p - error(i), 0.5 / draws)),
            high: expectedShares.map((p, i) => p + error(i)),
            style: "dashed",
          },
          { name: `of ${draws} drawn`, x: sizes, y: shares.map(positive), style: "points" },
        ],
      },
      distance: {
        kind: "curve",
        title: "Distance from the critical point per step",
        x: { label: "Step", unit: "step" },
        y: { label: "|x|", scale: "log" },
        series: [{ name: "|x|", x: points.map((_, t) => t), y: points.map((point) => Math.sqrt(squares(point))) }],
      },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "shares", title: "Share of critical points that are minima", kind: "curve" },
  { id: "distance", title: "Distance from the critical point per step", kind: "curve" },
];

/** Objective: the greatest deviation of the counted shares from the expected ones, in standard errors. */
export const randomCriticalPoints = descentExperiment({
  id: "random-critical-points",
  version: 1,
  title: "How many critical points are minima?",
  summary: "The curvatures of random functions at places without a slope, counted: in many dimensions nearly all are saddles.",
  description: `Where a gradient vanishes, the eigenvalues of the second derivatives decide: all positive, a minimum; otherwise a saddle (or a maximum). For a random function take them
from the Gaussian orthogonal ensemble, $A = (B + B^T)/2$ with $B_{ij} \\sim N(0, 1)$. The share of minima falls faster than exponentially with the dimension $n$:

| n | 1 | 2 | 3 | 4 | 5 |
|---|---|---|---|---|---|
| P | 1/2 | $(2-\\sqrt2)/4$ = 0.14645 | $(\\pi-2\\sqrt2)/4\\pi$ = 0.02492 | 0.0024567 | 0.00014011 |

The last two are quotients of Pfaffians (de Bruijn). Each run draws 60,000 matrices of each size by its seed and counts (\`minima1\` … \`minima5\`);
\`worstDeviation\` is the greatest difference from the expected share in standard errors.

The run itself descends $f = \\tfrac12 x^T A x + \\tfrac14 |x|^4$ in \`dimension\` variables with such an $A$, from a place $10^{-3}$ beside the critical point at the origin: where all
curvatures are positive it falls back, otherwise it leaves for a minimum of $-\\lambda_{min}^2/4$ at $|x|^2 = -\\lambda_{min}$ (\`leastCurvature\`, \`endDistance\`).`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: saddle points in many dimensions",
  defaultSweep: {
    lesson: "How often does a descent from beside a critical point fall back to it, in how many dimensions?",
    space: { dimension: { type: "choice", values: [1, 2, 3, 5] }, draws: { type: "fixed", value: 2000 } },
    seeds: 10,
  },
  parameters: RandomCriticalPointsParameters,
  objective: { metric: "worstDeviation", direction: "minimize" },
  metrics: [
    ...expectedShares.map((share, i) =>
      finalMetric(
        `minima${i + 1}`,
        `Share of minima in ${i + 1} ${i === 0 ? "dimension" : "dimensions"}`,
        `Share of the drawn ${i + 1} × ${i + 1} matrices with only positive eigenvalues; expected ${share.toPrecision(5)}.`,
        { scale: "log" as const },
      ),
    ),
    finalMetric("worstDeviation", "Greatest deviation of a share", "Greatest |share − P|/√(P(1 − P)/draws) of the five sizes.", {
      unit: "standard errors",
    }),
    finalMetric("leastCurvature", "Least curvature", "Least eigenvalue of the run's own A."),
    finalMetric("endDistance", "Distance from the critical point at the end", "|x| after the last step.", { scale: "log" }),
  ],
  success: {
    text: "the shares in 1 to 5 dimensions within four standard errors",
    all: [{ metric: "worstDeviation", op: "<=", value: 4 }],
  },
  plots,
  valueScale: "linear",
  maxPackWidth: 256,
  problem,
});
