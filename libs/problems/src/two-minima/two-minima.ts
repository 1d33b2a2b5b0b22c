import { DescentParameters, type PlotDescriptor } from "@basin/contracts";
import { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentProblem } from "../kinds/descent";
import { withDefault } from "../with-default";
import { minimaOf, ridgeAt, tiltedGradient, tiltedValue } from "./tilted-wells";

const descent = DescentParameters.shape;
const gridPoints = 81;

const TwoMinimaParameters = DescentParameters.extend({
  separation: z
    .number()
    .positive()
    .max(1)
    .default(0.02)
    .meta({
      title: "Distance of the starts",
      description: "One start lies half of it to the left of the ridge, the other half to the right.",
      "x-suggest": { type: "choice", values: [0.2, 0.02, 0.002] },
    }),
  offset: z.number().min(-1).max(1).default(0).meta({
    title: "Offset",
    description: "Both starts are moved by it along x; beyond half the distance they are on one side.",
  }),
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 0.05),
  tolerance: withDefault(descent.tolerance, 1e-12),
  maxSteps: withDefault(descent.maxSteps, 2000),
});
type TwoMinimaParameters = z.infer<typeof TwoMinimaParameters>;

const startHeight = 1.2;

function pairs(point: ArrayLike<number>): [number, number][] {
  return [0, 1].map((k) => [point[2 * k] ?? Number.NaN, point[2 * k + 1] ?? Number.NaN]);
}

function startsOf({ separation, offset }: TwoMinimaParameters): [number, number][] {
  const centre = ridgeAt + offset;
  return [
    [centre - separation / 2, startHeight],
    [centre + separation / 2, startHeight],
  ];
}

/** 0 where a point lies left of the ridge, 1 where it lies right of it. */
const sideOf = ([x]: [number, number]): 0 | 1 => (x < ridgeAt ? 0 : 1);

function apart([[x, y] = [Number.NaN, Number.NaN], [otherX, otherY] = [Number.NaN, Number.NaN]]: [number, number][]): number {
  return Math.hypot(x - otherX, y - otherY);
}

/** The first step after which the two are 1 apart; NaN when they never are. */
function partingStep(distances: readonly number[]): number {
  const at = distances.findIndex((distance) => distance >= 1);
  return at < 0 ? Number.NaN : at;
}

const problem: DescentProblem<TwoMinimaParameters> = {
  kind: "descent",
  /** Of both starts together: each in the well on its side, which plain descent does not leave. */
  minimum: (parameters) => startsOf(parameters).reduce((sum, start) => sum + minimaOf()[sideOf(start)].value, 0),
  start: (parameters) => Float64Array.from(startsOf(parameters).flat()),
  value: (_, point) => pairs(point).reduce((sum, [x, y]) => sum + tiltedValue(x, y), 0),
  gradient: (_, point) => Float64Array.from(pairs(point).flatMap(([x, y]) => tiltedGradient(x, y))),

  evaluate(_, { points }) {
    const ends = pairs(points.at(-1) ?? []);
    const wells = minimaOf();
    const nearest = ends.map(([x, y]) => Math.min(...wells.map((well) => Math.hypot(x - well.x, y))));
    const [one = [Number.NaN, Number.NaN], other = [Number.NaN, Number.NaN]] = ends;
    return {
      partingSteps: partingStep(points.map((point) => apart(pairs(point)))),
      endsApart: apart(ends),
      differentMinima: Number(sideOf(one) !== sideOf(other)),
      worstDistance: Math.max(...nearest),
      valueGap: Math.abs(tiltedValue(...one) - tiltedValue(...other)),
    };
  },

  plots({ separation }, { points }) {
    const along = (reach: number) => Array.from({ length: gridPoints }, (_, i) => reach * ((2 * i) / (gridPoints - 1) - 1));
    const [x, y] = [along(1.6), along(1.4)];
    const kept = points.filter((_, t) => t < 60 || t % Math.ceil(points.length / 60) === 0 || t === points.length - 1);
    const shared = {
      x,
      y,
      xAxis: { label: "x" },
      yAxis: { label: "y" },
      zAxis: { label: "f" },
      layers: [{ name: "f", z: y.map((b) => x.map((a) => tiltedValue(a, b))) }],
    };
    return {
      paths: {
        kind: "contour",
        title: `Two paths from starts ${separation} apart`,
        caption: "They run side by side along the ridge until one falls to the left and the other to the right.",
        ...shared,
        paths: ["left start", "right start"].map((name, k) => ({
          name,
          x: kept.map((point) => point[2 * k] ?? Number.NaN),
          y: kept.map((point) => point[2 * k + 1] ?? Number.NaN),
        })),
      },
      surface: { kind: "surface", title: "Two wells of different depth", ...shared },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "paths", title: "Two paths to two minima", kind: "contour" },
  { id: "surface", title: "The landscape", kind: "surface" },
];

/** Objective: the steps until the paths have parted, by which distances of the starts are compared. */
export const twoMinima = descentExperiment({
  id: "two-minima",
  version: 1,
  title: "Near starts, different minima",
  summary: "Two starts beside a ridge, close to each other, descend to minima of different depth.",
  description: `$f(x, y) = (x^2 - 1)^2 + \\tfrac{3}{10}x + y^2$ has two wells, the left one deeper, and between them a ridge that gradient descent does not cross: where $f_x = 0$ there,
at $x = ${ridgeAt.toFixed(4)}$, it moves along the ridge only, to the saddle. A run descends from two starts at once, half of \`separation\` to either side of the ridge.

**What to look for.** The paths run side by side and part: along $x$ the distance from the ridge grows by $1 + \\eta|f_{xx}|$ per step, so that starts a tenth as far apart part some 13 steps later (\`partingSteps\`) and
end in the same two minima. Which minimum is found is decided by the start, not by the depth. With an \`offset\` beyond half of the distance both starts are on one side and end in one minimum.

Momentum may carry a start over the ridge, which plain descent with a small rate never does.`,
  source: "Café de Miranda, de Lima, de Farias, An introduction to Neural Networks for Physicists: figure 4",
  defaultSweep: {
    lesson: "However close two starts are, they end in different minima if a ridge lies between them.",
    space: { separation: { type: "choice", values: [0.2, 0.02, 0.002] } },
    seeds: 1,
  },
  parameters: TwoMinimaParameters,
  withoutEffect: ({ stepNoise }) => (stepNoise === 0 ? ["seed"] : []),
  objective: { metric: "partingSteps", direction: "minimize" },
  metrics: [
    finalMetric(
      "differentMinima",
      "Different minima (1) or the same (0)",
      "1 when the two ends lie on different sides of the ridge.",
    ),
    finalMetric(
      "partingSteps",
      "Steps until the two are 1 apart (none when they never are)",
      "First step after which their distance is at least 1.",
      {
        unit: "step",
      },
    ),
    finalMetric("endsApart", "Distance between the two ends", "Distance of the two points after the last step."),
    finalMetric(
      "worstDistance",
      "Greatest distance from a minimum",
      "Greatest distance of an end from the minimum nearest to it.",
      {
        scale: "log",
      },
    ),
    finalMetric("valueGap", "Difference of the two values", "|f(first end) − f(second end)|."),
  ],
  success: {
    text: "the starts end in different minima, each within 1e-5 of one",
    all: [
      { metric: "differentMinima", op: ">=", value: 1 },
      { metric: "worstDistance", op: "<=", value: 1e-5 },
    ],
  },
  plots,
  valueScale: "linear",
  maxPackWidth: 256,
  problem,
});
