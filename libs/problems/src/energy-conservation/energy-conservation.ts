import type { PlotDescriptor } from "@basin/contracts";
import { cosPi, odeTrajectory, randomStream, sinPi } from "@basin/numerics";
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
import { constant, product, sine, solution, sum } from "../differential-equations/expression";
import { line, rootMeanSquare } from "../differential-equations/line";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem } from "../kinds/differential-equation";
import { withDefault } from "../with-default";

const EnergyConservationParameters = FieldParameters.extend({
  initialAngle: z.number().min(0.1).max(3).default(2.5).meta({ title: "Initial angle", unit: "rad" }),
  samples: z.int().min(2).max(10_000).default(20).meta({ title: "Measurements", description: "Equally spaced over the time." }),
  noise: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ title: "Noise", unit: "rad", description: "Standard deviation of a measured angle." }),
  dataSeed: dataSeed("Of the noise; independent of the run's seed."),
  points: z
    .int()
    .min(2)
    .max(100_000)
    .default(200)
    .meta({ title: "Points", description: "Where the energy is not to change; equally spaced." }),
  energyWeight: termWeight("Weight of the energy", 1, "λ, of the mean of (dE/dt)²; 0: the data alone.", {
    "x-suggest": { type: "choice", values: [0, 0.1, 1] },
  }),
  hiddenLayers: withDefault(FieldParameters.shape.hiddenLayers, [32, 32]),
  epochs: withDefault(FieldParameters.shape.epochs, 10_000),
});
type EnergyConservationParameters = z.infer<typeof EnergyConservationParameters>;

const duration = 20;
const half = duration / 2;
const judged = line(0, duration, 401);
/** The network's coordinate, s = t/10 − 1, is of the size of 1. */
const scaled = (times: readonly number[]): Float32Array => Float32Array.from(times, (t) => t / half - 1);

const energyOf = (angle: number, velocity: number): number => (velocity * velocity) / 2 - cosPi(angle / Math.PI);

function orbit({ initialAngle }: EnergyConservationParameters): (t: number) => readonly [angle: number, velocity: number] {
  const at = odeTrajectory(
    (_, y, out) => {
      out[0] = y[1] ?? 0;
      out[1] = -sinPi((y[0] ?? 0) / Math.PI);
    },
    [initialAngle, 0],
    [0, duration],
  );
  const state = new Float64Array(2);
  return (t) => {
    at(t, state);
    return [state[0] ?? Number.NaN, state[1] ?? Number.NaN];
  };
}

const measuredAt = ({ samples }: EnergyConservationParameters): number[] => line(0, duration, samples);

function measurements(parameters: EnergyConservationParameters): Float32Array {
  const at = orbit(parameters);
  const stream = randomStream(parameters.dataSeed, "energy-conservation/noise");
  return Float32Array.from(measuredAt(parameters), (t, i) => at(t)[0] + parameters.noise * stream.normal(i));
}

