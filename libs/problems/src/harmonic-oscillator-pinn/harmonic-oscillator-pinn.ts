import { PinnParameters, pinnPerRunParameters, type PlotDescriptor } from "@basin/contracts";
import { cosPi, randomStream, sinPi } from "@basin/numerics";
import { z } from "zod";
import { checkPinnParameters } from "../differential-equations/check-pinn-parameters";
import { constant, difference, measured, product, solution, sum } from "../differential-equations/expression";
import type { ExperimentDefinition } from "../experiment";
import { equationSizes } from "../memory/data-sizes";
import type { DifferentialEquationProblem, LossTerm } from "../kinds/differential-equation";
import type { PlotsById } from "../kinds/plots-by-id";
import { dataSeed } from "../data-seed";
import { withDefault } from "../with-default";
import { weightCount } from "../weight-count";
import { finalMetric } from "../final-metric";

const advanced = { "x-advanced": true };
const weight = z.number().min(0).max(1e6);
const suggested = { "x-suggest": { type: "log-float", min: 1e-3, max: 1e2, points: 6 } };

const HarmonicOscillatorParameters = PinnParameters.extend({
  squaredFrequency: z
    .number()
    .positive()
    .max(10_000)
    .default(9.8 / 0.5)
    .meta({ title: "ω₀²", unit: "1/s²", description: "g/ℓ = 9.8/0.5." }),
  initialAngle: z
    .number()
    .min(0.01)
    .max(Math.PI)
    .default(Math.PI / 4)
    .meta({ title: "Initial angle", unit: "rad" }),
  duration: z
    .number()
    .positive()
    .max(100)
    .default(2)
    .meta({ title: "Duration", unit: "s", ...advanced }),
  points: z
    .int()
    .min(2)
    .max(100_000)
    .default(50)
    .meta({ title: "Collocation points", description: "Equally spaced, with both ends." }),
  residualWeight: weight.default(0.1).meta({
    title: "Weight of the equation",
    description: "The source's is 1, with which about half of the initializations stay near θ ≡ 0.",
    ...suggested,
  }),
  angleWeight: weight.default(1).meta({ title: "Weight of θ(0)", ...suggested }),
  velocityWeight: weight.default(1).meta({ title: "Weight of θ̇(0)", ...advanced }),
  dataPoints: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta({
      title: "Measured angles",
      description: "Equally spaced from 0 to the duration, as a term of their own; 0: none is given.",
      "x-suggest": { type: "choice", values: [0, 5, 20] },
    }),
  dataNoise: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta({ title: "Noise of the angles", unit: "rad", description: "Standard deviation.", ...advanced }),
  dataSeed: dataSeed("Of the noise."),
  dataWeight: weight.default(1).meta({ title: "Weight of the angles", ...advanced, ...suggested }),
  endCondition: z
    .boolean()
    .default(false)
    .meta({
      title: "Angle at the end",
      description: "Gives θ at the end of the duration, too: a boundary condition on both sides. Weighed as θ(0).",
      ...advanced,
    }),
  activation: withDefault(PinnParameters.shape.activation, "sine", {
    description: "Of every hidden layer.",
    "x-suggest": { type: "choice", values: ["sine", "tanh"] },
  }),
  learningRate: withDefault(PinnParameters.shape.learningRate, 0.01, {
    "x-suggest": { type: "log-float", min: 1e-3, max: 3e-2, points: 4 },
  }),
  schedule: PinnParameters.shape.schedule
    .unwrap()
    .default("step")
    .meta({ title: "Learning-rate schedule", description: "step: × decay after every period.", ...advanced }),
  scheduleDecay: withDefault(PinnParameters.shape.scheduleDecay, 0.9, { description: "Factor on the learning rate." }),
  schedulePeriod: withDefault(PinnParameters.shape.schedulePeriod, 500, { description: "Of step and exponential." }),
  epochs: withDefault(PinnParameters.shape.epochs, 10_000),
});
type HarmonicOscillatorParameters = z.infer<typeof HarmonicOscillatorParameters>;

/** What a run ended as, in the order of the metric `outcomeClass`. */
const oscillatorOutcomes = ["solved", "trivial", "other"] as const;

