import { nudge, subscribeNudges, type Listening, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import { LeaderElection } from "./leader-election";
import { NATS } from "./injection-keys";

/** Wakes the scheduler, wherever it runs: in this process directly, elsewhere over NATS. */
@Injectable()
export class SchedulerBell implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #listeners = new Set<() => void>();
  #listening: Listening | null = null;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LeaderElection) private readonly election: LeaderElection,
  ) {}

  onApplicationBootstrap(): void {
    this.#listening = subscribeNudges(this.nats, () => this.#ringHere());
  }

  beforeApplicationShutdown(): void {
    this.#listening?.stop();
  }

  onRing(listener: () => void): void {
    this.#listeners.add(listener);
  }

  ring(): void {
    if (this.election.leads) this.#ringHere();
    else nudge(this.nats);
  }

  #ringHere(): void {
    for (const listener of this.#listeners) listener();
  }
}