const problem: DifferentialEquationProblem<EnergyConservationParameters> = {
  kind: "differential-equation",

  system: (parameters) => ({
    coordinates: 1,
    components: 1,
    unknowns: [],
    grids: [{ points: scaled(measuredAt(parameters)) }, { points: scaled(line(0, duration, parameters.points)) }],
    terms: [
      dataTerm(measurements(parameters)),
      {
        metric: "energyLoss",
        weight: ({ energyWeight }) => energyWeight,
        grid: 1,
        measured: null,
        residual: product(constant(1 / half), solution(1), sum(product(constant(1 / half ** 2), solution(2)), sine(solution()))),
        measure: "mean-square",
      },
    ],
  }),

  judge(parameters, learned) {
    const at = orbit(parameters);
    const [angles, slopes] = learned.at(scaled(judged), [0, 1]);
    const energies = Array.from(angles, (angle, i) => energyOf(angle, (slopes[i] ?? Number.NaN) / half));
    const average = energies.reduce((all, value) => all + value, 0) / energies.length;
    const truth = judged.map((t) => at(t)[0]);
    const axis = { label: "Time", unit: "√(ℓ/g)" };
    return {
      metrics: {
        energySpread: rootMeanSquare(
          energies,
          energies.map(() => average),
        ),
        rmse: rootMeanSquare(angles, truth),
      },
      labels: {},
      plots: {
        angle: {
          kind: "curve",
          title: "Angle",
          caption: "Twenty noisy measurements, and what the network makes of them.",
          x: axis,
          y: { label: "θ", unit: "rad" },
          series: [
            { name: "measured", x: measuredAt(parameters), y: Array.from(measurements(parameters)), style: "points" },
            { name: "true orbit", x: judged, y: truth, style: "dashed" },
            { name: "network", x: judged, y: Array.from(angles) },
          ],
        },
        energy: {
          kind: "curve",
          title: "Energy along the fit",
          caption: "By the network's exact derivative.",
          x: axis,
          y: { label: "E", unit: "mgℓ" },
          series: [
            { name: "true orbit", x: judged, y: judged.map((t) => energyOf(...at(t))), style: "dashed" },
            { name: "network", x: judged, y: energies },
          ],
        },
      },
    };
  },

  diverged: () => ({ energySpread: Number.NaN, rmse: Number.NaN }),
};

const plots: readonly PlotDescriptor[] = [
  { id: "angle", title: "Angle", kind: "curve" },
  { id: "energy", title: "Energy along the fit", kind: "curve" },
];

/** Objective: the error of the orbit; the energy alone is kept by a pendulum that stands still. */
export const energyConservation = equationExperiment({
  id: "energy-conservation",
  version: 1,
  title: "Conservation of energy",
  summary: "A network fits a pendulum's few noisy angles, and knows that energy is conserved.",
  description: `A pendulum, $\\ddot\\theta = -\\sin\\theta$ from $(2.5, 0)$, is measured 20 times in 20 units of time with noise 0.1. What is known beside the data is not the equation of motion but a law
that follows from it: along the orbit $E = \\dot\\theta^2/2 - \\cos\\theta$ does not change.

$$L = \\overline{(\\theta - \\theta_{\\text{measured}})^2} + \\lambda\\,\\overline{\\left(\\dot\\theta(\\ddot\\theta + \\sin\\theta)\\right)^2},$$

the bracket being $dE/dt$, and its mean over 200 times.

**What to look for.** With the term the energy's standard deviation along the fit is at most 0.05, without it (\`energyWeight: 0\`) more than five times that, and the orbit is less wrong by a third.
With $\\lambda = 0.1$ the spread is 0.09 still.
A pendulum that stands still, $\\dot\\theta = 0$, satisfies the term as well, so that the data must weigh.`,
  source: "The loss function: guiding neural networks with domain knowledge: conservation laws",
  defaultSweep: {
    lesson: "That energy is conserved fills the gaps between the measurements.",
    space: { energyWeight: { type: "choice", values: [0, 0.1, 1] } },
    seeds: 10,
  },
  parameters: EnergyConservationParameters,
  perRunParameters: ["energyWeight"],
  ...measuredCurve(EnergyConservationParameters),
  objective: { metric: "rmse", direction: "minimize" },
  metrics: [
    lossMetric("dataLoss", "Mean square of the error of the measurements", "Mean of (θ − measured)²."),
    lossMetric("energyLoss", "Mean square of dE/dt", "Mean of (θ̇(θ̈ + sin θ))² over the points."),
    finalMetric("energySpread", "Spread of the energy", "Standard deviation of θ̇²/2 − cos θ of the network at 401 times.", {
      unit: "mgℓ",
      scale: "log",
    }),
    finalMetric("rmse", "Error of the orbit", "√ of the mean of (θ̂ − θ)² at 401 times, θ the true orbit.", {
      unit: "rad",
      scale: "log",
    }),
  ],
  success: { text: "energy's standard deviation along the fit ≤ 0.05", all: [{ metric: "energySpread", op: "<=", value: 0.05 }] },
  plots,
  problem,
});
