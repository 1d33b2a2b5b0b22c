import { z } from "zod";
import { MetricName, SweepId } from "../ids";
import { AppliedParameters } from "../parameters";
import { count, define, sweepParams, whole } from "./route";

const MeanOfSeeds = z.object({
  n: z.int().describe("runs with a value"),
  of: z.int().describe("runs that ended"),
  mean: z.number().nullable(),
  low: z.number().nullable().describe("95 % interval of the mean; null with fewer than two values"),
  high: z.number().nullable(),
});

/** What became of a configuration in a race over seeds. */
const RacedConfiguration = z.object({
  trial: z.int(),
  parameters: AppliedParameters,
  race: z.enum(["racing", "stopped", "complete"]),
  reason: z.string().nullable().describe("why it was stopped"),
  seeds: z.int().describe("initializations that it was given, held-out ones left out"),
  objective: MeanOfSeeds,
});

const Race = z
  .object({
    sweep: SweepId,
    metric: MetricName,
    state: z
      .enum(["deciding", "decided"])
      .nullable()
      .describe("null: the sweep has no race, and every configuration gets all seeds"),
    rounds: z.int(),
    configurations: z.array(RacedConfiguration).describe("the best first, then by how many seeds they got; at most `limit`"),
    total: z.int().describe("configurations in all"),
    runs: z.object({
      search: z.int().describe("that the race gave out so far"),
      heldOut: z.int(),
      grid: z.int().describe("that all seeds of the configurations so far would be"),
    }),
    winner: z
      .object({
        trial: z.int(),
        search: MeanOfSeeds,
        test: MeanOfSeeds.describe("over held-out seeds, which the search never saw"),
      })
      .nullable(),
    reading: z.string(),
  })
  .meta({ id: "Race" });
export type Race = z.infer<typeof Race>;

const SeedsToDecide = z
  .object({
    a: z.int(),
    b: z.int(),
    best: z.int().nullable().describe("the trial that wins more of the pairs; null: neither"),
    wins: z.int().describe("of the better one"),
    pairs: z.int().describe("common seeds at which both have a value and differ"),
    evidence: z
      .number()
      .nullable()
      .describe("e-value that the better one wins more often than not; null: beyond what a number holds"),
    bound: z.number().describe("evidence that decides, whenever it is looked at"),
    decided: z.boolean(),
    more: z
      .int()
      .nullable()
      .describe("further common seeds that would decide if wins go on as they do; null: none up to 10,000 would"),
    reading: z.string(),
  })
  .meta({ id: "SeedsToDecide" });
export type SeedsToDecide = z.infer<typeof SeedsToDecide>;

export const raceRoutes = {
  getRace: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/race",
    summary: "Seeds that each configuration got in a race, why it was stopped, and the winner on held-out seeds",
    params: sweepParams,
    query: z.object({ limit: count(100, 1000) }),
    response: Race,
  }),
  getSeedsToDecide: define({
    role: "viewer",
    method: "GET",
    path: "/sweeps/:sweep/seeds-to-decide",
    summary: "How many more seeds decide which of two trials is better",
    params: sweepParams,
    query: z.object({
      a: whole(0, 1_000_000_000),
      b: whole(0, 1_000_000_000),
      metric: MetricName.optional().describe("a final metric; default: the sweep's objective"),
      alpha: z.coerce.number().gt(0).lte(0.5).default(0.05).describe("the error that is allowed, both directions together"),
    }),
    response: SeedsToDecide,
  }),
} as const;
