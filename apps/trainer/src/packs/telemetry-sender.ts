import type { AttemptKey, CommitStatusV1, TelemetryMessageV1 } from "@basin/contracts";
import { linkOf, publishTelemetryJson } from "@basin/messaging";
import { reasonOf } from "../control/control-plane";
import type { SpoolFile } from "../spool/spool-file";
import type { SessionContext } from "./session-context";

const publishSeconds = 10;
/** A resend of chunks is cut into messages of about this size. */
const resendMessageBytes = 400 * 1024;

/**
 * Spools and publishes the telemetry of one pack. A message that NATS does not take is not tried again here: the commit names
 * the chunks that are missing, and the spool has them.
 */
export class TelemetrySender {
  readonly #publishing = new Set<Promise<void>>();

  constructor(
    private readonly context: SessionContext,
    private readonly spool: SpoolFile,
    /** Chunks of these attempts could not be kept: the spool cannot send them again. */
    private readonly onUnkept: (attempts: AttemptKey[], error: unknown) => void,
  ) {}

  send(json: Uint8Array): void {
    this.spool.appendTelemetry(json).catch((error: unknown) => this.onUnkept(attemptsIn(json), error));
    const publishing = this.#publish(json).finally(() => {
      Atomics.sub(this.context.unsentBytes, 0, json.byteLength);
      this.#publishing.delete(publishing);
    });
    this.#publishing.add(publishing);
  }

  /** Resolves when nothing sent before is on its way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#publishing);
  }

  /** Publishes the missing chunks anew; resolves to the attempts of which the spool lacks one. Rejects when NATS does not store them in time. */
  async resend(statuses: readonly CommitStatusV1[]): Promise<AttemptKey[]> {
    let chunks: string[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (chunks.length > 0) await this.#publishChunks(chunks);
      chunks = [];
      bytes = 0;
    };
    const lost = await this.spool.findChunks(statuses, async (chunk) => {
      if (bytes + chunk.length > resendMessageBytes) await flush();
      chunks.push(chunk);
      bytes += chunk.length;
    });
    await flush();
    return lost;
  }

  async #publishChunks(chunks: readonly string[]): Promise<void> {
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

/** Only asked for when something went wrong, so messages need not be parsed otherwise. They are our own. */
function attemptsIn(json: Uint8Array): AttemptKey[] {
  const { chunks } = JSON.parse(Buffer.from(json).toString("latin1")) as TelemetryMessageV1;
  return chunks.map(({ run, attempt }) => ({ run, attempt }));
}
