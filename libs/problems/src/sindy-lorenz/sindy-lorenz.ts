import { SindyParameters, type Configuration, type Issue, type PlotDataInput } from "@basin/contracts";
import { solveOde } from "@basin/numerics";
import { z } from "zod";
import { equationPlot } from "../dynamics/equation";
import { againstKnownLaw, knownLawBounds, lawMetrics } from "../dynamics/known-law";
import { lawRates } from "../dynamics/library";
import { lorenzCoefficients, lorenzOrbit } from "../dynamics/lorenz";
import { noisyStates, smoothingIssues, stateNoise } from "../dynamics/noisy-states";
import type { ExperimentDefinition } from "../experiment";
import type { MeasuredDynamicsProblem, MeasuredLaw } from "../kinds/measured-dynamics";
import { withDefault } from "../with-default";

const start = [-8, 7, 27];
const variables = ["x", "y", "z"].map((name) => ({ text: name, latex: name }));
const left = ["x", "y", "z"].map((name) => ({ text: `${name}\u0307`, latex: `\\dot ${name}` }));
const truth = {
  text: "ẋ = −10 x + 10 y; ẏ = 28 x − y − x·z; ż = −2.67 z + x·y",
  latex:
    "\\begin{aligned} \\dot x &= 10(y - x) \\\\ \\dot y &= x(28 - z) - y \\\\ \\dot z &= xy - \\tfrac{8}{3} z \\end{aligned}",
};

const SindyLorenzParameters = SindyParameters.extend({
  noise: stateNoise,
  duration: z
    .number()
    .positive()
    .max(1000)
    .default(20)
    .meta({ title: "Duration", ...{ "x-advanced": true } }),
  interval: z.number().positive().max(0.1).default(0.002).meta({ title: "Time between samples", "x-advanced": true }),
  smoothingWindow: withDefault(SindyParameters.shape.smoothingWindow, 61, {
    description: "Odd; for savitzky-golay. 61 samples are 0.12 time units; the orbit turns in about 0.75.",
    "x-suggest": { type: "choice", values: [11, 31, 61, 101] },
  }),
  smoothingDegree: withDefault(SindyParameters.shape.smoothingDegree, 6, {
    description: "Of the local polynomial; below the window. A low degree over a wide window biases the coefficients.",
  }),
  threshold: withDefault(SindyParameters.shape.threshold, 0.5, {
    description: "Coefficients below it are set to 0 and the rest fitted again. The smallest true one is 1.",
  }),
});
type SindyLorenzParameters = z.infer<typeof SindyLorenzParameters>;

const problem: MeasuredDynamicsProblem<SindyLorenzParameters> = {
  kind: "measured-dynamics",
  variables,

  measure({ duration, interval, noise }, seed) {
    const samples = Math.floor(duration / interval) + 1;
    const clean = lorenzOrbit(start, samples, interval);
    return { interval, samples, states: noisyStates(clean, noise, { stream: "sindy-lorenz/noise", seed }) };
  },

  judge(_, law) {
    const { library, coefficients, history } = law;
    return {
      ...againstKnownLaw(law, lorenzCoefficients(library), left),
      plots: {
        equation: equationPlot("Discovered law", library, coefficients, left, history, truth),
        orbit: orbitPlot(law),
      },
    };
  },
};

/** x(t) of the found law beside the true one, and both orbits in space. */
function orbitPlot({ library, coefficients }: MeasuredLaw): PlotDataInput {
  const samples = 1001;
  const interval = 0.02;
  const found = solveOde(
    lawRates(library, coefficients),
    start,
    Float64Array.from({ length: samples }, (_, i) => i * interval),
    { relativeTolerance: 1e-6, absoluteTolerance: 1e-6, maxSteps: 20_000 },
  );
  const column = (orbit: readonly Float64Array[], v: number): number[] => orbit.map((state) => state[v] ?? Number.NaN);
  const real = lorenzOrbit(start, samples, interval);
  const series = (name: string, orbit: readonly Float64Array[], style: "line" | "dashed") => ({
    name,
    x: column(orbit, 0),
    y: column(orbit, 1),
    z: column(orbit, 2),
    style,
  });
  return {
    kind: "scatter",
    title: "Orbits of the found and of the true law",
    caption:
      "Both from the true initial state for 20 time units. The system is chaotic: also a good law leaves the true orbit, but not the attractor.",
    x: { label: "x" },
    y: { label: "y" },
    z: { label: "z" },
    series: [series("true", real, "dashed"), series("found", found, "line")],
  };
}

function check(parameters: Configuration): Issue[] {
  const parsed = SindyLorenzParameters.parse(parameters);
  const { duration, interval } = parsed;
  const issues = smoothingIssues(parsed);
  if (duration / interval > 1_000_000 || duration / interval < 1100) {
    issues.push({
      path: "interval",
      message: "there must be between 1,100 and 1,000,000 samples",
      hint: "e.g. duration 20 and interval 0.002",
    });
  }
  return issues;
}

export const sindyLorenz: ExperimentDefinition = {
  id: "sindy-lorenz",
  version: 2,
  title: "SINDy: Lorenz' equations from measured states",
  summary: "Sparse regression finds Lorenz' three equations from noisy states.",
  description: `The states of

$$\\dot x = \\sigma(y - x), \\quad \\dot y = x(\\rho - z) - y, \\quad \\dot z = xy - \\beta z, \\qquad \\sigma = 10,\\ \\rho = 28,\\ \\beta = 8/3,$$

are measured from $(-8, 7, 27)$ every 0.002 for 20 time units, with Gaussian noise of a share of each state's standard deviation; the run's seed draws the noise.
Derivatives come from central differences, or from local polynomials (Savitzky–Golay), which smooth the states, too. Sequentially thresholded least squares (ridge
0.05, at most 20 iterations, then without ridge, until no coefficient is below the threshold) then picks from the ten monomials to degree 2.

**Outcome**: *law* has exactly the seven known terms, each within 5 %; *support* the terms; *extra* others besides; *missing* lacks some; *wrong* both; *none* is empty.
The threshold's default of 0.5 knows that the smallest true coefficient is 1; the usual one of 0.1 keeps more false terms under noise.`,
  source: "S. L. Brunton, J. L. Proctor, J. N. Kutz, PNAS 113 (2016) 3932",
  family: "sindy",
  diagnostic: false,
  defaultSweep: {
    lesson: "Finite differences amplify noise; smoothed derivatives still find the seven terms.",
    space: {
      derivativeMethod: { type: "choice", values: ["finite-difference", "savitzky-golay"] },
      noise: { type: "choice", values: [0.01, 0.05] },
    },
    seeds: 5,
  },
  parameters: SindyLorenzParameters,
  perRunParameters: Object.keys(SindyLorenzParameters.shape).filter((name) => name !== "maxIterations"),
  check,
  withoutEffect: ({ noise }) => (noise === 0 ? ["seed"] : []),
  objective: { metric: "coefficientError", direction: "minimize" },
  metrics: lawMetrics("known"),
  success: { text: "Exactly the seven terms, each within 5 %", all: [{ metric: "lawRecovered", op: ">=", value: 1 }] },
  bounds: knownLawBounds,
  plots: [
    { id: "equation", title: "Discovered law", kind: "equation" },
    { id: "orbit", title: "Orbits", kind: "scatter" },
  ],
  picture: "orbit",
  maxPackWidth: 16,
  stepUnit: "iteration",
  problem,
};
