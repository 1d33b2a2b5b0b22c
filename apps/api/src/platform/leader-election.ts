import { Database, tryLead, type LeaderLock } from "@basin/database";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import type { Log } from "./log";
import { Metrics } from "./metrics";
import { LOG } from "./tokens";

/** What the leader alone does. `lead` is called on election; `signal` is aborted when leadership ends. */
export interface LeaderDuty {
  lead(signal: AbortSignal): Promise<void>;
}

const retryMilliseconds = 1000;

/**
 * One leader among any number of api processes: whoever holds an advisory lock on a connection of its own. Leadership ends
 * with that connection. For a moment two processes may believe to lead; every duty must be safe then, and is, since all it
 * does are fenced transactions.
 */
@Injectable()
export class LeaderElection implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #duties: LeaderDuty[] = [];
  readonly #ending = new AbortController();
  #lock: LeaderLock | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  get leads(): boolean {
    return this.#lock !== null;
  }

  /** Before the application has started. */
  addDuty(duty: LeaderDuty): void {
    this.#duties.push(duty);
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const ending = this.#ending.signal;
    while (!ending.aborted) {
      try {
        this.#lock = await tryLead(this.database);
      } catch (error) {
        this.log.debug({ reason: error instanceof Error ? error.message : String(error) }, "cannot ask for leadership");
      }
      if (this.#lock) await this.#serve(this.#lock);
      else await pauseUnlessEnding(retryMilliseconds, ending);
    }
  }

  async #serve(lock: LeaderLock): Promise<void> {
    const epoch = lock.epoch.toString();
    this.log.info({ epoch }, "this process leads");
    this.metrics.leader.set(1);
    const term = new AbortController();
    const stop = (): void => term.abort();
    this.#ending.signal.addEventListener("abort", stop, { once: true });
    if (this.#ending.signal.aborted) stop();
    void lock.lost.then(stop);
    await Promise.all(
      this.#duties.map((duty) =>
        duty.lead(term.signal).catch((error: unknown) => {
          this.log.error({ err: error }, "a duty of the leader ended by itself");
          stop();
        }),
      ),
    );
    if (!term.signal.aborted) await new Promise((resolve) => term.signal.addEventListener("abort", resolve, { once: true }));
    this.#ending.signal.removeEventListener("abort", stop);
    this.#lock = null;
    this.metrics.leader.set(0);
    await lock.release().catch(() => undefined);
    this.log.info({ epoch }, "this process no longer leads");
  }
}

function pauseUnlessEnding(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
