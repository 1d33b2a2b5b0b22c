import type { PlotDescriptor } from "@basin/contracts";
import { schrodingerPoisson as reference } from "@basin/numerics";
import { z } from "zod";
import { equationExperiment, FieldParameters, lossMetric, termWeight } from "../differential-equations/equation-experiment";
import {
  constant,
  coordinate,
  difference,
  product,
  progress,
  solution,
  sum,
  unknown,
  type Expression,
} from "../differential-equations/expression";
import { line } from "../differential-equations/line";
import { finalMetric } from "../final-metric";
import type { DifferentialEquationProblem, LearnedSolution, LossTerm } from "../kinds/differential-equation";
import { equationSizes } from "../memory/data-sizes";
import { withDefault } from "../with-default";

const WellParameters = FieldParameters.extend({
  states: z
    .int()
    .min(1)
    .max(2)
    .default(2)
    .meta({ title: "States", description: "How many of the lowest states are filled; the background charge is as large." }),
  coupling: z
    .number()
    .min(0)
    .max(200)
    .default(10)
    .meta({
      title: "Coupling γ",
      description: "How strongly the charges repel each other; raised from 0 while the run trains.",
      "x-suggest": { type: "choice", values: [0, 10, 100] },
    }),
  points: z.int().min(10).max(100_000).default(200).meta({
    title: "Points",
    description: "Equally spaced over the well, where the equations are asked and the integrals taken.",
  }),
  firstEnergy: z
    .number()
    .min(0)
    .max(1000)
    .default(5)
    .meta({ title: "Start of E₁", description: "The energy that the first state is first sought at.", "x-advanced": true }),
  secondEnergy: z.number().min(0).max(1000).default(20).meta({
    title: "Start of E₂",
    description: "That of the second; as low as the first, only the orthogonality keeps it from the same state.",
    "x-advanced": true,
  }),
  energyRate: z.number().positive().max(10).default(0.1).meta({
    title: "Learning rate of the energies",
    description: "It follows the schedule of the network's.",
    "x-advanced": true,
  }),
  stateWeight: termWeight("Weight of Schrödinger's equation", 1e-2, "Of each state's."),
  potentialWeight: termWeight("Weight of Poisson's equation", 1e-2, "Of the potential that the states' charge makes."),
  normWeight: termWeight("Weight of the normalisation", 1, "Of (∫ψ² − 1)² of each state; 0: nothing forbids ψ = 0.", {
    "x-suggest": { type: "choice", values: [1, 0] },
  }),
  orthogonalityWeight: termWeight("Weight of the orthogonality", 10, "Of (∫ψ₁ψ₂)²; 0: nothing forbids two equal states.", {
    "x-suggest": { type: "choice", values: [10, 0] },
  }),
  hiddenLayers: withDefault(FieldParameters.shape.hiddenLayers, [32, 32]),
  epochs: withDefault(FieldParameters.shape.epochs, 1000),
  lbfgsSteps: withDefault(FieldParameters.shape.lbfgsSteps, 500),
});
type WellParameters = z.infer<typeof WellParameters>;

/** The network's coordinate is s = 2x − 1 from −1 to 1; d²/dx² = 4 d²/ds². */
const stretch = 4;
const judged = line(0, 1, 401);
const energyNames = ["energy1", "energy2"] as const;
const namesOf = ({ states }: WellParameters): readonly (typeof energyNames)[number][] => energyNames.slice(0, states);

/** Midpoints of equal parts: the mean over them is the integral by the midpoint rule. */
const midpoints = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => (2 * i + 1) / count - 1);

const s = coordinate(0);
/** f = (1 − s²)·N, which is 0 at both walls whatever the component N of the network is. */
const inWell = (component: number): Expression => difference(solution(0, component), product(s, s, solution(0, component)));
/** d²f/dx² = 4·((1 − s²)N″ − 4sN′ − 2N). */
const curvature = (component: number): Expression =>
  sum(
    product(constant(stretch), solution(2, component)),
    product(constant(-stretch), s, s, solution(2, component)),
    product(constant(-4 * stretch), s, solution(1, component)),
    product(constant(-2 * stretch), solution(0, component)),
  );

