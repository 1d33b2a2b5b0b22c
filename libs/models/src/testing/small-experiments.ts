import type { Configuration } from "@basin/contracts";
import { configurationOf, findExperiment, type ExperimentDefinition } from "@basin/problems";

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

export const lossMinimization = experiment("loss-minimization");
export const logicGates = experiment("logic-gates");
export const diagnostic = experiment("diagnostic");

/** B0 on 90 points with a small odd-sized network, so that every tail path of the kernels runs: 75 + 15 samples in batches of 32. */
export function smallNetwork(changes: Configuration = {}): Configuration {
  return configurationOf(lossMinimization, {
    samples: 90,
    hiddenLayers: [19, 6],
    batchSize: 32,
    epochs: 6,
    validationFraction: 0.17,
    ...changes,
  });
}
