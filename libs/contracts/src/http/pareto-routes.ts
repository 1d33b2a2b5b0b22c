import { z } from "zod";
import { SweepId } from "../ids";
import { AppliedParameters } from "../parameters";
import { Objective } from "../sweep";
import { count, define, sweepParams } from "./route";

const ParetoFront = z
  .object({
    sweep: SweepId,
    objectives: z.array(Objective).describe("in the order of the sweep's spec"),
    trials: z
      .array(
        z.object({
          trial: z.int(),
          parameters: AppliedParameters.describe("those that differ between trials"),
          values: z.array(z.number()).describe("means over the trial's runs, one for each objective"),
          runs: z.int().describe("that have all of the objectives and break no constraint on metrics"),
          front: z.boolean().describe("no other trial is at least as good in every objective and better in one"),
        }),
      )
      .describe("those of the front first, by the first objective; at most `limit`"),
    total: z.int().describe("trials with values"),
    front: z.int().describe("of these, on the front"),
    hypervolume: z
      .object({ value: z.number(), reference: z.array(z.number()) })
      .nullable()
      .describe(
        "what the front dominates up to a point a tenth beyond the worst of each objective; null where no trial has values",
      ),
    reading: z.string(),
  })
  .meta({ id: "ParetoFront" });
export type ParetoFront = z.infer<typeof ParetoFront>;

export const paretoRoutes = {
  getParetoFront: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/pareto-front",
    summary: "Trials that no other is better than in every objective, and those that some are",
    params: sweepParams,
    query: z.object({ limit: count(200, 2000) }),
    response: ParetoFront,
  }),
} as const;
