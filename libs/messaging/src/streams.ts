import {
  consumers,
  retrying,
  streams,
  subjects,
  unversionedBuild,
  workStream,
  type PoolName,
  type WorkQueue,
  messageOf,
} from "@basin/contracts";
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from "@nats-io/jetstream";
import { nanos, type NatsConnection } from "@nats-io/transport-node";
import { linkOf, patienceOf } from "./connection";
import { silentLog, type MessagingLog } from "./log";

type StreamSettings = Partial<StreamConfig> & { name: string };

const mebibyte = 1024 * 1024;
const day = 24 * 3600 * 1000;

/** A claim or an ingest that takes longer than this is given to somebody else. */
const ackWaitMilliseconds = 30_000;
/** Waiting pulls of one queue: one per free slot of every trainer. */
const maxWaitingPulls = 4096;
/** Shrunk when the server has less room; a full stream drops its oldest chunks, which `commit` asks for again. */
const telemetryBytes = 1024 * mebibyte;
const smallestStreamBytes = 16 * mebibyte;

const settings: Record<keyof typeof streams, StreamSettings> = {
  telemetry: {
    name: streams.telemetry.name,
    subjects: [...streams.telemetry.subjects],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_bytes: telemetryBytes,
  },
  dead: {
    name: streams.dead.name,
    subjects: [...streams.dead.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(7 * day),
    max_bytes: 100 * mebibyte,
  },
};

const workSettings = (pool: PoolName): StreamSettings => ({
  ...workStream(pool),
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
});

const telemetryConsumer: Partial<ConsumerConfig> & { durable_name: string } = {
  durable_name: consumers.telemetry,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  ack_wait: nanos(ackWaitMilliseconds),
  max_ack_pending: 4096,
};

/** The consumer of a build is forgotten when none of its trainers was there for so long. */
const forgottenAfterMilliseconds = 7 * day;

const workConsumer = (queue: WorkQueue): Partial<ConsumerConfig> & { durable_name: string } => ({
  durable_name: consumers.work(queue),
  filter_subject: subjects.work(queue),
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  ack_wait: nanos(ackWaitMilliseconds),
  max_waiting: maxWaitingPulls,
  max_ack_pending: 10_000,
  ...(queue.build === unversionedBuild ? {} : { inactive_threshold: nanos(forgottenAfterMilliseconds) }),
});

export interface EnsureOptions {
  log?: MessagingLog;
  /** How long to wait for a server that has just started; default 10. */
  timeoutSeconds?: number;
}

/**
 * Creates the streams of telemetry and dead letters and the `ingest` consumer, and repairs the ones whose settings differ. Cheap and safe to repeat
 * at any time, from any number of processes. Rejects when JetStream is not available within `timeoutSeconds`.
 */
export async function ensureStreams(connection: NatsConnection, options: EnsureOptions = {}): Promise<void> {
  await persist(connection, options, async (manager, log) => {
    for (const setting of [settings.telemetry, settings.dead]) {
      await ensureStream(manager, setting, setting !== settings.dead, log);
    }
    await ensureConsumer(manager, streams.telemetry.name, telemetryConsumer, log);
  });
}

/** Creates the stream of a pool's queues; same promises as `ensureStreams`. */
export async function ensureWorkStream(connection: NatsConnection, pool: PoolName, options: EnsureOptions = {}): Promise<void> {
  await persist(connection, options, (manager, log) => ensureStream(manager, workSettings(pool), true, log));
}

/** Creates the queue's stream and durable consumer; same promises as `ensureStreams`. */
export async function ensureWorkConsumer(
  connection: NatsConnection,
  queue: WorkQueue,
  options: EnsureOptions = {},
): Promise<void> {
  await persist(connection, options, async (manager, log) => {
    await ensureStream(manager, workSettings(queue.pool), true, log);
    await ensureConsumer(manager, workStream(queue.pool).name, workConsumer(queue), log);
  });
}

export interface Backlog {
  /** Stored and not yet delivered. */
  pending: number;
  /** Delivered and not yet acknowledged. */
  unacknowledged: number;
}

/** What waits in a work queue; null when the stream or its consumer does not exist. */
export async function workBacklog(connection: NatsConnection, queue: WorkQueue): Promise<Backlog | null> {
  return backlog(connection, workStream(queue.pool).name, consumers.work(queue));
}

async function backlog(connection: NatsConnection, stream: string, consumer: string): Promise<Backlog | null> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 2000 });
  try {
    const info = await manager.consumers.info(stream, consumer);
    return { pending: info.num_pending, unacknowledged: info.num_ack_pending };
  } catch (error) {
    if (hasCode(error, codes.streamNotFound, codes.consumerNotFound)) return null;
    throw error;
  }
}

