import { AttemptNumber, PackId, RunId, RunResultV1, SweepId } from "@basin/contracts";
import { z } from "zod";

/**
 * Records of a spool file besides telemetry messages, which are kept as they were sent. The first one is the header. The contents of
 * a result's artifacts lie in a file of their own beside it.
 */
const attempt = z.strictObject({ run: RunId, attempt: AttemptNumber });

export const SpooledArtifact = z.strictObject({
  name: z.string(),
  kind: z.enum(["weights", "plot", "other"]),
  mediaType: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** Where its content starts in the attempt's file of contents. */
  offset: z.int(),
});
export type SpooledArtifact = z.infer<typeof SpooledArtifact>;

export const SpoolRecord = z.discriminatedUnion("spool", [
  z.strictObject({ spool: z.literal("pack"), pack: PackId, sweep: SweepId, attempts: z.array(attempt) }),
  z.strictObject({ spool: z.literal("result"), result: RunResultV1, artifacts: z.array(SpooledArtifact) }),
  /** Committed, superseded or released: nothing of these is needed any more. */
  z.strictObject({ spool: z.literal("done"), attempts: z.array(attempt) }),
]);
export type SpoolRecord = z.infer<typeof SpoolRecord>;

/** Records start like this; telemetry messages do not. */
const recordPrefix = '{"spool":';

export function isTelemetry(payload: Buffer): boolean {
  return payload.toString("latin1", 0, recordPrefix.length) !== recordPrefix;
}
