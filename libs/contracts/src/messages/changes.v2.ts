import { z } from "zod";
import { AttemptNumber, MetricName, RunId, SweepId, TrainerId } from "../ids";
import { RunState } from "../run";
import { RunCounts, SweepState } from "../sweep";

/** What changed, after it was committed; version 1 knew of no pruned runs. Sent to browsers as server-sent events (event name = `type`). */
export const ChangeV2 = z
  .discriminatedUnion("type", [
    z.strictObject({
      v: z.literal(2),
      type: z.literal("sweep"),
      sweep: SweepId,
      state: SweepState,
      counts: RunCounts,
      best: z.strictObject({ run: RunId, value: z.number() }).nullable(),
    }),
    /** Runs that changed state; at most 500 in one event, the rest follow. */
    z.strictObject({
      v: z.literal(2),
      type: z.literal("runs"),
      sweep: SweepId,
      runs: z.array(
        z.strictObject({
          run: RunId,
          state: RunState,
          attempt: z.int(),
          objective: z.number().nullable(),
          trainer: TrainerId.nullable(),
        }),
      ),
    }),
    /** The newest point of each metric of runs that reported; the whole series is read through the API. */
    z.strictObject({
      v: z.literal(2),
      type: z.literal("metrics"),
      sweep: SweepId,
      points: z.array(
        z.strictObject({ run: RunId, attempt: AttemptNumber, metric: MetricName, step: z.int(), value: z.number().nullable() }),
      ),
    }),
  ])
  .meta({ id: "Change" });
export type ChangeV2 = z.infer<typeof ChangeV2>;
