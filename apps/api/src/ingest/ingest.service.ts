import { attemptKeyOf, partsOfRunId, subjects, type SweepId, type TelemetryMessageV1 } from "@basin/contracts";
import { MetricChunksRepository, type Chunk } from "@basin/database";
import { bury, consumeTelemetry, type Consumption, type Delivery, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import { ChangeFeed, type NewestPoint } from "../platform/change-feed";
import type { Log } from "../platform/log";
import { PrometheusSeries } from "../platform/prometheus-series";
import { LOG, NATS } from "../platform/injection-keys";
import { DeadLetterKeeper } from "./dead-letter-keeper";
import { decodeChunks } from "./decode-chunks";

/** Held at once; the decoded numbers and the statement's parameters take about four times as much. */
const batchBytes = 2 * 1024 * 1024;
const batchMessages = 256;

/** Telemetry from the stream into the ledger: one transaction per batch, acknowledged after its commit. */
@Injectable()
export class IngestService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #consumption: Consumption | null = null;

  constructor(
    @Inject(MetricChunksRepository) private readonly chunks: MetricChunksRepository,
    @Inject(DeadLetterKeeper) private readonly deadLetters: DeadLetterKeeper,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#consumption = consumeTelemetry(this.nats, {
      onBatch: (batch) => this.store(batch),
      maxBatchBytes: batchBytes,
      maxBatchMessages: batchMessages,
      onDeadLetter: (letter) => this.deadLetters.keep(letter),
      log: this.log,
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#consumption?.stop();
  }

  async store(batch: readonly Delivery<TelemetryMessageV1>[]): Promise<void> {
    const end = this.series.counted.ingestSeconds.startTimer();
    const chunks: Chunk[] = [];
    for (const delivery of batch) {
      const decoded = decodeChunks(delivery.message);
      if (decoded.chunks) chunks.push(...decoded.chunks);
      else await this.#bury(delivery, decoded.fault);
    }
    await this.keep(chunks);
    end();
  }

  /** Chunks of current attempts into the ledger, each once; listeners hear of their newest points. */
  async keep(chunks: readonly Chunk[]): Promise<void> {
    if (chunks.length === 0) return;
    const stored = await this.chunks.insert(chunks);
    const refused = chunks.length - stored;
    this.series.counted.chunks.inc(stored);
    this.series.counted.refusedChunks.inc(refused);
    const fresh = refused === 0 ? chunks : await this.#currentOnly(chunks);
    this.series.counted.points.inc(fresh.reduce((points, chunk) => points + chunk.steps.length, 0));
    this.#announce(fresh);
  }

  async #currentOnly(chunks: readonly Chunk[]): Promise<Chunk[]> {
    const holdings = new Map(chunks.map((chunk) => [`${attemptKeyOf(chunk)} ${chunk.trainer}`, chunk]));
    const current = await this.chunks.current([...holdings.values()]);
    return chunks.filter(({ trainer, ...chunk }) => current.get(attemptKeyOf(chunk)) === trainer);
  }

  #announce(chunks: readonly Chunk[]): void {
    const bySweep = new Map<SweepId, NewestPoint[]>();
    for (const { run, attempt, metric, steps, values } of chunks) {
      const { sweep } = partsOfRunId(run);
      const point = { run, attempt, metric, step: steps.at(-1) ?? 0, value: values.at(-1) ?? Number.NaN };
      const points = bySweep.get(sweep);
      if (points) points.push(point);
      else bySweep.set(sweep, [point]);
    }
    for (const [sweep, points] of bySweep) this.changes.measured(sweep, points);
  }

  /** Rejects when the letter could not be kept anywhere, so that its message comes again. */
  async #bury({ message }: Delivery<TelemetryMessageV1>, reason: string): Promise<void> {
    const buried = { subject: subjects.telemetry(message.trainer), data: Buffer.from(JSON.stringify(message)) };
    const kept = await bury(this.nats, "telemetry", buried, reason, {
      onDeadLetter: (letter) => this.deadLetters.keep(letter),
      log: this.log,
    });
    if (!kept) throw new Error(`a dead letter could not be kept: ${reason}`);
  }
}
