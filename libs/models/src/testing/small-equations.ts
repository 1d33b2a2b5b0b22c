import type { Configuration } from "@basin/contracts";
import { configurationOf, findExperiment, type ExperimentDefinition } from "@basin/problems";

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
];
