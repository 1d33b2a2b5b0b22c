import { z } from "zod";
import { AttemptNumber, MetricName, RunId, TrainerId } from "../ids";
import { PackedFloat64, PackedInt32 } from "../packed-array";

/**
 * Consecutive points of one metric of one attempt. `chunk` counts from 0 per (run, attempt, metric) without gaps; a chunk
 * that is sent again has the same content. Steps are strictly increasing within and across the chunks of a series.
 */
export const MetricChunkV1 = z.strictObject({
  run: RunId,
  attempt: AttemptNumber,
  metric: MetricName,
  chunk: z.int().min(0).max(10_000_000),
  steps: PackedInt32,
  values: PackedFloat64,
});
export type MetricChunkV1 = z.infer<typeof MetricChunkV1>;

/** On `basin.telemetry.<trainer>`. Keep a message below 512 KiB. */
export const TelemetryMessageV1 = z.strictObject({
  v: z.literal(1),
  trainer: TrainerId,
  sentAt: z.iso.datetime(),
  chunks: z.array(MetricChunkV1).min(1).max(10_000),
});
export type TelemetryMessageV1 = z.infer<typeof TelemetryMessageV1>;
