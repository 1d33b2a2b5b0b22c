import { linkOf, publishTelemetryJson } from "@basin/messaging";
import { reasonOf } from "../control/control-plane";
import type { SpoolFile } from "../spool/spool-file";
import type { SessionContext } from "./session-context";

const publishSeconds = 10;

/**
 * Spools and publishes the telemetry of one pack. A message that NATS does not take is not tried again here: the commit names
 * the chunks that are missing, and the spool has them.
 */
export class TelemetrySender {
  readonly #publishing = new Set<Promise<void>>();

  constructor(
    private readonly context: SessionContext,
    private readonly spool: SpoolFile,
  ) {}

  send(json: Uint8Array): void {
    void this.spool.appendTelemetry(json);
    const publishing = this.#publish(json).finally(() => {
      Atomics.sub(this.context.backlog, 0, json.byteLength);
      this.#publishing.delete(publishing);
    });
    this.#publishing.add(publishing);
  }

  /** Resolves when nothing sent before is on its way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#publishing);
  }

  /** Publishes chunks anew; rejects when NATS does not store them in time. */
  async publishChunks(chunks: readonly string[]): Promise<void> {
    const { connection, trainer, signal } = this.context;
    const head = `{"v":1,"trainer":${JSON.stringify(trainer)},"sentAt":"${new Date().toISOString()}","chunks":[`;
    await publishTelemetryJson(connection, trainer, `${head}${chunks.join(",")}]}`, { signal, timeoutSeconds: publishSeconds });
  }

  /** Never rejects. While NATS is away nothing is queued: training goes on, and the spool keeps what was said. */
  async #publish(json: Uint8Array): Promise<void> {
    const { connection, trainer, signal, log } = this.context;
    if (!linkOf(connection).connected) return;
    try {
      await publishTelemetryJson(connection, trainer, json, { signal, timeoutSeconds: publishSeconds });
    } catch (error) {
      if (!signal.aborted) log.debug({ reason: reasonOf(error) }, "telemetry waits in the spool");
    }
  }
}
