import { z } from "zod";

/** A message that could not be parsed, kept with the reason and its bytes (cut to 64 KiB) for a person to look at. */
export const DeadLetterV1 = z.strictObject({
  v: z.literal(1),
  origin: z.enum(["work", "telemetry", "control", "command"]),
  subject: z.string(),
  reason: z.string(),
  payload: z.base64(),
  payloadBytes: z.int(),
  at: z.iso.datetime(),
});
export type DeadLetterV1 = z.infer<typeof DeadLetterV1>;
