import { DescentParameters, type PlotDescriptor } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import type { z } from "zod";
import { dataSeed } from "../data-seed";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentProblem } from "../kinds/descent";
import { withDefault } from "../with-default";
import { bowlOf, curvatures } from "./bowl-function";

const descent = DescentParameters.shape;
const starts = 4;
const stability = 2 / curvatures.greatest;
/** Two rates below the greatest that converges and two above it. */
const ratesAround = [0.98, 0.99, 1.01, 1.02].map((factor) => Number((factor * stability).toPrecision(6)));

const BowlParameters = DescentParameters.extend({
  dataSeed: dataSeed("Of the noise."),
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 0.02, {
    title: "Learning rate η",
    description: `Converges below 2/λmax = ${stability.toPrecision(6)}.`,
    "x-suggest": { type: "choice", values: [0.005, 0.02, ...ratesAround] },
  }),
  tolerance: withDefault(descent.tolerance, 1e-14),
  maxSteps: withDefault(descent.maxSteps, 20_000),
});
type BowlParameters = z.infer<typeof BowlParameters>;

/** (w, b) of each start. */
function pairs(point: ArrayLike<number>): [number, number][] {
  return Array.from({ length: starts }, (_, k) => [point[2 * k] ?? Number.NaN, point[2 * k + 1] ?? Number.NaN]);
}

const distance = ([w, b]: [number, number], [otherW, otherB]: [number, number]): number => Math.hypot(w - otherW, b - otherB);

const problem: DescentProblem<BowlParameters> = {
  kind: "descent",
  minimum({ dataSeed }) {
    const { value, least } = bowlOf(dataSeed);
    return starts * value(...least);
  },

  start(_, seed) {
    const stream = randomStream(seed, "bowl/starts");
    // w in [−2, 6] and b in [−7, 9]: about the minimum.
    return Float64Array.from({ length: 2 * starts }, (__, i) =>
      i % 2 === 0 ? -2 + 8 * stream.uniform(i) : -7 + 16 * stream.uniform(i),
    );
  },

  value({ dataSeed }, point) {
    const { value } = bowlOf(dataSeed);
    return pairs(point).reduce((sum, pair) => sum + value(...pair), 0);
  },

  gradient({ dataSeed }, point) {
    const { gradient } = bowlOf(dataSeed);
    return Float64Array.from(pairs(point).flatMap((pair) => gradient(...pair)));
  },

  evaluate({ dataSeed, learningRate }, { points }) {
    const ends = pairs(points.at(-1) ?? []);
    const { least } = bowlOf(dataSeed);
    return {
      worstDistance: Math.max(...ends.map((end) => distance(end, least))),
      startsApart: Math.max(...ends.flatMap((one) => ends.map((other) => distance(one, other)))),
      rateOverLimit: learningRate / stability,
    };
  },

  plots({ dataSeed, learningRate }, { points }) {
    const { value, least } = bowlOf(dataSeed);
    const along = (centre: number, reach: number) => Array.from({ length: 61 }, (_, i) => centre + reach * ((2 * i) / 60 - 1));
    const [x, y] = [along(least[0], 4.5), along(least[1], 9)];
    // Later steps are too short to be seen.
    const kept = points.filter((_, t) => t < 30 || t % Math.ceil(points.length / 60) === 0 || t === points.length - 1);
    const shared = {
      x,
      y,
      xAxis: { label: "w" },
      yAxis: { label: "b" },
      zAxis: { label: "f" },
      layers: [{ name: "f", z: y.map((b) => x.map((w) => value(w, b))) }],
    };
    return {
      paths: {
        kind: "contour",
        title: `Paths of four starts, η = ${(learningRate / stability).toPrecision(3)} of the limit`,
        caption: "Across the narrow valley steps that are too long swing; along it all starts creep to the same point.",
        ...shared,
        paths: Array.from({ length: starts }, (_, k) => ({
          name: `start ${k + 1}`,
          x: kept.map((point) => point[2 * k] ?? Number.NaN),
          y: kept.map((point) => point[2 * k + 1] ?? Number.NaN),
        })),
      },
      surface: { kind: "surface", title: "Mean squared error over slope and intercept", ...shared },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "paths", title: "Paths of all starts over the contours", kind: "contour" },
  { id: "surface", title: "The bowl", kind: "surface" },
];

/** Objective: the steps to the minimum, by which rates are compared; a run that does not get there has none. */
export const bowl = descentExperiment({
  id: "bowl",
  version: 1,
  title: "The bowl of a straight line's loss",
  summary: "Gradient descent on a mean squared error from four starts, at rates around the greatest that converges.",
  description: `The mean squared error $f(w, b) = \\frac1n \\sum (w x_i + b - y_i)^2$ of fifty points $y = 2x + 1 + N(0, 0.1^2)$, $x \\in [0, 10]$, is a bowl: its curvature is the same
everywhere, $H = \\frac2n \\begin{pmatrix} \\sum x^2 & \\sum x \\\\ \\sum x & n \\end{pmatrix}$ with eigenvalues ${curvatures.greatest.toPrecision(5)} and ${curvatures.least.toPrecision(4)}. A run descends from
four starts at once, drawn by the seed ($f$ is then the sum over the four), in double precision.

**What to look for.** Along an eigenvector each step multiplies the distance from the minimum by $1 - \\eta\\lambda$, so that gradient descent converges exactly
where $\\eta < 2/\\lambda_{max}$ = ${stability.toPrecision(6)}, whatever the start, and all starts end in the one minimum of the normal equations. Just beyond, the runs diverge: slowly, and always. In the
narrow direction the rate is near its limit while the flat one still creeps: that is what the condition number, ${(curvatures.greatest / curvatures.least).toPrecision(3)}, costs.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: the loss as a landscape",
  defaultSweep: {
    lesson: "Up to which learning rate does gradient descent converge, from all starts?",
    space: { learningRate: { type: "choice", values: [0.005, 0.02, ...ratesAround] } },
    seeds: 10,
  },
  parameters: BowlParameters,
  objective: { metric: "stepsToTolerance", direction: "minimize" },
  metrics: [
    finalMetric(
      "worstDistance",
      "Greatest distance from the minimum",
      "Greatest |(w, b) − (w*, b*)| of the four ends; (w*, b*) by the normal equations.",
      {
        scale: "log",
      },
    ),
    finalMetric("startsApart", "Greatest distance between two ends", "Greatest distance between the ends of two of the starts.", {
      scale: "log",
    }),
    finalMetric("rateOverLimit", "Learning rate over its limit", "η λmax/2."),
  ],
  success: {
    text: "all four starts end within 1e-6 of the minimum",
    all: [
      { metric: "worstDistance", op: "<=", value: 1e-6 },
      { metric: "startsApart", op: "<=", value: 1e-6 },
    ],
  },
  plots,
  maxPackWidth: 256,
  problem,
});