const problem: DifferentialEquationProblem<WellParameters> = {
  kind: "differential-equation",

  system(parameters) {
    const { states, coupling, points, firstEnergy, secondEnergy } = parameters;
    const potential = inWell(states);
    const waves = Array.from({ length: states }, (_, i) => inWell(i));
    const term = (
      metric: string,
      weight: LossTerm<WellParameters>["weight"],
      residual: Expression,
      measure: LossTerm["measure"],
    ): LossTerm<WellParameters> => ({ metric, weight, grid: 0, measured: null, residual, measure });
    const names = namesOf(parameters);
    const starts = [firstEnergy, secondEnergy];
    return {
      coordinates: 1,
      components: states + 1,
      unknowns: names.map((name, i) => ({
        name,
        initial: () => starts[i] ?? Number.NaN,
        learningRate: ({ energyRate }) => energyRate,
      })),
      grids: [{ points: midpoints(points) }],
      terms: [
        ...names.map((name, i) =>
          term(
            `stateLoss${i + 1}`,
            ({ stateWeight }) => stateWeight,
            sum(product(constant(-0.5), curvature(i)), product(difference(potential, unknown(name)), waves[i] ?? constant(0))),
            "mean-square",
          ),
        ),
        term(
          "potentialLoss",
          ({ potentialWeight }) => potentialWeight,
          sum(
            curvature(states),
            product(constant(coupling), progress, difference(sum(...waves.map((wave) => product(wave, wave))), constant(states))),
          ),
          "mean-square",
        ),
        ...waves.map((wave, i) =>
          term(
            `normLoss${i + 1}`,
            ({ normWeight }) => normWeight,
            difference(product(wave, wave), constant(1)),
            "square-of-mean",
          ),
        ),
        ...(states === 2
          ? [term("orthogonalityLoss", ({ orthogonalityWeight }) => orthogonalityWeight, product(...waves), "square-of-mean")]
          : []),
      ],
    };
  },

  judge(parameters, learned) {
    const { states, coupling } = parameters;
    const names = namesOf(parameters);
    const truth = reference(coupling, states);
    const at = valuesOf(learned, states);
    const fine = at(midpoints(1000));
    const integral = (a: Float64Array, b: Float64Array): number =>
      a.reduce((all, value, i) => all + value * (b[i] ?? NaN), 0) / a.length;
    const waves = fine.slice(0, states);
    const norms = waves.map((wave) => integral(wave, wave));
    const [first, second] = waves;
    const overlap = first && second ? Math.abs(integral(first, second)) / Math.sqrt((norms[0] ?? NaN) * (norms[1] ?? NaN)) : 0;
    const energies = names.map((name) => learned.unknowns[name] ?? Number.NaN);
    const errors = energies.map((energy, i) => Math.abs(energy / (truth.energies[i] ?? Number.NaN) - 1));
    const middle = at(Float32Array.of(0))[states]?.[0] ?? Number.NaN;
    return {
      metrics: {
        ...Object.fromEntries(names.map((name, i) => [name, energies[i] ?? Number.NaN])),
        energyError: errors.reduce((most, error) => (error <= most ? most : error), 0),
        leastNorm: norms.reduce((least, norm) => (norm >= least ? least : norm), Number.POSITIVE_INFINITY),
        overlap,
        middlePotential: middle,
        middlePotentialError: Math.abs(middle - truth.potential(0.5)),
      },
      labels: { energies: energies.map((energy, i) => `E${"₁₂"[i] ?? ""} = ${energy.toFixed(3)}`).join(", ") },
      plots: {
        ...fieldPlots(states, at, truth),
        energies: {
          kind: "curve",
          title: "Energies while it trained",
          caption: "Dashed: finite differences, at the coupling that the run ends with; it was raised from 0 meanwhile.",
          x: { label: "epoch" },
          y: { label: "E" },
          series: names.flatMap((name, i) => [
            {
              name: `E${i + 1}, exact`,
              x: [0, parameters.epochs],
              y: [truth.energies[i] ?? Number.NaN, truth.energies[i] ?? Number.NaN],
              style: "dashed" as const,
            },
            {
              name: `E${i + 1}, network`,
              x: learned.history.map(({ step }) => step),
              y: learned.history.map(({ unknowns }) => unknowns[name] ?? Number.NaN),
            },
          ]),
        },
      },
    };
  },

  diverged: () => ({ energyError: Number.NaN }),
};

