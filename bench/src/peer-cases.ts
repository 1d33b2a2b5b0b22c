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
  const epochs = quick ? 10 : 100;
  const runs = quick ? 16 : 64;
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
