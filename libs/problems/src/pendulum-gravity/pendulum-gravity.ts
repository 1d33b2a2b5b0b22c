import { choiceOf, PinnParameters, pinnPerRunParameters, type PlotDescriptor } from "@basin/contracts";
import { cosPi, mean, randomStream } from "@basin/numerics";
import { z } from "zod";
import { checkPinnParameters } from "../differential-equations/check-pinn-parameters";
import {
  constant,
  cosine,
  difference,
  measured,
  meanSolution,
  product,
  solution,
  time,
  unknown,
} from "../differential-equations/expression";
import type { ExperimentDefinition } from "../experiment";
import { equationSizes } from "../memory/data-sizes";
import type { DifferentialEquationProblem, LearnedSolution, LossTerm } from "../kinds/differential-equation";
import type { PlotsById } from "../kinds/plots-by-id";
import { withDefault } from "../with-default";
import { dataSeed } from "../data-seed";
import { weightCount } from "../weight-count";
import { finalMetric } from "../final-metric";

const advanced = { "x-advanced": true };

const PendulumGravityParameters = PinnParameters.extend({
  learn: choiceOf(["gravity", "amplitude"], {
    gravity: "g, with the amplitude known",
    amplitude: "θ₀, with g known",
  })
    .default("gravity")
    .meta({ title: "Learn" }),
  estimate: choiceOf(["network-mean", "parameter"], {
    "network-mean": "the mean of a network's outputs over all times, as in the source",
    parameter: "one trainable number",
  })
    .default("network-mean")
    .meta({
      title: "Estimate",
      "x-suggest": { type: "choice", values: ["network-mean", "parameter"] },
    }),
  gravity: z.number().positive().max(1000).default(9.81).meta({ title: "Gravity g", unit: "m/s²" }),
  length: z.number().positive().max(1000).default(10).meta({ title: "Length ℓ", unit: "m" }),
  amplitude: z.number().min(0.01).max(Math.PI).default(1).meta({ title: "Amplitude θ₀", unit: "rad" }),
  duration: z
    .number()
    .positive()
    .max(100)
    .default(3)
    .meta({ title: "Duration", unit: "s", description: "Of the measurement.", ...advanced }),
  samples: z.int().min(2).max(100_000).default(300).meta({ title: "Samples", unit: "sample" }),
  noise: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta({ title: "Noise", unit: "rad", description: "Standard deviation of the measured angle; the source has none." }),
  dataSeed: dataSeed("Of the noise; independent of the run's seed."),
  spreadWeight: z
    .number()
    .min(0)
    .max(1e6)
    .default(1)
    .meta({ title: "Weight of the spread", description: "Of mean|ω − ω̄|, network-mean only.", ...advanced }),
  hiddenLayers: withDefault(PinnParameters.shape.hiddenLayers, [1], {
    description: "Width of each hidden layer; the source has one neuron.",
  }),
});
type PendulumGravityParameters = z.infer<typeof PendulumGravityParameters>;

const extrapolatedTo = 20;
const extrapolatedPoints = 401;

const frequencyOf = ({ gravity, length }: PendulumGravityParameters): number => Math.sqrt(gravity / length);
const swing = (amplitude: number, frequency: number, t: number): number => amplitude * cosPi((frequency * t) / Math.PI);

/** Times from 0 to the end of the measurement, both included. */
function times({ samples, duration }: PendulumGravityParameters): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => (duration * i) / (samples - 1));
}

function measurement(parameters: PendulumGravityParameters): Float32Array {
  const { amplitude, noise, dataSeed, samples } = parameters;
  const draws = new Float64Array(samples);
  if (noise > 0) randomStream(dataSeed, "pendulum-gravity/noise").fillNormal(draws);
  return times(parameters).map((t, i) => swing(amplitude, frequencyOf(parameters), t) + noise * (draws[i] ?? 0));
}

const unknownOf = ({ learn }: PendulumGravityParameters): string => (learn === "gravity" ? "frequency" : "amplitude");

