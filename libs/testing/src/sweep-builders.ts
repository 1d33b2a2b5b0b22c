import { SweepSpec, type SweepSpecInput } from "@basin/contracts";

/** A filled-in sweep spec: loss-minimization, a grid of two learning rates, two seeds. `changes` replaces whole fields. */
export function aSweepSpec(changes: Partial<SweepSpecInput> = {}): SweepSpec {
  return SweepSpec.parse({
    name: "a sweep",
    experiment: "loss-minimization",
    space: { learningRate: { type: "choice", values: [1e-3, 3e-3] } },
    seeds: { count: 2 },
    ...changes,
  });
}

/** Networks so small that a run takes well under a second: 2-8-1, 64 samples where the experiment has such a parameter. */
export function aTinyTrainingSpec(changes: Partial<SweepSpecInput> = {}): SweepSpec {
  return aSweepSpec({
    name: "tiny training",
    ...changes,
    space: {
      hiddenLayers: { type: "fixed", value: [8] },
      epochs: { type: "fixed", value: 20 },
      batchSize: { type: "fixed", value: 32 },
      learningRate: { type: "choice", values: [1e-3, 3e-3] },
      ...changes.space,
    },
  });
}