/** ψ_i, then V, at places of the network's coordinate. */
function valuesOf({ at }: LearnedSolution, states: number): (places: Float32Array) => Float64Array[] {
  return (places) => {
    const [all] = at(places, [0]);
    const width = states + 1;
    return Array.from({ length: width }, (_, c) =>
      Float64Array.from(places, (place, i) => (1 - place * place) * (all[i * width + c] ?? Number.NaN)),
    );
  };
}

function fieldPlots(
  states: number,
  at: (places: Float32Array) => Float64Array[],
  truth: ReturnType<typeof reference>,
): ReturnType<typeof problem.judge>["plots"] {
  const values = at(Float32Array.from(judged, (x) => 2 * x - 1));
  const axis = { label: "x" };
  return {
    densities: {
      kind: "curve",
      title: "Densities",
      caption: "Dashed: finite differences.",
      x: axis,
      y: { label: "ψ²" },
      series: Array.from({ length: states }, (_, i) => i).flatMap((i) => [
        { name: `state ${i + 1}, exact`, x: judged, y: judged.map((x) => truth.wave(i, x) ** 2), style: "dashed" as const },
        { name: `state ${i + 1}, network`, x: judged, y: Array.from(values[i] ?? [], (value) => value * value) },
      ]),
    },
    potential: {
      kind: "curve",
      title: "Potential",
      caption: "Of the states' charge before the even background. Dashed: finite differences.",
      x: axis,
      y: { label: "V" },
      series: [
        { name: "exact", x: judged, y: judged.map((x) => truth.potential(x)), style: "dashed" },
        { name: "network", x: judged, y: Array.from(values[states] ?? []) },
      ],
    },
  };
}

const plots: readonly PlotDescriptor[] = [
  { id: "densities", title: "Densities", kind: "curve" },
  { id: "potential", title: "Potential", kind: "curve" },
  { id: "energies", title: "Energies while it trained", kind: "curve" },
];

const ofTwo = { where: [{ parameter: "states", atLeast: 2 }] };

