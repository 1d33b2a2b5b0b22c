import { DescentParameters, type PlotDescriptor } from "@basin/contracts";
import { fitLine, randomStream } from "@basin/numerics";
import type { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentHistory, DescentProblem } from "../kinds/descent";
import { saddleGradient, saddleMinimum, saddleValue, stepsToLeave } from "../saddle-escape/saddle-function";
import { withDefault } from "../with-default";

const descent = DescentParameters.shape;
const starts = 7;

const PlateauTimeParameters = DescentParameters.extend({
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 0.05, { "x-suggest": { type: "choice", values: [0.02, 0.05, 0.1] } }),
  maxSteps: withDefault(descent.maxSteps, 2000),
});
type PlateauTimeParameters = z.infer<typeof PlateauTimeParameters>;

/** −log₁₀ δ of the starts: one in each seventh of 2 … 8. */
function decadesOf(seed: number): number[] {
  const stream = randomStream(seed, "plateau-time/starts");
  return Array.from({ length: starts }, (_, k) => 2 + (6 * (k + stream.uniform(k))) / starts);
}

/** (x, y) of each start. */
function pairs(point: ArrayLike<number>): [number, number][] {
  return Array.from({ length: starts }, (_, k) => [point[2 * k] ?? Number.NaN, point[2 * k + 1] ?? Number.NaN]);
}

/** Of each start how far from the ridge it began, in decades below 1, and how long it stayed at the saddle. */
function waits({ points }: DescentHistory): { decades: number[]; steps: number[] } {
  const heights = (k: number): number[] => points.map((point) => point[2 * k + 1] ?? Number.NaN);
  const all = Array.from({ length: starts }, (_, k) => heights(k));
  return { decades: all.map(([first = Number.NaN]) => -Math.log10(first)), steps: all.map(stepsToLeave) };
}

const perDecade = (learningRate: number): number => Math.LN10 / Math.log1p(2 * learningRate);

const problem: DescentProblem<PlateauTimeParameters> = {
  kind: "descent",
  minimum: () => starts * saddleMinimum,
  start: (_, seed) => Float64Array.from(decadesOf(seed).flatMap((decades) => [1, 10 ** -decades])),
  value: (_, point) => pairs(point).reduce((sum, pair) => sum + saddleValue(...pair), 0),
  gradient: (_, point) => Float64Array.from(pairs(point).flatMap((pair) => saddleGradient(...pair))),

  evaluate({ learningRate }, history) {
    const { decades, steps } = waits(history);
    const { slope } = fitLine(decades, steps);
    const expected = perDecade(learningRate);
    return { stepsPerDecade: slope, expectedStepsPerDecade: expected, slopeError: Math.abs(slope / expected - 1) };
  },

  plots({ learningRate }, history) {
    const { decades, steps } = waits(history);
    const { slope, intercept } = fitLine(decades, steps);
    const ends = [2, 8];
    return {
      wait: {
        kind: "curve",
        title: "Steps at the saddle against the distance from the ridge",
        caption: "A start ten times nearer to the ridge waits a fixed number of steps longer.",
        x: { label: "−log₁₀ δ" },
        y: { label: "Steps to |y| = 1", unit: "step" },
        series: [
          { name: "starts", x: decades, y: steps, style: "points" },
          { name: `${slope.toPrecision(4)} per decade`, x: ends, y: ends.map((x) => intercept + slope * x) },
          {
            name: `ln 10/ln(1 + 2η) = ${perDecade(learningRate).toPrecision(4)} per decade`,
            x: ends,
            y: ends.map((x) => (steps[0] ?? Number.NaN) + perDecade(learningRate) * (x - (decades[0] ?? Number.NaN))),
            style: "dashed",
          },
        ],
      },
      heights: {
        kind: "curve",
        title: "Distance from the ridge per step",
        x: { label: "Step", unit: "step" },
        y: { label: "|y|", scale: "log" },
        series: decades.map((first, k) => ({
          name: `δ = ${(10 ** -first).toExponential(1)}`,
          x: history.points.map((_, t) => t),
          y: history.points.map((point) => Math.abs(point[2 * k + 1] ?? Number.NaN)),
        })),
      },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "wait", title: "Steps at the saddle against the distance from the ridge", kind: "curve" },
  { id: "heights", title: "Distance from the ridge per step", kind: "curve" },
];

/** Objective: how far the wait per decade is from the formula's. */
export const plateauTime = descentExperiment({
  id: "plateau-time",
  version: 1,
  title: "How long a saddle holds a path",
  summary: "Seven starts ever nearer to a ridge: each decade costs the same number of steps.",
  description: `Gradient descent on $f = x^2 - y^2 + y^4/4$ from $(1, \\delta)$, seven starts at once with δ between $10^{-2}$ and $10^{-8}$ (one drawn in each seventh of the decades; $f$ is
the sum over them). Near the ridge a step multiplies $y$ by $1 + 2\\eta$, so that the steps until $|y| = 1$ grow by

$$\\frac{\\ln 10}{\\ln(1 + 2\\eta)} = 24.16 \\quad (\\eta = 0.05)$$

for every decade that δ is smaller.

**What to look for.** The loss stands still all that time: a plateau is no minimum, and how long it lasts is a matter of the logarithm of luck. \`stepsPerDecade\` is the slope of the
straight line through the seven waits.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: saddle points and plateaus",
  defaultSweep: {
    lesson: "How many steps longer does a start wait that is ten times nearer to the ridge?",
    space: { learningRate: { type: "choice", values: [0.02, 0.05, 0.1] } },
    seeds: 10,
  },
  parameters: PlateauTimeParameters,
  objective: { metric: "slopeError", direction: "minimize" },
  metrics: [
    finalMetric(
      "stepsPerDecade",
      "Steps per decade",
      "Slope of the least-squares line through the steps to |y| = 1 over −log₁₀ δ.",
      { unit: "step" },
    ),
    finalMetric("expectedStepsPerDecade", "Steps per decade by the formula", "ln 10/ln(1 + 2η).", { unit: "step" }),
    finalMetric("slopeError", "Relative error of the steps per decade", "|slope/formula − 1|.", { scale: "log" }),
  ],
  success: {
    text: "the steps per decade within 3 % of the formula",
    all: [{ metric: "slopeError", op: "<=", value: 0.03 }],
  },
  plots,
  valueScale: "linear",
  maxPackWidth: 256,
  problem,
});