const judgedPoints = 200;
/** Bounds on the loss with all weights 1, whatever those of the training are, and on the relative error. */
const solvedLoss = 5e-3;
const solvedError = 0.02;
const sourceTerms = ["residualLoss", "angleLoss", "velocityLoss"] as const;
/** How far from (θ₀)², the unweighted loss of θ ≡ 0, a loss still counts as that of the trivial solution. */
const trivialMargin = 0.1;

function grid(points: number, duration: number): Float32Array {
  return Float32Array.from({ length: points }, (_, i) => (duration * i) / (points - 1));
}

/** θ₀ cos ω₀t. */
function exactAngle({ initialAngle, squaredFrequency }: HarmonicOscillatorParameters, t: number): number {
  return initialAngle * cosPi((Math.sqrt(squaredFrequency) * t) / Math.PI);
}

interface GivenTerm {
  points: Float32Array;
  term: Omit<LossTerm<HarmonicOscillatorParameters>, "grid">;
}

/** The terms of measured angles and of the angle at the end, where a configuration has them. */
function givenTerms(parameters: HarmonicOscillatorParameters): GivenTerm[] {
  const { dataPoints, dataNoise, dataSeed, duration, endCondition } = parameters;
  const terms: GivenTerm[] = [];
  if (dataPoints > 0) {
    const points = dataPoints === 1 ? Float32Array.of(duration) : grid(dataPoints, duration);
    const noise = randomStream(dataSeed, "harmonic-oscillator-pinn/noise");
    terms.push({
      points,
      term: {
        metric: "dataLoss",
        weight: ({ dataWeight }) => dataWeight,
        measured: Float32Array.from(points, (t, i) => exactAngle(parameters, t) + dataNoise * noise.normal(i)),
        residual: difference(solution(), measured),
        measure: "mean-square",
      },
    });
  }
  if (endCondition)
    terms.push({
      points: Float32Array.of(duration),
      term: {
        metric: "endAngleLoss",
        weight: ({ angleWeight }) => angleWeight,
        measured: null,
        residual: difference(solution(), constant(exactAngle(parameters, duration))),
        measure: "mean-square",
      },
    });
  return terms;
}

const problem: DifferentialEquationProblem<HarmonicOscillatorParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const { squaredFrequency, initialAngle, duration, points } = parameters;
    const given = givenTerms(parameters);
    return {
      coordinates: 1,
      components: 1,
      unknowns: [],
      grids: [
        { points: grid(points, duration) },
        { points: Float32Array.of(0) },
        ...given.map(({ points: at }) => ({ points: at })),
      ],
      terms: [
        {
          metric: "residualLoss",
          weight: ({ residualWeight }) => residualWeight,
          grid: 0,
          measured: null,
          residual: sum(solution(2), product(constant(squaredFrequency), solution())),
          measure: "mean-square",
        },
        {
          metric: "angleLoss",
          weight: ({ angleWeight }) => angleWeight,
          grid: 1,
          measured: null,
          residual: difference(solution(), constant(initialAngle)),
          measure: "mean-square",
        },
        {
          metric: "velocityLoss",
          weight: ({ velocityWeight }) => velocityWeight,
          grid: 1,
          measured: null,
          residual: solution(1),
          measure: "mean-square",
        },
        ...given.map(({ term }, i) => ({ ...term, grid: 2 + i })),
      ],
    };
  },

  judge(parameters, learned) {
    const { initialAngle, squaredFrequency, duration } = parameters;
    const frequency = Math.sqrt(squaredFrequency);
    const at = grid(judgedPoints, duration);
    const truth = Array.from(at, (t) => initialAngle * cosPi((frequency * t) / Math.PI));
    const [angles, velocities] = learned.at(at, [0, 1]);
    const gaps = truth.map((value, i) => (angles[i] ?? Number.NaN) - value);
    const relativeL2 = Math.sqrt(squares(gaps) / squares(truth));
    const sourceLoss = sourceTerms.reduce((all, name) => all + (learned.terms[name] ?? Number.NaN), 0);
    const outcome = outcomeOf(initialAngle, sourceLoss, relativeL2);
    return {
      metrics: {
        sourceLoss,
        relativeL2,
        maxError: gaps.reduce((most, gap) => Math.max(most, Math.abs(gap)), 0),
        outcomeClass: oscillatorOutcomes.indexOf(outcome),
      },
      labels: { outcome },
      plots: plotsOf(parameters, at, truth, angles, velocities),
    };
  },

  diverged: () => ({ relativeL2: Number.NaN, outcomeClass: oscillatorOutcomes.indexOf("other") }),
};

