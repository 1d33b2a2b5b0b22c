import type { ChangeV2, SweepId, TrainerChangeV1 } from "@basin/contracts";
import { linkOf, subscribeChanges, subscribeTrainerChanges, type Listening, type NatsConnection } from "@basin/messaging";
import { setTimeout as sleep } from "node:timers/promises";
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from "@nestjs/common";
import type { Log } from "../platform/log";
import { LOG, NATS } from "../platform/injection-keys";

/** A change in the form of a server-sent event, made once for however many listen. */
export interface FeedEvent {
  change: ChangeV2 | TrainerChangeV1;
  text: string;
}
type Listener = (event: FeedEvent) => void;

/** What can be listened to: one sweep, all of them, or the trainers. */
export type FeedTopic = SweepId | "all" | "trainers";

interface Topic {
  listening: Listening;
  listeners: Set<Listener>;
}

/** How long a new listener waits for NATS to know its subscription. NATS may be away: then it listens once it is back. */
const subscribeMilliseconds = 250;

/**
 * The changes of this process' listeners: one subscription per sweep (and one for all), as long as somebody listens. Changes
 * while NATS is away are lost; `onRestored` tells when listeners should look at the ledger again.
 */
@Injectable()
export class ChangeListeners implements OnModuleInit, OnModuleDestroy {
  private readonly topics = new Map<FeedTopic, Topic>();
  private readonly restored = new Set<() => void>();
  private sequence = 0;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onModuleInit(): void {
    linkOf(this.nats).onChange((connected) => {
      if (connected) for (const listener of this.restored) listener();
    });
  }

  onModuleDestroy(): void {
    for (const topic of this.topics.values()) topic.listening.stop();
    this.topics.clear();
  }

  onRestored(listener: () => void): void {
    this.restored.add(listener);
  }

  /** The event's `id` only counts: nothing is stored, so a client that comes back gets the present state instead of the past. */
  format(change: FeedEvent["change"]): FeedEvent {
    this.sequence += 1;
    return { change, text: `event: ${change.type}\nid: ${this.sequence}\ndata: ${JSON.stringify(change)}\n\n` };
  }

  /** Resolves with the function that ends it, when changes from now on will arrive. */
  async subscribe(key: FeedTopic, listener: Listener): Promise<() => void> {
    const topic = this.topics.get(key) ?? this.open(key);
    topic.listeners.add(listener);
    const flushed = this.nats.isClosed() ? Promise.resolve() : this.nats.flush().catch(() => undefined);
    await Promise.race([flushed, sleep(subscribeMilliseconds)]);
    return () => {
      topic.listeners.delete(listener);
      if (topic.listeners.size > 0 || this.topics.get(key) !== topic) return;
      topic.listening.stop();
      this.topics.delete(key);
    };
  }

  private open(key: FeedTopic): Topic {
    const listeners = new Set<Listener>();
    const onChange = (change: FeedEvent["change"]): void => {
      const event = this.format(change);
      for (const listener of listeners) listener(event);
    };
    const { nats, log } = this;
    const listening =
      key === "trainers"
        ? subscribeTrainerChanges(nats, onChange, log)
        : subscribeChanges(nats, onChange, key === "all" ? { log } : { sweep: key, log });
    const topic = { listening, listeners };
    this.topics.set(key, topic);
    return topic;
  }
}
