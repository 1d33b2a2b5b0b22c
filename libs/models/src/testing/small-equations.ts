import { PinnParameters, pinnPerRunParameters, type Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import {
  configurationOf,
  constant,
  difference,
  findExperiment,
  measured,
  power,
  product,
  progress,
  solution,
  sum,
  unknown,
  type DifferentialEquationProblem,
  type ExperimentDefinition,
} from "@basin/problems";
import { z } from "zod";

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

export const harmonicOscillator = experiment("harmonic-oscillator-pinn");
export const pendulumGravity = experiment("pendulum-gravity");

/** B4 with odd sizes: 7 collocation points and the one of the initial state. */
export function smallOscillator(changes: Configuration = {}): Configuration {
  return configurationOf(harmonicOscillator, {
    hiddenLayers: [5, 3],
    points: 7,
    residualWeight: 1,
    epochs: 6,
    reportEvery: 1,
    ...changes,
  });
}

/** B3 with 9 noisy samples. */
export function smallGravity(changes: Configuration = {}): Configuration {
  return configurationOf(pendulumGravity, { samples: 9, epochs: 6, reportEvery: 1, ...changes });
}

const FieldParameters = PinnParameters.extend({
  residualWeight: z.number().min(0).default(1).meta({ title: "Weight of the equation" }),
  diffusivityRate: z.number().positive().default(0.05).meta({ title: "Learning rate of the diffusivity" }),
  sparsityWeight: z.number().min(0).default(0.1).meta({ title: "Weight of the unknowns" }),
  late: z.number().min(0).max(1).default(0.5).meta({ title: "Where parts of the loss change" }),
});
type FieldParameters = z.infer<typeof FieldParameters>;

const ofUnit = (seed: number, count: number): Float32Array => {
  const values = new Float32Array(count);
  randomStream(seed, "testing/field").fillUniform(values);
  return values;
};

/** u_t = k·u_xx + a·u + b·u_x in two coordinates with every kind of term, two passes, windows, own rates and pruning. */
const fieldProblem: DifferentialEquationProblem<FieldParameters> = {
  kind: "differential-equation",
  system: () => ({
    coordinates: 2,
    components: 1,
    unknowns: [
      { name: "k", initial: () => 0.3, learningRate: ({ diffusivityRate }) => diffusivityRate },
      { name: "a", initial: () => 0.01 },
      { name: "b", initial: (seed) => 1 + 0.1 * (seed % 5) },
    ],
    grids: [{ points: ofUnit(1, 2 * 9), candidates: (redraw) => ofUnit(100 + redraw, 2 * 31) }, { points: ofUnit(2, 2 * 65) }],
    terms: [
      {
        metric: "residualLoss",
        weight: ({ residualWeight }) => residualWeight,
        grid: 0,
        measured: null,
        residual: difference(
          solution([0, 1]),
          sum(product(unknown("k"), solution(2)), product(unknown("a"), solution()), product(unknown("b"), solution(1))),
        ),
        measure: "mean-square",
      },
      {
        metric: "dataLoss",
        weight: () => 3,
        grid: 1,
        measured: ofUnit(3, 65),
        residual: difference(solution(), measured),
        measure: "mean-square",
      },
      {
        metric: "slopeLoss",
        weight: () => 0.5,
        window: ({ late }) => ({ from: { share: late } }),
        grid: 0,
        measured: null,
        residual: difference(product(progress, solution([1, 1])), constant(0.1)),
        measure: { positivePart: 2 },
      },
      {
        metric: "integralLoss",
        weight: () => 0.7,
        window: () => ({ until: { step: 4 } }),
        grid: 1,
        measured: null,
        residual: difference(power(solution(), 2), constant(1)),
        measure: "square-of-mean",
      },
    ],
    sparsity: {
      metric: "sparsityLoss",
      weight: ({ sparsityWeight }) => sparsityWeight,
      window: ({ late }) => ({ until: { share: late } }),
      grid: 0,
      of: [
        { unknown: "a", factor: solution() },
        { unknown: "b", factor: solution(1) },
      ],
      prune: { at: ({ late }) => ({ share: late }), threshold: () => 0.05, relativeTo: solution([0, 1]) },
    },
  }),
  judge: (_, { unknowns, at }) => ({
    metrics: { ...unknowns, middle: at(Float32Array.of(0.5, 0.5), [[1, 1]])[0][0] ?? Number.NaN },
    labels: {},
    plots: {},
  }),
  diverged: () => ({}),
};

export const field: ExperimentDefinition = {
  ...harmonicOscillator,
  id: "field",
  parameters: FieldParameters,
  perRunParameters: [...pinnPerRunParameters, "residualWeight", "diffusivityRate", "sparsityWeight", "late"],
  plots: [],
  problem: fieldProblem,
};

export function smallField(changes: Configuration = {}): Configuration {
  return configurationOf(field, { hiddenLayers: [5, 4], epochs: 6, reportEvery: 1, ...changes });
}

export const equationCases: readonly {
  name: string;
  definition: ExperimentDefinition;
  parameters: (changes: Configuration) => Configuration;
}[] = [
  { name: "pinn, equation and initial state", definition: harmonicOscillator, parameters: smallOscillator },
  { name: "pinn, mean of the network", definition: pendulumGravity, parameters: smallGravity },
  {
    name: "pinn, physical parameter",
    definition: pendulumGravity,
    parameters: (changes) => smallGravity({ estimate: "parameter", noise: 0.1, ...changes }),
  },
  {
    name: "pinn, two coordinates, windows and pruning",
    definition: field,
    parameters: (changes) => smallField({ activation: "swish", late: changes["learningRate"] === 3e-2 ? 0.3 : 0.6, ...changes }),
  },
  {
    name: "pinn, balanced terms and redrawn points",
    definition: field,
    parameters: (changes) => {
      const often = changes["learningRate"] === 3e-2;
      return smallField({ redrawEvery: often ? 2 : 3, balanceEvery: often ? 3 : 1, ...changes });
    },
  },
  {
    name: "pinn, L-BFGS after Adam",
    definition: field,
    parameters: (changes) =>
      smallField({
        lbfgsSteps: changes["learningRate"] === 3e-2 ? 2 : 4,
        lbfgsMemory: changes["learningRate"] === 3e-2 ? 1 : 20,
        late: 0.6,
        ...changes,
      }),
  },
];