function squares(values: readonly number[]): number {
  return values.reduce((all, value) => all + value * value, 0);
}

function outcomeOf(initialAngle: number, loss: number, relativeL2: number): (typeof oscillatorOutcomes)[number] {
  if (loss <= solvedLoss && relativeL2 <= solvedError) return "solved";
  return Math.abs(loss / (initialAngle * initialAngle) - 1) <= trivialMargin ? "trivial" : "other";
}

const plots: readonly PlotDescriptor[] = [
  { id: "solution", title: "Analytic solution and network", kind: "curve" },
  { id: "velocity", title: "Angular velocity", kind: "curve" },
];

function plotsOf(
  { initialAngle, squaredFrequency, duration, points, dataPoints, endCondition }: HarmonicOscillatorParameters,
  at: Float32Array,
  truth: readonly number[],
  angles: Float32Array,
  velocities: Float32Array,
): PlotsById {
  const frequency = Math.sqrt(squaredFrequency);
  const x = Array.from(at);
  const trained = Array.from(grid(points, duration)).filter((_, i) => i % Math.ceil(points / 200) === 0);
  return {
    solution: {
      kind: "curve",
      title: "Analytic solution and network",
      caption:
        dataPoints === 0 && !endCondition
          ? "No angle but the first is given to the network."
          : "Some angles are given to the network.",
      x: { label: "Time", unit: "s" },
      y: { label: "θ", unit: "rad" },
      series: [
        { name: "analytic", x, y: [...truth], style: "dashed" },
        { name: "network", x, y: Array.from(angles) },
        { name: "collocation points", x: trained, y: trained.map(() => 0), style: "points" },
      ],
    },
    velocity: {
      kind: "curve",
      title: "Angular velocity",
      caption: "The network's exact derivative.",
      x: { label: "Time", unit: "s" },
      y: { label: "dθ/dt", unit: "rad/s" },
      series: [
        { name: "analytic", x, y: x.map((t) => -initialAngle * frequency * sinPi((frequency * t) / Math.PI)), style: "dashed" },
        { name: "network", x, y: Array.from(velocities) },
      ],
    },
  };
}

const asCurve = { series: true, scale: "log" } as const;

