import {
  controlPlaneName,
  retrying,
  subjects,
  unversionedBuild,
  type DeadLetterV1,
  type PackMessage,
  type TelemetryMessageV1,
  type TrainerId,
  type WorkQueue,
  messageOf,
} from "@basin/contracts";
import { jetstream, JetStreamApiError } from "@nats-io/jetstream";
import { errors, nuid, type NatsConnection } from "@nats-io/transport-node";
import { linkOf, maxPayloadBytes, nameOf, patienceOf } from "./connection";
import { ensureStreams, ensureWorkStream } from "./streams";

export interface PublishOptions {
  /** How long to try, through reconnects and recreated streams; default 10. */
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

/** The message was not stored within its time; it may be published again. */
class NotStoredError extends Error {
  override readonly name = "NotStoredError";
}

/** The queue that a pack waits in. */
export function queueOf(message: PackMessage): WorkQueue {
  return { pool: message.pool, build: message.v === 1 ? unversionedBuild : message.build };
}

/**
 * Resolves once the stream stored the message. A repeated call with the same pack and `sentAt` is stored once (within the
 * server's two-minute window); a pack that is to be invited again carries a new `sentAt`.
 */
export async function publishPack(connection: NatsConnection, message: PackMessage, options: PublishOptions = {}): Promise<void> {
  await publishStored(
    connection,
    subjects.work(queueOf(message)),
    () => ensureWorkStream(connection, message.pool, { timeoutSeconds: 2 }),
    JSON.stringify(message),
    `${message.pack}:${message.sentAt}`,
    options,
  );
}

/**
 * Resolves once the stream stored the message. Calls may overlap: the publisher needs no answer to send the next. Each call
 * counts as a new message; only its own retries are recognized as repeats.
 */
export async function publishTelemetry(
  connection: NatsConnection,
  message: TelemetryMessageV1,
  options: PublishOptions = {},
): Promise<void> {
  await publishTelemetryJson(connection, message.trainer, JSON.stringify(message), options);
}

/** `publishTelemetry` for a sender that already holds the JSON of a TelemetryMessageV1. */
export async function publishTelemetryJson(
  connection: NatsConnection,
  trainer: TrainerId,
  json: string | Uint8Array,
  options: PublishOptions = {},
): Promise<void> {
  await publishStored(connection, subjects.telemetry(trainer), ensuring(connection), json, nuid.next(), options);
}

export async function publishDeadLetter(
  connection: NatsConnection,
  letter: DeadLetterV1,
  options: PublishOptions = {},
): Promise<void> {
  await publishStored(
    connection,
    subjects.dead(letter.origin, nameOf(connection)),
    ensuring(connection),
    JSON.stringify(letter),
    nuid.next(),
    options,
  );
}

/** Streams are the control plane's to make; others wait until it has made them again. */
function ensuring(connection: NatsConnection): (() => Promise<void>) | null {
  return nameOf(connection) === controlPlaneName ? () => ensureStreams(connection, { timeoutSeconds: 2 }) : null;
}

const attemptMilliseconds = 2000;

async function publishStored(
  connection: NatsConnection,
  subject: string,
  ensure: (() => Promise<void>) | null,
  payload: string | Uint8Array,
  msgID: string,
  options: PublishOptions,
): Promise<void> {
  const seconds = options.timeoutSeconds ?? 10;
  const patience = patienceOf(seconds, options.signal);
  const link = linkOf(connection);
  const client = jetstream(connection);
  let reason = "not connected";
  const late = (): NotStoredError =>
    new NotStoredError(`NATS did not store a message on ${subject} within ${seconds} s: ${reason}`);
  const attempt = async (left: number): Promise<void> => {
    const connected = left > 0 && (await link.whenConnected(left, options.signal));
    if (!connected || options.signal?.aborted) throw late();
    try {
      await client.publish(subject, payload, { msgID, timeout: Math.min(attemptMilliseconds, Math.max(left, 1)) });
    } catch (error) {
      if (error instanceof errors.InvalidArgumentError) {
        const bytes = Buffer.byteLength(payload);
        throw new RangeError(
          `a message of ${bytes} bytes on ${subject} is above the server's limit of ${maxPayloadBytes(connection)}; split it`,
        );
      }
      if (error instanceof errors.ClosedConnectionError || error instanceof errors.DrainingConnectionError) {
        throw new NotStoredError(`a message on ${subject} was not sent: the connection to NATS is closed`);
      }
      reason = messageOf(error);
      if (link.connected && isMissing(error)) {
        reason = "its stream is missing";
        await ensure?.().catch(() => undefined);
      }
      throw error;
    }
  };
  const isFinal = (error: unknown): boolean => error instanceof RangeError || error instanceof NotStoredError;
  await retrying(attempt, { ...patience, first: 50, longest: 1000, isFinal }).catch((error: unknown) => {
    throw isFinal(error) ? error : late();
  });
}

/** Nobody listens on the subject: the stream is gone, or JetStream has not started yet. */
function isMissing(error: unknown): boolean {
  return !(error instanceof JetStreamApiError) && !(error instanceof errors.TimeoutError);
}
