import { consumers, PackMessage, workStream, type WorkQueue, messageOf } from "@basin/contracts";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { linkOf, pause } from "./connection";
import { bury, parseMessage, type DeadLetterOptions } from "./dead-letters";
import { deliveryOf, giveBack, terminate, type Delivery } from "./delivery";
import { silentLog } from "./log";
import { openPull } from "./pull";
import { ensureWorkConsumer } from "./streams";

export interface PullPackOptions extends DeadLetterOptions {
  signal?: AbortSignal;
  /** Has the queue made, which is not there; trainers ask the control plane to. May reject. Default: makes it. */
  onMissing?: () => Promise<void>;
}

const expiresSeconds = 30;
const missingMilliseconds = 50;

/**
 * Waits for one pack of the queue: one outstanding pull, so call it once per free slot. Survives reconnects, deleted streams
 * and wiped servers. Resolves to null only when `signal` is aborted. What does not parse becomes a dead letter.
 */
export async function pullPack(
  connection: NatsConnection,
  queue: WorkQueue,
  options: PullPackOptions = {},
): Promise<Delivery<PackMessage> | null> {
  const {
    signal,
    log = silentLog,
    onMissing = () => ensureWorkConsumer(connection, queue, { log, timeoutSeconds: 5 }),
  } = options;
  const link = linkOf(connection);
  while (!signal?.aborted && !connection.isClosed()) {
    if (!(await link.whenConnected(5000, signal))) continue;
    let raw: Msg | undefined;
    const request = { stream: workStream(queue.pool).name, consumer: consumers.work(queue), batch: 1, expiresSeconds };
    const pull = openPull(connection, request, (message) => (raw = message));
    signal?.addEventListener("abort", pull.stop, { once: true });
    const end = await pull.ended;
    signal?.removeEventListener("abort", pull.stop);
    if (raw) {
      const parsed = parseMessage(PackMessage, raw.data);
      if (parsed.ok) return deliveryOf(raw, parsed.value);
      if (await bury(connection, "work", raw, parsed.reason, options)) terminate(raw);
      else giveBack(raw, 5);
    } else if (end === "missing") {
      try {
        await onMissing();
      } catch (error) {
        log.debug({ reason: messageOf(error) }, "the work queue is not available yet");
      }
      await pause(missingMilliseconds, signal);
    } else if (end === "lost") {
      await pause(50, signal);
    }
  }
  return null;
}