/** Objective: the error of the solution, which the loss bounds only where the solution is not the trivial one. */
export const harmonicOscillatorPinn: ExperimentDefinition = {
  id: "harmonic-oscillator-pinn",
  version: 1,
  title: "Physics-informed network: harmonic oscillator",
  summary: "A network learns a swing from its equation and initial state alone.",
  description: `The oscillator $\\ddot\\theta + \\omega_0^2\\theta = 0$ with $\\omega_0^2 = 9.8/0.5$, $\\theta(0) = \\pi/4$, $\\dot\\theta(0) = 0$ on $0 \\le t \\le 2$ s.
A 1-10-10-1 network with sine activations is to satisfy it at 50 points and no data are given:

$$L = \\overline{(\\ddot\\theta + \\omega_0^2\\theta)^2} + (\\theta(0) - \\pi/4)^2 + \\dot\\theta(0)^2,$$

each term with a weight of its own, that of the equation 0.1. The time derivatives are exact: $(t, 1, 0)$ is propagated through the layers. Adam starts with rate 0.01, × 0.9
every 500 of 10,000 full-batch epochs. Whatever the weights are, a run is judged by the loss with all of them 1 (\`sourceLoss\`).

**What to look for.** $\\theta \\equiv 0$ solves the equation too and costs only $(\\pi/4)^2 = 0.617$: with the source's settings (\`residualWeight: 1\`, \`epochs: 5000\`,
\`schedulePeriod: 250\`) the loss stands on this plateau, until epoch 1,500 or so in the source, before the network finds the swing; the source ends at about
$2\\cdot10^{-3}$. A run is *solved* with a loss of at most $5\\cdot10^{-3}$ and a relative error ($L_2$, 200 points) of at most 0.02, *trivial* with a loss within
10 % of the plateau's, and *other* else. The classes count the initializations: with the source's settings 17 of 32 were solved, the others were still on the plateau
or on their way down when the rate had decayed. The equation's residual is $\\omega_0^2 \\approx 20$ times as large as an angle, so that its square outweighs the initial state: hence
the smaller weight, with which the equation does not hold the network at zero. It then takes more epochs until the equation itself is met to the source's loss: in 5,000 epochs
with weight 0.1 six of ten initializations met both bounds, in 10,000 all ten (chosen on seeds 101 to 110).

**Data and boundary terms.** The general loss of the source has terms of measured data and of boundary conditions, too: \`dataPoints\` angles along the swing, with noise if wanted, and \`endCondition\`, the angle at the end in
place of guessing the phase. With the source's weights five angles, or the angle at the end, leave 7 of 10 initializations solved, where neither leaves 6: the plateau near $\\theta \\equiv 0$ stays. A run is judged by the three terms above in any case.

**What differs from the source.** Its printed loss omits the term of $\\dot\\theta(0)$, without which the phase is free; its program has it, and so do we. Its weights are all 1 and it trains for 5,000 epochs; those are the settings above.`,
  source: "Café de Miranda, de Lima, de Farias, An introduction to neural networks for physicists: example 2",
  family: "pinn",
  diagnostic: false,
  defaultSweep: {
    lesson: "With too much weight on the equation the network falls for the trivial solution, no motion at all.",
    space: { residualWeight: { type: "choice", values: [0.01, 0.1, 1] } },
    seeds: 10,
  },
  parameters: HarmonicOscillatorParameters,
  perRunParameters: [...pinnPerRunParameters, "residualWeight", "angleWeight", "velocityWeight", "dataWeight"],
  check: checkPinnParameters,
  withoutEffect: ({ dataPoints, dataNoise }) => [
    "redrawEvery",
    ...(dataPoints === 0 ? ["dataNoise", "dataWeight"] : []),
    ...(dataPoints === 0 || dataNoise === 0 ? ["dataSeed"] : []),
  ],
  sizes(parameters) {
    const { points, dataPoints, endCondition } = HarmonicOscillatorParameters.parse(parameters);
    return equationSizes(1, 1, [{ points: points + 1 + dataPoints + Number(endCondition), derivatives: 2 }]);
  },
  objective: { metric: "relativeL2", direction: "minimize" },
  metrics: [
    finalMetric(
      "loss",
      "Loss",
      "Sum of the three terms times their weights. Curve: before the step of that epoch. Final figure: of the saved weights.",
      asCurve,
    ),
    finalMetric("sourceLoss", "Loss with all weights 1", "residualLoss + angleLoss + velocityLoss, of the saved weights.", {
      scale: "log",
    }),
    finalMetric(
      "residualLoss",
      "Mean square of the equation's residual",
      "Mean of (θ̈ + ω₀²θ)² over the collocation points.",
      asCurve,
    ),
    finalMetric("angleLoss", "Square of the error of θ(0)", "(θ(0) − π/4)², or with the initial angle that is given.", asCurve),
    finalMetric("velocityLoss", "Square of θ̇(0)", "θ̇(0)².", asCurve),
    finalMetric("dataLoss", "Mean square of the error at the measured angles", "Mean of (θ̂ − θ)², θ as measured.", {
      ...asCurve,
      where: [{ parameter: "dataPoints", isNot: 0 }],
    }),
    finalMetric("endAngleLoss", "Square of the error of θ at the end", "(θ̂ − θ₀ cos ω₀T)² at the duration T.", {
      ...asCurve,
      where: [{ parameter: "endCondition", is: true }],
    }),
    finalMetric("relativeL2", "Relative error (L₂)", "√(Σ(θ̂ − θ)²/Σθ²) at 200 times, θ the analytic solution.", { scale: "log" }),
    finalMetric("maxError", "Greatest error", "Greatest |θ̂ − θ| at 200 times.", { scale: "log", unit: "rad" }),
    finalMetric(
      "outcomeClass",
      "Outcome",
      "solved: sourceLoss ≤ 5e-3 and relativeL2 ≤ 0.02; trivial: sourceLoss within 10 % of that of θ ≡ 0; other.",
      { categories: [...oscillatorOutcomes] },
    ),
    weightCount,
  ],
  success: {
    text: "loss with all weights 1 ≤ 5e-3 and relative error ≤ 0.02 on 200 points",
    all: [
      { metric: "sourceLoss", op: "<=", value: solvedLoss },
      { metric: "relativeL2", op: "<=", value: solvedError },
    ],
  },
  plots,
  maxPackWidth: 256,
  stepUnit: "epoch",
  problem,
};
