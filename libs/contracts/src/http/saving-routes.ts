import { z } from "zod";
import { MetricName, RunId, SweepId } from "../ids";
import { AppliedParameters } from "../parameters";
import { Stopping } from "../sweep";
import { count, define, sweepParams } from "./route";

const SafetyCheck = z
  .object({
    sweep: SweepId,
    rule: z.string(),
    metric: MetricName,
    rungs: z.array(z.int()).describe("steps"),
    runs: z.int().describe("that trained to their ends"),
    stopped: z.int().describe("of these, how many the rule would have stopped"),
    stepsSaved: z
      .number()
      .nullable()
      .describe("share of all steps; null where the experiment does not say how long its runs are"),
    best: z
      .array(
        z.object({
          run: RunId,
          value: z.number().nullable(),
          stoppedAt: z.int().nullable().describe("step; null: not stopped"),
          reason: z.string().nullable(),
        }),
      )
      .describe("the best runs by the objective, at most five"),
    safe: z.boolean().nullable().describe("the best run would not have been stopped; null: none has a value"),
    reading: z.string(),
  })
  .meta({ id: "SafetyCheck" });
export type SafetyCheck = z.infer<typeof SafetyCheck>;

const OfSeeds = z.object({
  trial: z.int().describe("the first with these parameters"),
  group: AppliedParameters,
  n: z.int().describe("runs with a value"),
  of: z.int().describe("runs that ended by themselves"),
  mean: z.number().nullable(),
  median: z.number().nullable(),
  interquartileMean: z.number().nullable().describe("mean of the middle half"),
  quantile: z.number().nullable().describe("that is reached by the `q`-th part of the runs, from the best on"),
  bestOf: z.array(z.number()).describe("expected best of 1, 2, … k runs, unbiased; k up to half of n"),
  success: z
    .object({ met: z.int(), of: z.int(), rate: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe("with Wilson's 95 % interval; null without a criterion"),
  seedsNeeded: z.number().nullable().describe("for one success with 95 %: ln 0.05 / ln(1 − p); null without a success"),
});

const SeedObjectives = z
  .object({
    sweep: SweepId,
    metric: MetricName,
    q: z.number(),
    groups: z.array(OfSeeds),
    total: z.int(),
  })
  .meta({ id: "SeedObjectives" });
export type SeedObjectives = z.infer<typeof SeedObjectives>;

export const savingRoutes = {
  checkSafe: define({
    role: "viewer",
    reads: true,
    method: "POST",
    path: "/sweeps/:sweep/check-safe",
    summary: "What a stopping rule would have stopped of a sweep, and whether it would have lost the best",
    params: sweepParams,
    body: Stopping,
    response: SafetyCheck,
  }),
  getSeedObjectives: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/seed-objectives",
    summary:
      "Each configuration over its seeds: mean, median, interquartile mean, quantile, expected best of k, probability of success",
    params: sweepParams,
    query: z.object({
      metric: MetricName.optional().describe("a final metric; default: the sweep's objective"),
      q: z.coerce.number().gt(0).lt(1).default(0.1),
      most: count(16, 200).describe("the greatest k of the best of k"),
      limit: count(100, 1000),
    }),
    response: SeedObjectives,
  }),
} as const;
