import { randomStream } from "@basin/numerics";
import { z } from "zod";
import type { ExperimentDefinition } from "../experiment";

export const maxDiagnosticValues = 16;

const attempts = z.int().min(0).max(1000).default(0);

export const DiagnosticParameters = z.strictObject({
  steps: z.int().min(0).max(10_000_000).default(10).meta({ title: "Steps", unit: "step", description: "0 ends at once." }),
  secondsPerStep: z
    .number()
    .min(0)
    .max(3600)
    .default(0)
    .meta({ title: "Duration of a step", unit: "s", description: "The pack waits for the longest of its runs." }),
  valuesPerStep: z
    .int()
    .min(0)
    .max(maxDiagnosticValues)
    .default(1)
    .meta({ title: "Values per step", description: "Metrics value0, value1 … reported at each step." }),
  level: z
    .number()
    .min(-1e6)
    .max(1e6)
    .default(0)
    .meta({
      title: "Level",
      description: "What value0 settles to; runs are ranked by it.",
      "x-suggest": { type: "float", min: 0, max: 1, points: 5 },
    }),
  failOnAttempts: attempts.meta({
    title: "Failing attempts",
    description: "The first so many attempts end with an error at their first step.",
  }),
  crashOnAttempts: attempts.meta({
    title: "Crashing attempts",
    description: "The first so many attempts end the trainer's process at their first step.",
  }),
  divergeAtStep: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({ title: "Diverge at step", unit: "step", description: "value0 becomes NaN at this step; 0 never." }),
  checkpointBytes: z
    .int()
    .min(0)
    .max(16 * 1024 * 1024)
    .default(0)
    .meta({ title: "Size of a checkpoint", unit: "byte", description: "Padding added to each checkpoint." }),
});
export type DiagnosticParameters = z.infer<typeof DiagnosticParameters>;

/** The metric names that a run with these parameters reports. */
export function diagnosticMetricNames(parameters: Pick<DiagnosticParameters, "valuesPerStep">): string[] {
  return Array.from({ length: parameters.valuesPerStep }, (_, k) => `value${k}`);
}

/**
 * The values of a diagnostic run: `valueAt(step, k)` = level + k + 1/(1 + step) + ε, with ε in [0, 0.01) drawn from
 * (seed, k, step); a pure function, so a test can name every number that must be found in the ledger. `value0` is NaN from
 * `divergeAtStep` on. The final `value0` is the one at the last step (step 0: nothing was trained).
 */
export function diagnosticValues(
  seed: number,
  parameters: Pick<DiagnosticParameters, "level" | "valuesPerStep" | "divergeAtStep">,
): (step: number, k: number) => number {
  const { level, divergeAtStep } = parameters;
  const streams = Array.from({ length: Math.max(1, parameters.valuesPerStep) }, (_, k) =>
    randomStream(seed, "diagnostic/value", k),
  );
  return (step, k) => {
    if (k === 0 && divergeAtStep > 0 && step >= divergeAtStep) return Number.NaN;
    return level + k + 1 / (1 + step) + 0.01 * (streams[k]?.uniform(step) ?? Number.NaN);
  };
}

/** Exercises dispatch, telemetry, checkpoints and recovery without tensors: benches and failure tests use it. */
export const diagnostic: ExperimentDefinition = {
  id: "diagnostic",
  version: 1,
  title: "Diagnostic",
  summary: "Trains nothing: takes as long, reports as much and fails as often as it is told.",
  description: `Exercises the platform rather than a model. Each step waits \`secondsPerStep\` and reports \`valuesPerStep\` metrics,

$$\\mathrm{value}_k(s) = \\mathrm{level} + k + \\frac{1}{1+s} + \\varepsilon_k(s), \\qquad 0 \\le \\varepsilon < 0.01,$$

where $\\varepsilon$ depends on the run's seed only: the same run gives the same numbers on every trainer. Runs can be told to fail,
to take their trainer down, to diverge, and to write large checkpoints.`,
  source: "Basin",
  family: "diagnostic",
  diagnostic: true,
  defaultSweep: {
    lesson: "Trains nothing: shows that sweeps run.",
    space: { level: { type: "choice", values: [0, 0.5, 1] } },
    seeds: 5,
  },
  parameters: DiagnosticParameters,
  perRunParameters: Object.keys(DiagnosticParameters.shape),
  objective: { metric: "value0", direction: "minimize" },
  metrics: Array.from({ length: maxDiagnosticValues }, (_, k) => ({
    name: `value${k}`,
    title: `Value ${k}`,
    unit: "",
    series: true,
    final: true,
    scale: "linear" as const,
  })),
  success: null,
  plots: [],
  maxPackWidth: 512,
  stepUnit: "step",
  problem: { kind: "diagnostic" },
};
