import { DescentParameters, type PlotDescriptor } from "@basin/contracts";
import type { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import { finalMetric } from "../final-metric";
import type { DescentProblem } from "../kinds/descent";
import { withDefault } from "../with-default";
import { saddleGradient, saddleMinimum, saddleValue, stepsToLeave } from "./saddle-function";

const descent = DescentParameters.shape;
const arrivalDistance = 0.1;
const gridPoints = 61;

const SaddleEscapeParameters = DescentParameters.extend({
  stepNoise: withDefault(descent.stepNoise, 1e-3, {
    "x-suggest": { type: "choice", values: [0, 1e-4, 1e-3, 1e-2] },
    "x-advanced": undefined,
  }),
  rule: withDefault(descent.rule, "constant"),
  learningRate: withDefault(descent.learningRate, 0.05),
  maxSteps: withDefault(descent.maxSteps, 200),
});
type SaddleEscapeParameters = z.infer<typeof SaddleEscapeParameters>;

const problem: DescentProblem<SaddleEscapeParameters> = {
  kind: "descent",
  minimum: () => saddleMinimum,
  start: () => Float64Array.of(1, 0),
  value: (_, [x = 0, y = 0]) => saddleValue(x, y),
  gradient: (_, [x = 0, y = 0]) => Float64Array.from(saddleGradient(x, y)),

  evaluate(_, { points }) {
    const heights = points.map(([, y = Number.NaN]) => y);
    const arrival = heights.findIndex((y) => Math.abs(Math.abs(y) - Math.SQRT2) <= arrivalDistance);
    const [x = Number.NaN, y = Number.NaN] = points.at(-1) ?? [];
    return {
      arrived: Number(arrival >= 0),
      arrivalSteps: arrival >= 0 ? arrival : Number.NaN,
      leavingSteps: stepsToLeave(heights),
      saddleDistance: Math.hypot(x, y),
      side: Math.sign(y),
    };
  },

  plots({ stepNoise }, { points }) {
    const places = Array.from({ length: gridPoints }, (_, i) => (4 * i) / (gridPoints - 1) - 2);
    return {
      path: {
        kind: "contour",
        title: `From (1, 0) with noise ${stepNoise}`,
        caption: "The path follows the ridge to the saddle and waits there until the noise has tipped it to one side.",
        x: places,
        y: places,
        xAxis: { label: "x" },
        yAxis: { label: "y" },
        zAxis: { label: "f" },
        layers: [{ name: "f", z: places.map((y) => places.map((x) => saddleValue(x, y))) }],
        path: { name: "path", x: points.map(([x = 0]) => x), y: points.map(([, y = 0]) => y) },
      },
      height: {
        kind: "curve",
        title: "Distance from the ridge per step",
        caption: `Straight on this scale: it grows by 1 + 2η per step.`,
        x: { label: "Step", unit: "step" },
        y: { label: "|y|", scale: "log" },
        series: [{ name: "|y|", x: points.map((_, i) => i), y: points.map(([, y = 0]) => Math.abs(y) || Number.NaN) }],
      },
    };
  },
};

const plots: readonly PlotDescriptor[] = [
  { id: "path", title: "Path over the saddle", kind: "contour" },
  { id: "height", title: "Distance from the ridge per step", kind: "curve" },
];

/** Objective: the steps to a minimum, which is what the noise is worth; a run that stays at the saddle has none. */
export const saddleEscape = descentExperiment({
  id: "saddle-escape",
  version: 1,
  title: "A saddle, with and without noise",
  summary: "Gradient descent that starts on a ridge ends at the saddle; a little noise takes it to a minimum.",
  description: `$f = x^2 - y^2 + y^4/4$ has a saddle at $(0, 0)$ and minima at $(0, \\pm\\sqrt2)$. Descent starts at $(1, 0)$, on the ridge, where the gradient
points along it, with $\\eta = 0.05$, and in every step a normal number of standard deviation σ is added to each coordinate (\`stepNoise\`).

**What to look for.** Without noise $y$ stays exactly 0 and the path ends at the saddle, where the gradient vanishes though it is no minimum. With noise $|y|$ grows by $1 + 2\\eta = 1.1$ per step
from about 2.4 σ on, so that a tenfold noise saves 24 steps: leaving takes some 70 steps with σ = 1e-3 and 50 with 1e-2. To which of the two minima is a matter of the seed (\`side\`).

For the rule \`constant\` the noise is that of a gradient with standard deviation σ/η, as a mini-batch's is.`,
  source: "The Loss Function: Guiding Neural Networks with Domain Knowledge: saddle points",
  defaultSweep: {
    lesson: "How much noise does it take to leave a saddle, and how many steps?",
    space: { stepNoise: { type: "choice", values: [1e-4, 1e-3, 1e-2] } },
    seeds: 20,
  },
  parameters: SaddleEscapeParameters,
  withoutEffect: ({ stepNoise }) => (stepNoise === 0 ? ["seed"] : []),
  objective: { metric: "arrivalSteps", direction: "minimize" },
  metrics: [
    finalMetric("arrivalSteps", "Steps to a minimum (none when it stays)", "Steps until |y| is within 0.1 of √2.", {
      unit: "step",
    }),
    finalMetric("arrived", "Came to a minimum (1) or not (0)", "1 when |y| came within 0.1 of √2, else 0."),
    finalMetric("leavingSteps", "Steps until the saddle is left (none when it is not)", "Steps until |y| ≥ 1.", { unit: "step" }),
    finalMetric("saddleDistance", "Distance from the saddle at the end", "√(x² + y²) after the last step."),
    finalMetric("side", "Side", "Sign of y at the end."),
  ],
  success: {
    text: "within 0.1 of a minimum in y after at most as many steps as allowed",
    all: [{ metric: "arrived", op: ">=", value: 1 }],
  },
  plots,
  valueScale: "linear",
  maxPackWidth: 256,
  problem,
});