/** Errors of nats-server's errors.json that decide what to do next. */
const codes = {
  consumerNotFound: 10014,
  insufficientStorage: 10047,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  consumerExists: 10148,
} as const;

function hasCode(error: unknown, ...wanted: number[]): boolean {
  return error instanceof JetStreamApiError && wanted.includes(error.code);
}

async function persist(
  connection: NatsConnection,
  options: EnsureOptions,
  work: (manager: JetStreamManager, log: MessagingLog) => Promise<void>,
): Promise<void> {
  try {
    await retrying(
      async (left) => {
        if (!(await linkOf(connection).whenConnected(left))) throw new Error("not connected");
        const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 2000 });
        await work(manager, options.log ?? silentLog);
      },
      { ...patienceOf(options.timeoutSeconds ?? 10), first: 100 },
    );
  } catch (error) {
    throw new Error(`NATS JetStream at ${connection.getServer()} could not be set up: ${messageOf(error)}`, { cause: error });
  }
}

async function ensureStream(
  manager: JetStreamManager,
  wanted: StreamSettings,
  rebuildable: boolean,
  log: MessagingLog,
): Promise<void> {
  try {
    await manager.streams.add(wanted);
  } catch (error) {
    if (hasCode(error, codes.insufficientStorage) && (wanted.max_bytes ?? 0) > smallestStreamBytes) {
      const smaller = Math.max(smallestStreamBytes, Math.floor((wanted.max_bytes ?? 0) / 4));
      log.warn({ stream: wanted.name, bytes: smaller }, "the NATS server has little room; making the stream smaller");
      await ensureStream(manager, { ...wanted, max_bytes: smaller }, rebuildable, log);
      return;
    }
    if (!hasCode(error, codes.streamNameInUse)) throw error;
    await repairStream(manager, wanted, rebuildable, log);
  }
}

/** The stream exists with other settings: change what can be changed, else start it anew if its contents can be rebuilt. */
async function repairStream(
  manager: JetStreamManager,
  wanted: StreamSettings,
  rebuildable: boolean,
  log: MessagingLog,
): Promise<void> {
  const { config } = await manager.streams.info(wanted.name);
  const shrunk = (wanted.max_bytes ?? 0) > config.max_bytes && config.max_bytes >= smallestStreamBytes;
  const { retention, storage, name: _name, ...changes } = shrunk ? { ...wanted, max_bytes: config.max_bytes } : wanted;
  if (config.retention === retention && config.storage === storage) {
    await manager.streams.update(wanted.name, changes);
    return;
  }
  if (!rebuildable) {
    log.error({ stream: wanted.name }, "the stream has an unexpected retention or storage; delete it by hand");
    return;
  }
  log.warn({ stream: wanted.name }, "the stream has an unexpected retention or storage; creating it anew");
  await manager.streams.delete(wanted.name);
  await manager.streams.add(wanted);
}

async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  wanted: Partial<ConsumerConfig> & { durable_name: string },
  log: MessagingLog,
): Promise<void> {
  try {
    await manager.consumers.add(stream, wanted);
  } catch (error) {
    if (!hasCode(error, codes.consumerExists)) throw error;
    try {
      const { durable_name, ack_policy: _ack, deliver_policy: _deliver, ...changes } = wanted;
      await manager.consumers.update(stream, durable_name, changes);
    } catch (updateError) {
      if (!(updateError instanceof JetStreamApiError)) throw updateError;
      log.warn({ stream, consumer: wanted.durable_name }, "the consumer has unexpected settings; creating it anew");
      await manager.consumers.delete(stream, wanted.durable_name);
      await manager.consumers.add(stream, wanted);
    }
  }
}