/** Objective: the error of the energies, which is what such a calculation is made for. */
export const schrodingerPoisson = equationExperiment({
  id: "schrodinger-poisson",
  version: 1,
  title: "Physics-informed network: electrons in a well",
  summary: "A network finds the states of charges in a well, their energies and the potential that they make themselves.",
  description: `Charges fill the lowest one or two states between hard walls at 0 and 1 and repel each other before an even background of as much charge (Hartree):

$$-\\tfrac12\\psi_i'' + V\\psi_i = E_i\\psi_i, \\qquad V'' = -\\gamma\\Big(\\sum_i\\psi_i^2 - n\\Big), \\qquad \\psi_i = V = 0 \\text{ at } x = 0, 1.$$

One network gives $\\psi_1, \\psi_2, V$, each times $4x(1 - x)$, so that the walls cost nothing; $E_1$ and $E_2$ are trained with it, from 5 and 20. Beside the equations the loss has
$(\\int\\psi_i^2 - 1)^2$ for each state and $(\\int\\psi_1\\psi_2)^2$, by the midpoint rule over 200 points. $\\gamma$ is raised evenly from 0 to its value while Adam steps; L-BFGS ends the run. With $\\gamma = 100$ that takes more steps than the default.

**What to look for.** By finite differences $E = 4.93480,\\ 19.73919$ without a coupling, and $5.37481,\\ 20.08543$ with $\\gamma = 10$, where $V(\\tfrac12) = 0.50231$. Both equations are satisfied by
$\\psi = 0$: without the normalisation (\`normWeight: 0\`) the states vanish. Without the orthogonality (\`orthogonalityWeight: 0\`) nothing keeps the second state from being the first
again, and only the start of its energy decides: from 20 it is another all the same, from 5 (\`secondEnergy: 5\`) both are alike.`,
  source: "The loss function: guiding neural networks with domain knowledge: Schrödinger and Poisson",
  defaultSweep: {
    lesson: "Equations alone are satisfied by nothing at all; that there is one particle in each state must be said.",
    space: { normWeight: { type: "choice", values: [1, 0] } },
    seeds: 10,
  },
  parameters: WellParameters,
  perRunParameters: ["energyRate", "stateWeight", "potentialWeight", "normWeight", "orthogonalityWeight"],
  withoutEffect: (parameters) => [
    "redrawEvery",
    ...(WellParameters.parse(parameters).states === 1 ? ["orthogonalityWeight", "secondEnergy"] : []),
  ],
  sizes: (parameters) => {
    const { points, states } = WellParameters.parse(parameters);
    return equationSizes(1, states + 1, [{ points, derivatives: 2 }]);
  },
  objective: { metric: "energyError", direction: "minimize" },
  metrics: [
    lossMetric(
      "stateLoss1",
      "Mean square of Schrödinger's residual, first state",
      "Mean of (−½ψ₁″ + Vψ₁ − E₁ψ₁)² over the points.",
    ),
    {
      ...lossMetric(
        "stateLoss2",
        "Mean square of Schrödinger's residual, second state",
        "Mean of (−½ψ₂″ + Vψ₂ − E₂ψ₂)² over the points.",
      ),
      ...ofTwo,
    },
    lossMetric(
      "potentialLoss",
      "Mean square of Poisson's residual",
      "Mean of (V″ + γ(Σψ² − n))² over the points, γ as it is then.",
    ),
    lossMetric("normLoss1", "Square of the error of the norm, first state", "(∫ψ₁² − 1)²."),
    { ...lossMetric("normLoss2", "Square of the error of the norm, second state", "(∫ψ₂² − 1)²."), ...ofTwo },
    { ...lossMetric("orthogonalityLoss", "Square of the overlap", "(∫ψ₁ψ₂)²."), ...ofTwo },
    finalMetric("energy1", "E₁", "The trained energy of the first state."),
    { ...finalMetric("energy2", "E₂", "The trained energy of the second state."), ...ofTwo },
    finalMetric("energyError", "Error of the energies", "Greatest |Ê/E − 1|, E by finite differences.", { scale: "log" }),
    finalMetric("leastNorm", "Least norm", "Least ∫ψ² of the states, by the midpoint rule over 1,000 points."),
    finalMetric("overlap", "Overlap", "|∫ψ₁ψ₂|/√(∫ψ₁²·∫ψ₂²); 0 where there is one state.", { scale: "log" }),
    finalMetric("middlePotential", "V(½)", "The potential in the middle."),
    finalMetric("middlePotentialError", "Error of V(½)", "|V̂(½) − V(½)|, V by finite differences.", { scale: "log" }),
  ],
  success: {
    text: "energies within 1 %, overlap ≤ 0.01, V(½) within 0.02",
    all: [
      { metric: "energyError", op: "<=", value: 0.01 },
      { metric: "overlap", op: "<=", value: 0.01 },
      { metric: "middlePotentialError", op: "<=", value: 0.02 },
    ],
  },
  plots,
  problem,
});
