import type { SweepSpecInput } from "@basin/contracts";

/**
 * Small real networks (2-8-1) of one shape: 9 learning rates × `seeds` (default 5, so 45 runs); `epochs` decides how long they
 * take. The scheduler makes at least two packs per slot: for packs as wide as 45 there must be 90 runs.
 */
export function smallNetworks(
  changes: { epochs?: number; maxPackWidth?: number; seeds?: number; name?: string } = {},
): SweepSpecInput {
  return {
    name: changes.name ?? "small networks",
    experiment: "loss-minimization",
    space: {
      learningRate: { type: "choice", values: [1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3, 7e-3, 8e-3, 9e-3] },
      hiddenLayers: { type: "fixed", value: [8] },
      samples: { type: "fixed", value: 96 },
      batchSize: { type: "fixed", value: 32 },
      evaluationPoints: { type: "fixed", value: 10 },
      epochs: { type: "fixed", value: changes.epochs ?? 20 },
    },
    seeds: { count: changes.seeds ?? 5 },
    ...(changes.maxPackWidth === undefined ? {} : { maxPackWidth: changes.maxPackWidth }),
  };
}

/** Runs without tensors, for failures: each takes `steps × secondsPerStep`. */
export function diagnosticRuns(changes: {
  runs: number;
  steps: number;
  secondsPerStep: number;
  maxPackWidth?: number;
  space?: SweepSpecInput["space"];
  retryLimit?: number;
}): SweepSpecInput {
  return {
    name: "diagnostic runs",
    experiment: "diagnostic",
    space: {
      steps: { type: "fixed", value: changes.steps },
      secondsPerStep: { type: "fixed", value: changes.secondsPerStep },
      ...changes.space,
    },
    seeds: { count: changes.runs },
    ...(changes.maxPackWidth === undefined ? {} : { maxPackWidth: changes.maxPackWidth }),
    ...(changes.retryLimit === undefined ? {} : { retryLimit: changes.retryLimit }),
  };
}

/** Two configurations × 3 seeds of a tiny SINDy autoencoder: every part of the recovery table, no recovery. */
export function smallPendulums(): SweepSpecInput {
  const fixed = (value: number | number[] | string) => ({ type: "fixed" as const, value });
  return {
    name: "small pendulums",
    experiment: "sindy-pendulum",
    space: {
      lawWeight: { type: "choice", values: [1e-3, 1e-2] },
      procedure: fixed("gauge-scan"),
      pixels: fixed(6),
      orbits: fixed(4),
      validationOrbits: fixed(2),
      frames: fixed(16),
      hiddenLayers: fixed([8]),
      batchSize: fixed(32),
      blocks: fixed(8),
      stepsPerBlock: fixed(4),
    },
    seeds: { count: 3 },
  };
}
