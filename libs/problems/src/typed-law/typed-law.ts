import { SindyParameters, type Configuration, type Issue, type PlotDataInput } from "@basin/contracts";
import { readSystem, type EquationSystem } from "@basin/equations";
import { solveOde } from "@basin/numerics";
import { z } from "zod";
import { equationPlot, equations } from "../dynamics/equation";
import { againstKnownLaw, knownLawBounds, lawMetrics } from "../dynamics/known-law";
import { lawRates, type Variable } from "../dynamics/library";
import { noisyStates, smoothingIssues, stateNoise } from "../dynamics/noisy-states";
import { textIssue, unusedConstants } from "../equation/check-equation";
import { givenConstants, most, sweptConstantParameters, typedLines } from "../equation/equation-parameters";
import { remembered } from "../equation/remembered";
import type { ExperimentDefinition } from "../experiment";
import type { MeasuredDynamicsProblem, MeasuredLaw } from "../kinds/measured-dynamics";
import { withDefault } from "../with-default";
import { firstOrderLaw, knownCoefficients, type FirstOrderLaw } from "./first-order-law";

const TypedLawParameters = SindyParameters.extend({
  unknowns: typedLines(
    "unknowns",
    ["x", "y"],
    { min: 1, max: most.unknowns },
    { title: "States", description: "Names of what is measured." },
  ),
  coordinates: typedLines("coordinates", ["t in [0, 20]"], { min: 1, max: 1 }, { title: "Time", description: "With its range." }),
  equations: typedLines(
    "equations",
    ["x_t = alpha*x - beta*x*y", "y_t = delta*x*y - gamma*y"],
    { min: 1, max: most.unknowns },
    {
      title: "Law",
      description: "Of first order; for a second one name the velocity as a further state.",
    },
  ),
  conditions: typedLines(
    "conditions",
    ["x(0) = 2", "y(0) = 1"],
    { min: 1, max: most.unknowns },
    {
      title: "Start",
      description: "The value of every state at the lower end of the time.",
    },
  ),
  constants: typedLines(
    "constants",
    [],
    { min: 0, max: most.constants },
    {
      title: "Further constants",
      description: "Names with values, which may use those before them: w = 2*pi.",
    },
  ),
  ...sweptConstantParameters({}),
  samples: z
    .int()
    .min(50)
    .max(200_000)
    .default(2001)
    .meta({ title: "Samples", description: "Over the whole time, both ends included." }),
  noise: stateNoise,
  smoothingWindow: withDefault(SindyParameters.shape.smoothingWindow, 31),
});
type TypedLawParameters = z.infer<typeof TypedLawParameters>;

const parse = (parameters: Configuration): TypedLawParameters => TypedLawParameters.parse(parameters);

function textsOf(parameters: TypedLawParameters) {
  return { ...parameters, trainable: [], reference: [], referenceFrom: "none" as const };
}

function read(parameters: TypedLawParameters) {
  return readSystem(textsOf(parameters), givenConstants(parameters));
}

function problemOf(parameters: TypedLawParameters): MeasuredDynamicsProblem<TypedLawParameters> {
  const law = firstOrderLaw(read(parameters).system, parameters.samples);
  const { variables, times, states } = law;
  const left = variables.map(({ text, latex }): Variable => ({ text: `d${text}/dt`, latex: `\\dot{${latex}}` }));
  return {
    kind: "measured-dynamics",
    variables,
    measure({ noise }, seed) {
      const measured = noisyStates(states, noise, { stream: "typed-law/noise", seed });
      return { interval: (times[1] ?? 1) - (times[0] ?? 0), samples: states.length, states: measured };
    },
    judge(_, found) {
      const { library, coefficients, history } = found;
      const known = knownCoefficients(law, library);
      return {
        ...againstKnownLaw(found, known ?? new Float64Array(coefficients.length), left),
        plots: {
          equation: equationPlot(
            "Discovered law",
            library,
            coefficients,
            left,
            history,
            known && equations(library, known, left),
          ),
          states: statesPlot(law, found),
        },
      };
    },
  };
}

/** States over time, of the typed law and of the found one, from the same start. */
function statesPlot({ variables, times, states, start }: FirstOrderLaw, { library, coefficients }: MeasuredLaw): PlotDataInput {
  const every = Math.max(1, Math.ceil(times.length / 1000));
  const shown = times.filter((_, i) => i % every === 0);
  const found = solveOde(lawRates(library, coefficients), start, shown, {
    relativeTolerance: 1e-6,
    absoluteTolerance: 1e-8,
    maxSteps: 20_000,
  });
  return {
    kind: "curve",
    title: "States over time",
    caption: "Dashed: the typed law. Both from the same start.",
    x: { label: "t" },
    y: { label: variables.map(({ text }) => text).join(", ") },
    series: variables.flatMap(({ text }, v) => [
      {
        name: `${text}, typed`,
        x: shown,
        y: states.filter((_, i) => i % every === 0).map((state) => state[v] ?? Number.NaN),
        style: "dashed" as const,
      },
      { name: `${text}, found`, x: shown, y: found.map((state) => (Number.isFinite(state[v]) ? (state[v] ?? null) : null)) },
    ]),
  };
}

