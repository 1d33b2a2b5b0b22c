import type { SweepSpecInput } from "@basin/contracts";
import { configurationOf, findExperiment, noResources } from "@basin/problems";
import { join } from "node:path";
import { writeNpy } from "./npy";

/** One comparison: the same work as a sweep of Basin's and as a job of the peers' scripts. */
export interface PeerCase {
  name: "mlp" | "sindy" | "cnn";
  title: string;
  /** Runs that are trained on either side. */
  runs: number;
  sweep: SweepSpecInput;
  /** The figure of a run that both sides end with: the training loss of the last step of the series. */
  lossMetric: string;
  /** Writes the data and returns the settings of the peers' job. */
  prepare(folder: string): Record<string, unknown>;
  /** How much faster Basin is to be. */
  wanted: { torch: number; jax: number };
}

function fixed(parameters: Record<string, number | string | boolean>): NonNullable<SweepSpecInput["space"]> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { type: "fixed" as const, value }]));
}

/** A: B0's network, 64 initializations, 100 epochs. */
export function mlpCase(quick: boolean): PeerCase {
  return quick ? mlp(16, 10) : mlp(64, 100);
}

/** The same network past its plateau, which it has not left after 100 epochs: there, equal losses say more. */
export function longMlpCase(): PeerCase {
  return mlp(8, 600);
}

function mlp(runs: number, epochs: number): PeerCase {
  return {
    name: "mlp",
    title: `B0's network 2-64-64-32-1, ${runs} initializations × ${epochs} epochs`,
    runs,
    sweep: { experiment: "loss-minimization", space: fixed({ epochs, plots: false }), seeds: { count: runs } },
    lossMetric: "loss",
    prepare(folder) {
      const definition = findExperiment("loss-minimization");
      if (definition?.problem.kind !== "supervised") throw new Error("the experiment loss-minimization is not there");
      const parameters = configurationOf(definition, {});
      const { samples, inputs, targets } = definition.problem.data(parameters, noResources);
      writeNpy(join(folder, "inputs.npy"), inputs, [samples, 2]);
      writeNpy(join(folder, "targets.npy"), targets, [samples, 1]);
      const { learningRate, batchSize } = parameters;
      return { widths: [2, 64, 64, 32, 1], learningRate, batchSize, epochs };
    },
    wanted: { torch: 10, jax: 1 },
  };
}

/** B: the SINDy autoencoder 256-64-32-1 of B6 without pruning, 16 initializations, 1,000 steps. */
export function sindyCase(quick: boolean): PeerCase {
  const blocks = quick ? 2 : 10;
  const stepsPerBlock = 100;
  const runs = quick ? 4 : 16;
  const lawWeight = 1e-3;
  const space = {
    procedure: "source-threshold",
    pruneEvery: 0,
    blocks,
    stepsPerBlock,
    finalDecay: 1,
    lawWeight,
    lateLawWeight: lawWeight,
    sparsityFrom: 0,
    sparsityTo: 1,
  };
  return {
    name: "sindy",
    title: `the SINDy autoencoder 256-64-32-1, ${runs} initializations × ${blocks * stepsPerBlock} steps`,
    runs,
    sweep: { experiment: "sindy-pendulum", space: fixed(space), seeds: { count: runs } },
    lossMetric: "loss",
    prepare(folder) {
      const definition = findExperiment("sindy-pendulum");
      if (definition?.problem.kind !== "latent-dynamics") throw new Error("the experiment sindy-pendulum is not there");
      const parameters = configurationOf(definition, space);
      const { width, trainingSamples, training } = definition.problem.data(parameters, noResources);
      for (const [i, name] of ["x", "dx", "ddx"].entries()) {
        writeNpy(join(folder, `${name}.npy`), training[i] ?? new Float32Array(), [trainingSamples, width]);
      }
      return {
        widths: [width, ...[parameters["hiddenLayers"] ?? []].flat(), 1],
        gain: parameters["initializationGain"],
        learningRate: parameters["learningRate"],
        coefficientRate: parameters["coefficientLearningRate"],
        batchSize: parameters["batchSize"],
        steps: blocks * stepsPerBlock,
        lambda1: parameters["derivativeWeight"],
        lambda2: lawWeight,
        lambda3: parameters["sparsityWeight"],
      };
    },
    wanted: { torch: 5, jax: 1 },
  };
}

/** C: the convolutional autoencoder of B5 at 32 × 32, 8 initializations. */
export function cnnCase(quick: boolean): PeerCase {
  const epochs = quick ? 20 : 200;
  const runs = quick ? 2 : 8;
  const space = { epochs, schedule: "constant", plots: false };
  return {
    name: "cnn",
    title: `the convolutional autoencoder at 32 × 32, ${runs} initializations × ${epochs} steps`,
    runs,
    sweep: { experiment: "pendulum-images", space: fixed(space), seeds: { count: runs } },
    lossMetric: "loss",
    prepare(folder) {
      const definition = findExperiment("pendulum-images");
      if (definition?.problem.kind !== "reconstruction") throw new Error("the experiment pendulum-images is not there");
      const parameters = configurationOf(definition, space);
      const { rows, columns } = definition.problem.shape(parameters, noResources);
      const images = definition.problem.training(parameters, noResources);
      writeNpy(join(folder, "images.npy"), images, [images.length / (rows * columns), 1, rows, columns]);
      return {
        channels: [4, 8],
        poolPadding: 1,
        pooledSide: 8,
        flat: 512,
        dense: [parameters["denseLayers"] ?? []].flat()[0],
        neck: parameters["latentWidth"],
        learningRate: parameters["learningRate"],
        steps: epochs,
      };
    },
    wanted: { torch: 2, jax: 0.7 },
  };
}