const problem: DifferentialEquationProblem<PendulumGravityParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const { learn, estimate, amplitude } = parameters;
    const name = unknownOf(parameters);
    const learned = estimate === "parameter" ? unknown(name) : meanSolution();
    const size = learn === "gravity" ? constant(amplitude) : learned;
    const frequency = learn === "gravity" ? learned : constant(frequencyOf(parameters));
    const data: LossTerm<PendulumGravityParameters> = {
      metric: "dataLoss",
      weight: () => 1,
      grid: 0,
      measured: measurement(parameters),
      residual: difference(measured, product(size, cosine(product(frequency, time)))),
      measure: "mean-square",
    };
    const spread: LossTerm<PendulumGravityParameters> = {
      metric: "spreadLoss",
      weight: ({ spreadWeight }) => spreadWeight,
      grid: 0,
      measured: null,
      residual: difference(solution(), meanSolution()),
      measure: "mean-absolute",
    };
    return {
      coordinates: 1,
      components: 1,
      unknowns:
        estimate === "parameter"
          ? [{ name, initial: (seed) => 2 * randomStream(seed, "pendulum-gravity/start").uniform(0) }]
          : [],
      grids: [{ points: times(parameters) }],
      terms: estimate === "parameter" ? [data] : [data, spread],
    };
  },

  judge(parameters, learned) {
    const { learn, amplitude, gravity, length } = parameters;
    const value = learnedValue(parameters, learned);
    const [size, frequency] = learn === "gravity" ? [amplitude, value] : [value, frequencyOf(parameters)];
    const estimate = learn === "gravity" ? frequency * frequency * length : size;
    const truth = learn === "gravity" ? gravity : amplitude;
    const errors = extrapolation().map((t) => swing(size, frequency, t) - swing(amplitude, frequencyOf(parameters), t));
    return {
      metrics: {
        estimate,
        parameterError: Math.abs(estimate - truth),
        learnedValue: value,
        extrapolationRmse: Math.sqrt(mean(errors.map((error) => error * error))),
      },
      labels: { estimate: learn === "gravity" ? `g = ${estimate.toFixed(4)} m/s²` : `θ₀ = ${estimate.toFixed(4)} rad` },
      plots: plotsOf(parameters, size, frequency),
    };
  },

  diverged: () => ({ estimate: Number.NaN, parameterError: Number.NaN }),
};

/** ω̄ or θ̄₀: the trained number, or the mean of the network's outputs. */
function learnedValue(parameters: PendulumGravityParameters, { unknowns, at }: LearnedSolution): number {
  if (parameters.estimate === "parameter") return unknowns[unknownOf(parameters)] ?? Number.NaN;
  return mean(Array.from(at(times(parameters), [0])[0]));
}

function extrapolation(): number[] {
  return Array.from({ length: extrapolatedPoints }, (_, i) => (extrapolatedTo * i) / (extrapolatedPoints - 1));
}

const plots: readonly PlotDescriptor[] = [
  { id: "fit", title: "Measured angles and fit", kind: "curve" },
  { id: "extrapolation", title: "Extrapolation to 20 s", kind: "curve" },
];

function plotsOf(parameters: PendulumGravityParameters, size: number, frequency: number): PlotsById {
  const { amplitude, samples } = parameters;
  const measuredAt = times(parameters);
  const angles = measurement(parameters);
  const shown = Array.from(measuredAt.keys()).filter((i) => i % Math.ceil(samples / 500) === 0);
  const at = shown.map((i) => measuredAt[i] ?? 0);
  const far = extrapolation();
  const axes = { x: { label: "Time", unit: "s" }, y: { label: "θ", unit: "rad" } };
  return {
    fit: {
      kind: "curve",
      title: "Measured angles and fit",
      caption: "All samples are trained on.",
      ...axes,
      series: [
        { name: "measured", x: at, y: shown.map((i) => angles[i] ?? null), style: "points" },
        { name: "fit", x: at, y: at.map((t) => swing(size, frequency, t)) },
      ],
    },
    extrapolation: {
      kind: "curve",
      title: "Extrapolation",
      caption: "A small error of the frequency grows into a phase that one sees long after the measurement's end.",
      ...axes,
      series: [
        { name: "truth", x: far, y: far.map((t) => swing(amplitude, frequencyOf(parameters), t)), style: "dashed" },
        { name: "fit", x: far, y: far.map((t) => swing(size, frequency, t)) },
      ],
      marks: [{ x: parameters.duration, label: "end of the measurement" }],
    },
  };
}

const asCurve = { series: true, scale: "log" } as const;