const fewSamples = 101;

function check(configuration: Configuration): Issue[] {
  const parameters = parse(configuration);
  const { system, faults } = read(parameters);
  if (faults.length > 0) return faults.map((fault) => textIssue(fault, textsOf(parameters)[fault.field]));
  const { smoothingWindow, samples } = parameters;
  const unfit = smoothingIssues(parameters);
  if (unfit.length > 0) return unfit;
  if (smoothingWindow > samples / 2)
    return [
      {
        path: "smoothingWindow",
        message: `spans more than half of the ${samples} samples`,
        hint: "a smaller one, or more samples",
      },
    ];
  const { unknowns, coordinates, equations, conditions } = parameters;
  const { polynomialDegree, crossTerms, constantTerm, sine, cosine, reciprocal, squareRoot } = parameters;
  const library = [polynomialDegree, crossTerms, constantTerm, sine, cosine, reciprocal, squareRoot];
  const key = JSON.stringify([unknowns, coordinates, equations, conditions, [...system.constants], library]);
  return foundOfLaws(key, () => lawIssues(parameters, system));
}

/** What was found of laws, by all that it depends on. */
const foundOfLaws = remembered<Issue[]>(200);

function lawIssues(parameters: TypedLawParameters, system: EquationSystem): Issue[] {
  // Whether there is a solution shows with few samples of less accuracy, too: a sweep may have thousands of configurations.
  try {
    const law = firstOrderLaw(system, fewSamples, 1e-4);
    if (knownCoefficients(law, law.libraryOf(parameters))) return [];
    return [
      {
        path: "polynomialDegree",
        message: "the typed law is no sum of the functions that are searched, so it cannot be recovered",
        hint: "raise the degree, or allow sines, cosines, reciprocals or the constant",
      },
    ];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ path: "equations", message: `"${parameters.equations.join("; ")}": no data can be simulated: ${error.message}` }];
  }
}

/** Objective: how far the found coefficients are from the typed ones. */
export const typedLaw: ExperimentDefinition = {
  id: "typed-law",
  version: 1,
  title: "SINDy: your own law of motion",
  summary: "Sparse regression must recover a law of motion that you type from data that are simulated with it.",
  description: `You type a law of first order, $\\dot x = f(x)$, and where it starts. It is integrated numerically (Dormand and Prince), measured at equal intervals, with Gaussian noise of a
share of each state's standard deviation (the run's seed draws it); sequentially thresholded least squares then seeks the law among the candidate functions.

The law is written as in the experiment *your own equation*: \`x_t = alpha*x - beta*x*y\`. For a second order name the velocity as a further state: \`x_t = v\`, \`v_t = -x\`.
The time may not stand in it. It must be a sum of the functions that are searched (*polynomial degree*, sine, cosine, reciprocal), or it is refused.

**Outcome**: *law* has exactly the typed terms, each within 5 %; *support* the terms; *extra* others besides; *missing* lacks some; *wrong* both; *none* is empty.`,
  source: "your own law; method: S. L. Brunton, J. L. Proctor, J. N. Kutz, PNAS 113 (2016) 3932",
  family: "sindy",
  diagnostic: false,
  defaultSweep: {
    lesson: "How much noise may there be until predators and prey are not recovered?",
    space: { noise: { type: "choice", values: [0.001, 0.01, 0.05] } },
    seeds: 5,
  },
  parameters: TypedLawParameters,
  perRunParameters: [...Object.keys(SindyParameters.shape).filter((name) => name !== "maxIterations"), "noise"],
  check,
  withoutEffect: (configuration) => {
    const parameters = parse(configuration);
    const { system } = read(parameters);
    return [...(parameters.noise === 0 ? ["seed"] : []), ...unusedConstants(textsOf(parameters), system)];
  },
  objective: { metric: "coefficientError", direction: "minimize" },
  metrics: lawMetrics("typed"),
  success: { text: "Exactly the typed terms, each within 5 %", all: [{ metric: "lawRecovered", op: ">=", value: 1 }] },
  bounds: knownLawBounds,
  plots: [
    { id: "equation", title: "Discovered law", kind: "equation" },
    { id: "states", title: "States over time", kind: "curve" },
  ],
  maxPackWidth: 16,
  stepUnit: "iteration",
  problem: problemOf(parse({})),
  problemOf: (parameters) => problemOf(parse(parameters)),
};
