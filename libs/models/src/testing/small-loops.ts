import { RolloutParameters, rolloutPerRunParameters, type Configuration } from "@basin/contracts";
import { randomStream } from "@basin/numerics";
import {
  absolute,
  configurationOf,
  constant,
  cosine,
  difference,
  exponentialOf,
  findExperiment,
  hyperbolicTangent,
  logarithmOf,
  output,
  power,
  product,
  signal,
  sine,
  state,
  sum,
  type ClosedLoop,
  type ExperimentDefinition,
  type RolloutProblem,
} from "@basin/problems";
import { z } from "zod";

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

export const maglev = experiment("maglev");

/** E13 with odd sizes: 7 trajectories, from 4 steps to 9 in the first half of six epochs. */
export function smallMaglev(changes: Configuration = {}): Configuration {
  const sizes = { trajectories: 7, hiddenLayers: [5, 3], firstHorizon: 4, horizon: 9, epochs: 6 };
  return configurationOf(maglev, { ...sizes, plots: false, ...changes });
}

const LoopParameters = RolloutParameters.extend({
  effortWeight: z.number().min(0).default(0.3).meta({ title: "Weight of the effort" }),
});
type LoopParameters = z.infer<typeof LoopParameters>;

const drawn = (purpose: string, count: number): Float32Array => {
  const values = new Float32Array(count);
  randomStream(3, `testing/loop/${purpose}`).fillUniform(values);
  return values;
};

const [trajectories, steps] = [7, 13];

/** A plant of three states under two signals and two outputs in which every operation of formulas occurs, and terms that count from different steps. */
const loop = (): ClosedLoop<LoopParameters> => {
  const pull = product(
    constant(0.3),
    difference(output(0), state(0)),
    exponentialOf(product(constant(-0.5), power(state(1), 2))),
  );
  const turned = sum(sine(state(1)), product(cosine(state(0)), hyperbolicTangent(output(1))));
  return {
    states: 3,
    signals: 2,
    outputs: 2,
    outputActivation: "linear",
    inputs: [state(0), sum(state(1), signal(0)), product(state(2), signal(1))],
    next: [
      sum(state(0), pull),
      sum(product(constant(0.8), state(1)), product(constant(0.1), turned, signal(1)), product(constant(0.2), pull)),
      sum(
        product(constant(0.5), state(2)),
        logarithmOf(sum(constant(2), absolute(state(0)))),
        power(sum(constant(3), sine(output(0))), -2),
      ),
    ],
    terms: [
      { metric: "trackingLoss", weight: () => 1, value: power(difference(state(0), signal(0)), 2) },
      {
        metric: "effortLoss",
        weight: ({ effortWeight }) => effortWeight,
        value: sum(power(output(0), 2), power(output(1), 2)),
        from: 3,
      },
      // Linear in the state, so that its gradient is the same everywhere.
      { metric: "driftLoss", weight: () => 0.1, value: state(2), from: 5 },
    ],
    training: {
      count: trajectories,
      steps,
      starts: drawn("starts", 3 * trajectories),
      signals: drawn("signals", 2 * trajectories * steps),
    },
  };
};

const loopProblem: RolloutProblem<LoopParameters> = {
  kind: "rollout",
  loop,
  judge: (_, { roll }) => {
    const { states, outputs } = roll(loop().training);
    return {
      metrics: { last: states.at(-1) ?? Number.NaN, lastOutput: outputs.at(-1) ?? Number.NaN },
      labels: {},
      plots: () => ({}),
    };
  },
  diverged: () => ({}),
};

export const everyOperation: ExperimentDefinition = {
  ...maglev,
  id: "every-operation",
  parameters: LoopParameters,
  perRunParameters: [...rolloutPerRunParameters, "effortWeight"],
  plots: [],
  problem: loopProblem,
};

export function smallLoop(changes: Configuration = {}): Configuration {
  const sizes = { hiddenLayers: [6, 4], cell: "elman", firstHorizon: 6, horizon: 11, epochs: 6 };
  return configurationOf(everyOperation, { ...sizes, ...changes });
}

export const loopCases: readonly {
  name: string;
  definition: ExperimentDefinition;
  parameters: (changes: Configuration) => Configuration;
}[] = [
  { name: "rollout, a plant without memory", definition: maglev, parameters: smallMaglev },
  { name: "rollout, every operation and an elman cell", definition: everyOperation, parameters: smallLoop },
  {
    name: "rollout, momentum and a horizon that stays",
    definition: everyOperation,
    parameters: (changes) => smallLoop({ optimizer: "momentum", horizonGrowth: 0, clipNorm: 0, ...changes }),
  },
];
