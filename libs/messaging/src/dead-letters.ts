import { issuesOf, toStorable, type DeadLetterV1, messageOf } from "@basin/contracts";
import type { NatsConnection } from "@nats-io/transport-node";
import type { z } from "zod";
import { silentLog, type MessagingLog } from "./log";
import { publishDeadLetter } from "./publish";

/** Called with every letter besides its publication, so that a consumer can keep it in a table. May reject. */
type OnDeadLetter = (letter: DeadLetterV1) => void | Promise<void>;

export interface DeadLetterOptions {
  onDeadLetter?: OnDeadLetter;
  log?: MessagingLog;
}

const keptBytes = 64 * 1024;

export type Parsed<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Parses JSON bytes by a schema. Never throws; the reason names the first wrong fields. */
export function parseMessage<S extends z.ZodType>(schema: S, data: Uint8Array): Parsed<z.infer<S>> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
  } catch (error) {
    return { ok: false, reason: `not JSON: ${messageOf(error)}` };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, reason: reasonOf(result.error) };
}

function reasonOf(error: z.ZodError): string {
  const issues = issuesOf(error);
  const shown = issues.slice(0, 5).map(({ path, message }) => `${path || "(message)"}: ${message}`);
  const rest = issues.length - shown.length;
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/**
 * Publishes the letter and hands it to the hook. Resolves to whether at least one of them kept it; never rejects.
 */
export async function bury(
  connection: NatsConnection,
  origin: DeadLetterV1["origin"],
  message: { subject: string; data: Uint8Array },
  reason: string,
  { onDeadLetter, log = silentLog }: DeadLetterOptions,
): Promise<boolean> {
  const letter: DeadLetterV1 = {
    v: 1,
    origin,
    subject: toStorable(message.subject),
    reason: toStorable(reason),
    payload: Buffer.from(message.data.subarray(0, keptBytes)).toString("base64"),
    payloadBytes: message.data.byteLength,
    at: new Date().toISOString(),
  };
  log.warn(
    { origin, subject: message.subject, reason, bytes: letter.payloadBytes },
    "a message that cannot be used became a dead letter",
  );
  const kept = await Promise.allSettled([
    publishDeadLetter(connection, letter, { timeoutSeconds: 5 }),
    onDeadLetter ? Promise.resolve(letter).then(onDeadLetter) : Promise.reject(new Error("no hook")),
  ]);
  if (kept[0].status === "rejected") log.error({ reason: messageOf(kept[0].reason) }, "a dead letter could not be published");
  if (onDeadLetter && kept[1].status === "rejected") {
    log.error({ reason: messageOf(kept[1].reason) }, "the hook for dead letters failed");
  }
  return kept.some((outcome) => outcome.status === "fulfilled");
}
