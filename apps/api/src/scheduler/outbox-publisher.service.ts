import { workQueueName, type WorkQueue, messageOf } from "@basin/contracts";
import { LeadershipLostError, OutboxRepository, type OutboxEntry } from "@basin/database";
import { ensureWorkConsumer, publishPack, queueOf, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import { LeaderElection, type LeaderDuty, type Term } from "../platform/leader-election";
import type { Log } from "../platform/log";
import { PrometheusSeries } from "../platform/prometheus-series";
import { LOG, NATS } from "../platform/injection-keys";
import { Wakeup } from "../platform/wakeup";

const batchEntries = 256;

/**
 * Moves messages from the outbox to JetStream: in order, many at a time, deleted once the stream stored them. A crash in
 * between publishes some again; the stream recognizes them, and a second invitation to a pack grants nothing anyway.
 */
@Injectable()
export class OutboxPublisher implements LeaderDuty {
  readonly #wakeup = new Wakeup();
  readonly #readyQueues = new Set<string>();

  constructor(
    @Inject(OutboxRepository) private readonly outbox: OutboxRepository,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
    @Inject(LOG) private readonly log: Log,
    @Inject(LeaderElection) election: LeaderElection,
  ) {
    election.addDuty(this);
  }

  nudge(): void {
    this.#wakeup.nudge();
  }

  /** The queue's stream or consumer may be gone: make sure of it before the next message. */
  forgetQueue(queue: WorkQueue): void {
    this.#readyQueues.delete(workQueueName(queue));
  }

  async lead(term: Term): Promise<void> {
    await this.#wakeup.run(term.signal, { everyMilliseconds: 1000, atLeastMilliseconds: 0 }, async () => {
      try {
        return await this.publishOnce(term);
      } catch (error) {
        if (error instanceof LeadershipLostError) throw error;
        if (!term.signal.aborted) this.log.warn({ reason: messageOf(error) }, "packs could not be published; trying again");
        return false;
      }
    });
  }

  /** Resolves to whether there may be more. */
  async publishOnce({ epoch, signal }: Term): Promise<boolean> {
    const entries = await this.outbox.oldest(batchEntries);
    if (entries.length === 0) return false;
    for (const queue of entries.map((entry) => queueOf(entry.message))) {
      const name = workQueueName(queue);
      if (this.#readyQueues.has(name)) continue;
      await ensureWorkConsumer(this.nats, queue, { log: this.log });
      this.#readyQueues.add(name);
    }
    const results = await Promise.allSettled(entries.map((entry) => publishPack(this.nats, entry.message, { signal })));
    const stored: OutboxEntry[] = [];
    let failure: Error | null = null;
    for (const [i, result] of results.entries()) {
      const entry = entries[i];
      if (result.status === "rejected") failure = asError(result.reason);
      else if (entry) stored.push(entry);
    }
    if (stored.length > 0) await this.outbox.published(stored, epoch);
    this.series.counted.packs.inc(stored.length);
    if (failure !== null) {
      this.#readyQueues.clear();
      throw failure;
    }
    return entries.length === batchEntries;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
