import { messageOf } from "@basin/contracts";
import { LeadershipLostError, LeadershipRepository, type Epoch } from "@basin/database";
import { pause } from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "./env";
import type { Log } from "./log";
import { LoopWatch } from "./loop-watch";
import { PrometheusSeries } from "./prometheus-series";
import { ENV, LOG } from "./injection-keys";

/** One process' time as the leader. Everything that a duty writes carries the epoch, and is refused when another leads. */
export interface Term {
  readonly epoch: Epoch;
  /** Aborted when leadership ends, as far as this process knows. */
  readonly signal: AbortSignal;
}

/** What the leader alone does. `lead` is called on election; its rejection ends the term. */
export interface LeaderDuty {
  lead(term: Term): Promise<void>;
}

const retryMilliseconds = 500;
/** A leader that stepped down leaves the next turn to others. */
const humbleMilliseconds = 1500;
const releaseMilliseconds = 1000;
/** The lease is renewed this often in its length, so that a slow answer or two do not end it. */
const renewalsPerLease = 4;

/**
 * One leader among any number of api processes: whoever holds the lease in the database. A leader that hangs, or whose machine is gone,
 * does not renew it, and another takes it with the next epoch. For a moment two processes may believe to lead; what the earlier one
 * still writes is refused by its epoch.
 */
@Injectable()
export class LeaderElection implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #duties: LeaderDuty[] = [];
  readonly #ending = new AbortController();
  #term: Term | null = null;
  #rounds = 0;
  #stepDown: (reason: string) => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(LeadershipRepository) private readonly leadership: LeadershipRepository,
    @Inject(LoopWatch) loop: LoopWatch,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
  ) {
    loop.onStall((seconds) => this.#stepDown(`this process stood still for ${seconds.toFixed(1)} s`));
  }

  get leads(): boolean {
    return this.#term !== null;
  }

  /** How often this process asked for the lease so far and was answered. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Null: this process does not lead. */
  get term(): Term | null {
    return this.#term;
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
    const holder = `${hostname()}/${process.pid}`;
    while (!ending.aborted) {
      const taken = await this.#take(holder).catch((error: unknown) => {
        this.log.debug({ reason: messageOf(error) }, "cannot ask for leadership");
        return null;
      });
      if (taken === null) await pause(retryMilliseconds, ending);
      else if (!(await this.#serve(taken.epoch, taken.at))) await pause(humbleMilliseconds, ending);
    }
  }

  /** The lease may have been waited for; renewed once more, it is known from when on it lasts. */
  async #take(holder: string): Promise<{ epoch: Epoch; at: number } | null> {
    const epoch = await this.leadership.take(holder, this.env.leaderLeaseSeconds);
    const at = performance.now();
    this.#rounds += 1;
    return epoch !== null && (await this.leadership.renew(epoch, this.env.leaderLeaseSeconds)) ? { epoch, at } : null;
  }

  /** Resolves when the term is over, to whether it ended with the process. */
  async #serve(epoch: Epoch, takenAt: number): Promise<boolean> {
    const named = { epoch: epoch.toString() };
    const ending = this.#ending.signal;
    const over = new AbortController();
    const term: Term = { epoch, signal: over.signal };
    let why = "it ends";
    this.#stepDown = (reason) => {
      if (!over.signal.aborted) why = reason;
      over.abort();
    };
    const end = (): void => over.abort();
    ending.addEventListener("abort", end, { once: true });
    if (ending.aborted) end();
    this.#term = term;
    this.log.info(named, "this process leads");
    this.series.counted.leader.set(1);
    const duties = this.#duties.map((duty) =>
      duty.lead(term).catch((error: unknown) => {
        if (!(error instanceof LeadershipLostError)) this.log.error({ err: error }, "a duty of the leader ended by itself");
        this.#stepDown(messageOf(error));
      }),
    );
    const renewing = this.#renew(term, takenAt);
    await new Promise((resolve) => {
      if (over.signal.aborted) resolve(null);
      else over.signal.addEventListener("abort", resolve, { once: true });
    });
    this.#term = null;
    this.series.counted.leader.set(0);
    this.log.info({ ...named, reason: why }, "this process no longer leads");
    // Of use to the next leader only; when the database is away, the lease runs out.
    await Promise.race([this.leadership.release(epoch).catch(() => undefined), sleep(releaseMilliseconds)]);
    await Promise.all([...duties, renewing]);
    this.#stepDown = () => undefined;
    ending.removeEventListener("abort", end);
    return ending.aborted;
  }

  /** Ends the term when the lease was taken by another, or ran out without an answer. */
  async #renew({ epoch, signal }: Term, takenAt: number): Promise<void> {
    const seconds = this.env.leaderLeaseSeconds;
    const expire = (): void => this.#stepDown(`its lease of ${seconds} s could not be renewed`);
    for (let renewedAt = takenAt; ;) {
      const timer = setTimeout(expire, renewedAt + seconds * 1000 - performance.now());
      await pause((seconds * 1000) / renewalsPerLease, signal);
      if (signal.aborted) {
        clearTimeout(timer);
        return;
      }
      const askedAt = performance.now();
      try {
        if (await this.leadership.renew(epoch, seconds)) renewedAt = askedAt;
        else this.#stepDown(new LeadershipLostError(epoch).message);
      } catch (error) {
        this.log.debug({ reason: messageOf(error) }, "the leader's lease could not be renewed yet");
      }
      clearTimeout(timer);
    }
  }
}
