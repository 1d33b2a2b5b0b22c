import { choiceOf, DescentParameters, type PlotDescriptor } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import { z } from "zod";
import { descentExperiment } from "../descent-experiment";
import type { DescentHistory, DescentProblem } from "../kinds/descent";
import type { PlotsById } from "../kinds/plots-by-id";
import { unrolledStep } from "./unrolled-rules";
import { finalMetric } from "../final-metric";

const landscapes = ["quadratic", "rosenbrock"] as const;

const OptimizersParameters = DescentParameters.extend({
  landscape: choiceOf(landscapes, { quadratic: "½(x² + κy²)", rosenbrock: "(1 − x)² + κ(y − x²)²" })
    .default("quadratic")
    .meta({ title: "Function" }),
  condition: z
    .number()
    .min(1)
    .max(1e6)
    .default(100)
    .meta({
      title: "Condition κ",
      description: "Ratio of the curvatures at the minimum of the quadratic.",
      "x-suggest": { type: "log-float", min: 1, max: 1000, points: 4 },
    }),
});
type OptimizersParameters = z.infer<typeof OptimizersParameters>;

/** Steps that are held against the written-out rules. */
const checkedSteps = 3;
const contourPoints = 61;

const problem: DescentProblem<OptimizersParameters> = {
  kind: "descent",
  minimum: () => 0,

  start(_, seed) {
    const out = new Float64Array(2);
    randomStream(seed, "optimizers/start").fillUniform(out);
    return out.map((u) => 4 * u - 2);
  },

  value({ landscape, condition }, point) {
    const [x = 0, y = 0] = point;
    return landscape === "quadratic"
      ? (x * x + condition * y * y) / 2
      : (1 - x) * (1 - x) + condition * (y - x * x) * (y - x * x);
  },

  gradient({ landscape, condition }, point) {
    const [x = 0, y = 0] = point;
    if (landscape === "quadratic") return Float64Array.of(x, condition * y);
    return Float64Array.of(-2 * (1 - x) - 4 * condition * x * (y - x * x), 2 * condition * (y - x * x));
  },

  evaluate(parameters, { points, seed }) {
    const gradients: Float64Array[] = [];
    let worst = 0;
    points.slice(0, checkedSteps).forEach((point, t) => {
      gradients.push(problem.gradient(parameters, point, seed, t + 1));
      const next = points[t + 1];
      next?.forEach((got, i) => {
        const want =
          (point[i] ?? 0) -
          unrolledStep(
            parameters,
            gradients.map((gradient) => gradient[i] ?? 0),
          );
        worst = Math.max(worst, Math.abs(got - want));
      });
    });
    return { firstStepsError: worst };
  },

  plots: plotsOf,
};

const plots: readonly PlotDescriptor[] = [
  { id: "path", title: "Path over the function's contours", kind: "contour" },
  { id: "value", title: "Value per step", kind: "curve" },
];

function plotsOf(parameters: OptimizersParameters, { points, values, seed }: DescentHistory): PlotsById {
  const every = Math.max(1, Math.ceil(points.length / 1000));
  const kept = points.filter((_, i) => i % every === 0 || i === points.length - 1);
  const places = Array.from({ length: contourPoints }, (_, i) => (5 * i) / (contourPoints - 1) - 2.5);
  return {
    path: {
      kind: "contour",
      title: `${parameters.rule} on the ${parameters.landscape} function`,
      caption: "Across the narrow valley steps that are too long oscillate; along it they must not be too short.",
      x: places,
      y: places,
      xAxis: { label: "x" },
      yAxis: { label: "y" },
      zAxis: { label: "f", scale: "log" },
      layers: [{ name: "f", z: places.map((y) => places.map((x) => problem.value(parameters, Float64Array.of(x, y), seed))) }],
      path: { name: parameters.rule, x: kept.map(([x = 0]) => x), y: kept.map(([, y = 0]) => y) },
    },
    value: {
      kind: "curve",
      title: "Value per step",
      x: { label: "Step", unit: "step" },
      y: { label: "f", scale: "log" },
      series: [
        {
          name: parameters.rule,
          x: values.map((_, i) => i).filter((i) => i % every === 0),
          y: values.filter((_, i) => i % every === 0),
        },
      ],
    },
  };
}

/** Objective: the steps to the tolerance, which is what the rules are compared by; a run that does not get there has none. */
export const optimizers = descentExperiment({
  id: "optimizers",
  version: 1,
  title: "Optimizers on analytic functions",
  summary: "Seven textbook update rules race to the minimum of a narrow valley.",
  description: `Gradient descent on a function of two variables in double precision, from a start that the seed draws on $[-2, 2]^2$:
the quadratic $f = \\tfrac12(x^2 + \\kappa y^2)$ with condition number $\\kappa$ (100), or Rosenbrock's valley $(1-x)^2 + \\kappa(y - x^2)^2$.
The run ends when $f$ is within $10^{-6}$ of its minimum, 0.

**Rules** ($g$ gradient, $\\eta$ learning rate, $\\delta = 10^{-8}$): constant $\\eta g$; momentum $m \\leftarrow \\rho m + \\eta g$; Nesterov, the
same with a step of $\\rho m + \\eta g$; Adagrad
$s \\leftarrow s + g^2$, $\\eta g/(\\sqrt s + \\delta)$; AdagradMomentum, the same within a momentum; RMSprop $s \\leftarrow \\rho s + (1-\\rho) g^2$,
$\\eta g/\\sqrt{s + \\delta}$; Adam with both moments corrected for their start at zero.

**What to look for.** A constant rate above $2/\\kappa$ diverges across the valley, and one below crawls along it. The adaptive rules divide the
curvature out, and pay with steps that do not shrink of themselves: RMSprop ends by swinging across the valley with an amplitude of about
$\\eta/2$, so that it meets $10^{-6}$ only with a learning rate below $3\\cdot10^{-4}$ and some ten thousand steps.

**Check.** The first three steps are held against the rules written out as sums over all gradients so far, without any memory; the greatest
difference is \`firstStepsError\`, at most $10^{-12}$.

**What differs from the source.** Its Adam forgets both moments at every epoch while its correction counts on, which with one batch per epoch is
descent by signs with a growing step; its Adagrad sums over weight rows. These are the textbook forms. The race is ours: the source compares the rules
on its data sets only.`,
  source: "Hjorth-Jensen, Advanced machine learning and data analysis for the physical sciences, week 2: schedulers",
  defaultSweep: {
    lesson: "Which rule reaches the minimum of a narrow valley in the fewest steps, from most starts?",
    space: {
      rule: { type: "choice", values: ["constant", "momentum", "nesterov", "adagrad", "adagrad-momentum", "rmsprop", "adam"] },
    },
    seeds: 10,
  },
  parameters: OptimizersParameters,
  objective: { metric: "stepsToTolerance", direction: "minimize" },
  metrics: [
    finalMetric(
      "firstStepsError",
      "Greatest deviation of the first three steps from the written-out rule",
      "Greatest difference of a coordinate in the first three steps from the rule written out as sums over all gradients so far.",
      { scale: "log" },
    ),
  ],
  success: {
    text: "the minimum reached to 1e-6, and the first three steps as the written-out rule gives them to 1e-12",
    all: [
      { metric: "reached", op: ">=", value: 1 },
      { metric: "firstStepsError", op: "<=", value: 1e-12 },
    ],
  },
  plots,
  maxPackWidth: 256,
  problem,
});
