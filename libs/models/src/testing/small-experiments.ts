import type { Configuration } from "@basin/contracts";
import { configurationOf, findExperiment, type ExperimentDefinition } from "@basin/problems";

function experiment(id: string): ExperimentDefinition {
  const found = findExperiment(id);
  if (!found) throw new Error(`no experiment ${id}`);
  return found;
}

export const lossMinimization = experiment("loss-minimization");
export const logicGates = experiment("logic-gates");
export const rungeInterpolation = experiment("runge-interpolation");
export const optimizers = experiment("optimizers");
export const boltzmann = experiment("boltzmann");
export const spelling = experiment("spelling");
export const diagnostic = experiment("diagnostic");
export const sindyLorenz = experiment("sindy-lorenz");
export const sindyPendulum = experiment("sindy-pendulum");

/** Experiments with an output penalty, each small, in batches of which the last is shorter. */
export const penaltyCases: readonly { name: string; definition: ExperimentDefinition; changes: Configuration }[] = [
  {
    name: "divergence of neighbours",
    definition: experiment("protein-smoothness"),
    changes: { window: 0, hiddenLayers: [5], batchSize: 1001, dropout: 0.1 },
  },
  {
    name: "costs",
    definition: experiment("hierarchical-cost"),
    changes: { samples: 45, hiddenLayers: [19, 6], batchSize: 16, plots: false },
  },
  {
    name: "energies",
    definition: experiment("docking"),
    changes: { samples: 45, hiddenLayers: [19, 6], batchSize: 16, clipNorm: 0, optimizer: "momentum", momentum: 0.5 },
  },
];

/** B0 on 90 points with a small odd-sized network, so that every tail path of the kernels runs: 75 + 15 samples in batches of 32. */
export function smallNetwork(changes: Configuration = {}): Configuration {
  return configurationOf(lossMinimization, {
    samples: 90,
    hiddenLayers: [19, 6],
    batchSize: 32,
    epochs: 6,
    validationFraction: 0.17,
    plots: false,
    ...changes,
  });
}

/** B6 on 12 images of 5 × 5 pixels; a scan or a pruning follows some of its 3 blocks of 2 steps. */
export function smallPendulum(changes: Configuration = {}): Configuration {
  return configurationOf(sindyPendulum, {
    pixels: 5,
    orbits: 2,
    validationOrbits: 1,
    frames: 6,
    hiddenLayers: [7, 5],
    batchSize: 5,
    blocks: 3,
    stepsPerBlock: 2,
    ...changes,
  });
}
