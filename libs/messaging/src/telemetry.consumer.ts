import { consumers, streams, subjects, TelemetryMessageV1, messageOf } from "@basin/contracts";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { linkOf, pause } from "./connection";
import { bury, parseMessage, type DeadLetterOptions, type Parsed } from "./dead-letters";
import { deliveryOf, giveBack, terminate, type Delivery } from "./delivery";
import { Gate } from "./gate";
import { silentLog } from "./log";
import { openPull, type Pull } from "./pull";
import { ensureStreams } from "./streams";

export interface ConsumeTelemetryOptions extends DeadLetterOptions {
  /**
   * Gets everything that waits, at most `maxBatchMessages` and about `maxBatchBytes`, in the order of the stream; the next
   * batch is collected meanwhile. What is left unsettled is acknowledged when it resolves and comes back when it rejects.
   */
  onBatch: (batch: readonly Delivery<TelemetryMessageV1>[]) => Promise<void>;
  /** Default 256. */
  maxBatchMessages?: number;
  /** Default 8 MiB; about three times as much is held in memory. */
  maxBatchBytes?: number;
}

export interface Consumption {
  /** Ends after the current batch; what was fetched and not handed over goes back to the stream. */
  stop(): Promise<void>;
}

const expiresSeconds = 30;
const retrySeconds = 1;

/** Consumes the telemetry stream until stopped, through reconnects, deleted streams and wiped servers. */
export function consumeTelemetry(connection: NatsConnection, options: ConsumeTelemetryOptions): Consumption {
  const { log = silentLog, maxBatchMessages = 256, maxBatchBytes = 8 * 1024 * 1024 } = options;
  const ending = new AbortController();
  const queue: Msg[] = [];
  let queuedBytes = 0;
  const arrived = new Gate();
  const roomy = new Gate();

  const fetch = async (): Promise<void> => {
    const link = linkOf(connection);
    const request = {
      stream: streams.telemetry.name,
      consumer: consumers.telemetry,
      batch: maxBatchMessages,
      maxBytes: maxBatchBytes,
      expiresSeconds,
    };
    while (!ending.signal.aborted && !connection.isClosed()) {
      if (!(await link.whenConnected(5000, ending.signal))) continue;
      if (queuedBytes >= maxBatchBytes || queue.length >= maxBatchMessages) {
        await roomy.wait();
        continue;
      }
      const pull: Pull = openPull(connection, request, (message) => {
        queue.push(message);
        queuedBytes += message.data.byteLength;
        arrived.open();
      });
      ending.signal.addEventListener("abort", pull.stop, { once: true });
      const end = await pull.ended;
      ending.signal.removeEventListener("abort", pull.stop);
      if (end === "missing") {
        await ensureStreams(connection, { log, timeoutSeconds: 5 }).catch((error: unknown) =>
          log.debug({ reason: messageOf(error) }, "the telemetry stream is not available yet"),
        );
      }
      if (end === "missing" || end === "lost") await pause(50, ending.signal);
    }
    arrived.open();
  };

  const take = (): Msg[] => {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && count < maxBatchMessages && bytes < maxBatchBytes) {
      bytes += queue[count]?.data.byteLength ?? 0;
      count++;
    }
    queuedBytes -= bytes;
    const taken = queue.splice(0, count);
    roomy.open();
    return taken;
  };

  const deliver = async (raw: Msg[]): Promise<void> => {
    const batch: Delivery<TelemetryMessageV1>[] = [];
    for (const message of raw) {
      const parsed = ofItsTrainer(message.subject, parseMessage(TelemetryMessageV1, message.data));
      if (parsed.ok) batch.push(deliveryOf(message, parsed.value));
      else if (await bury(connection, "telemetry", message, parsed.reason, options)) terminate(message);
      else giveBack(message, 5);
    }
    if (batch.length === 0) return;
    try {
      await options.onBatch(batch);
      for (const delivery of batch) delivery.ack();
    } catch (error) {
      log.error({ reason: messageOf(error), messages: batch.length }, "telemetry could not be ingested; it will come again");
      for (const delivery of batch) delivery.nak(retrySeconds);
      await pause(retrySeconds * 250, ending.signal);
    }
  };

  const work = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      if (queue.length === 0) {
        await arrived.wait();
        continue;
      }
      await deliver(take());
    }
    for (const message of queue.splice(0)) giveBack(message, 0);
  };

  // Two requests overlap, so that one is always waiting at the server.
  const running = Promise.all([fetch(), fetch(), work()]);
  return {
    async stop() {
      ending.abort();
      arrived.open();
      roomy.open();
      await running;
    },
  };
}

/** Who published it is what the NATS server checked, and so the subject; the body may say nothing else. */
function ofItsTrainer(subject: string, parsed: Parsed<TelemetryMessageV1>): Parsed<TelemetryMessageV1> {
  if (!parsed.ok || subject === subjects.telemetry(parsed.value.trainer)) return parsed;
  return { ok: false, reason: `it speaks for trainer ${parsed.value.trainer} on the subject of another` };
}
