import { unpackFloat64, unpackInt32, type TelemetryMessageV1, messageOf } from "@basin/contracts";
import type { Chunk } from "@basin/database";

/** The chunks of a message in numbers, or why the message as a whole cannot be used. */
export function decodeChunks(message: TelemetryMessageV1): { chunks: Chunk[]; fault: null } | { chunks: null; fault: string } {
  const chunks: Chunk[] = [];
  for (const [i, { run, attempt, metric, chunk, steps: packedSteps, values: packedValues }] of message.chunks.entries()) {
    const where = `chunks[${i}] (${metric} of ${run}, chunk ${chunk})`;
    try {
      const steps = unpackInt32(packedSteps);
      const values = unpackFloat64(packedValues);
      const fault = faultOf(steps, values);
      if (fault !== null) return { chunks: null, fault: `${where}: ${fault}` };
      chunks.push({ trainer: message.trainer, run, attempt, metric, chunk, steps, values });
    } catch (error) {
      return { chunks: null, fault: `${where}: ${messageOf(error)}` };
    }
  }
  return { chunks, fault: null };
}

/** What is wrong with the points of a chunk; null: nothing. */
export function faultOf(steps: Int32Array, values: Float64Array): string | null {
  if (steps.length !== values.length) return `${steps.length} steps with ${values.length} values; there must be as many`;
  if (steps.length === 0) return "no points; a chunk has at least one";
  for (let i = 1; i < steps.length; i++) {
    if ((steps[i] ?? 0) <= (steps[i - 1] ?? 0))
      return `steps must increase strictly, but ${steps[i - 1]} is followed by ${steps[i]}`;
  }
  return null;
}