/** Objective: the error of the parameter itself; the loss of a run whose network is not yet flat says little about it. */
export const pendulumGravity: ExperimentDefinition = {
  id: "pendulum-gravity",
  version: 1,
  title: "Gravity from a pendulum's swing",
  summary: "A physical parameter is trained until the small-angle solution fits measured angles.",
  description: `The angle of a pendulum, $\\theta(t) = \\theta_0 \\cos(\\sqrt{g/\\ell}\\, t)$, is measured at 300 times over 3 s
($\\theta_0 = 1$, $\\ell = 10$, $g = 9.81$, no noise). Which $g$ is it?

**As the source does it** (\`network-mean\`): a 1-1-1 network with tanh maps every $t$ to an $\\omega(t)$, whose mean $\\bar\\omega$ enters the loss

$$L = \\overline{(\\theta - \\theta_0\\cos\\bar\\omega t)^2} + \\overline{|\\omega - \\bar\\omega|},$$

trained by Adam with rate $10^{-3}$ for 5,000 full-batch epochs. The second term flattens the network: all it has to learn is a constant.
Hence the control \`parameter\`: $\\omega$ as one trainable number, started anywhere between 0 and 2, without a network and without the second term.

**What to look for.** $g = \\bar\\omega^2\\ell$ within 0.02 of the truth; the source reports 9.8090, and 9.9240 with rate $10^{-4}$, where 5,000 steps are too few.
The sign of $\\bar\\omega$ is free. Three seconds are less than half a period, and yet the extrapolation to 20 s holds.

**What differs from the source.** Its text says that the network outputs $g$; its program's network outputs $\\omega$, and $g$ is computed from it.
It trains on all 300 points; the 50 in its figure are decoration.

**Its second case**: $g = 0.98$ and $\\ell = 0.5$ are known, and the amplitude $\\theta_0 = 1$ is learned (\`learn: amplitude\`, gravity 0.98, length 0.5).`,
  source: "Café de Miranda, de Lima, de Farias, An introduction to neural networks for physicists: example 1",
  family: "pinn",
  diagnostic: false,
  defaultSweep: {
    lesson: "Is g found better as a parameter of its own or as the mean of a network?",
    space: { estimate: { type: "choice", values: ["network-mean", "parameter"] } },
    seeds: 5,
  },
  parameters: PendulumGravityParameters,
  perRunParameters: [...pinnPerRunParameters, "spreadWeight"],
  check: checkPinnParameters,
  withoutEffect: () => ["redrawEvery"],
  sizes: (parameters) => equationSizes(1, 1, [{ points: PendulumGravityParameters.parse(parameters).samples, derivatives: 0 }]),
  objective: { metric: "parameterError", direction: "minimize" },
  metrics: [
    finalMetric(
      "loss",
      "Loss",
      "dataLoss + weight · spreadLoss. Curve: before the step of that epoch. Final figure: of the saved weights.",
      asCurve,
    ),
    finalMetric("dataLoss", "Mean square of θ − θ₀ cos ω̄t", "Mean of (θ − θ₀ cos ω̄t)² over the samples, measured θ.", asCurve),
    finalMetric(
      "spreadLoss",
      "Mean |ω − ω̄|",
      "Mean of |ω − ω̄| over the times, ω the network's outputs; network-mean only.",
      asCurve,
    ),
    finalMetric("estimate", "Estimate of g (m/s²) or θ₀ (rad)", "g = ω̄²ℓ, or θ̄₀."),
    finalMetric("parameterError", "Error of g (m/s²) or θ₀ (rad)", "|estimate − truth|.", { scale: "log" }),
    finalMetric(
      "learnedValue",
      "Learned ω̄ (rad/s) or θ₀ (rad)",
      "The trained number, or the mean of the network's outputs over the times.",
    ),
    finalMetric(
      "extrapolationRmse",
      "Root mean square error up to 20 s",
      "√ of the mean of (θ̂ − θ)² at 401 times from 0 to 20 s, of the small-angle solutions with estimate and truth.",
      { scale: "log", unit: "rad" },
    ),
    weightCount,
  ],
  success: {
    text: "g within 0.02 m/s² (or θ₀ within 0.02 rad) of the truth",
    all: [{ metric: "parameterError", op: "<=", value: 0.02 }],
  },
  plots,
  maxPackWidth: 256,
  stepUnit: "epoch",
  problem,
};
