import { call } from "@basin/client";
import {
  packFloat64,
  packInt32,
  PoolName,
  unversionedBuild,
  TrainerId,
  type GrantV1,
  type PackId,
  type RunId,
  type SweepId,
} from "@basin/contracts";
import { connectNats, publishTelemetry, pullPack, request, type NatsConnection } from "@basin/messaging";
import type { WarmStack } from "./warm-stack";

const pool = PoolName.parse("bench-live");
const metric = "value0";
/** Runs whose points travel in one message. */
const runsPerMessage = 50;
const secondsPerStep = 1;

const trainer = TrainerId.parse("bench-live-trainer");

/**
 * Runs that report one point a second each, held by a trainer that trains nothing: what a browser then shows is only as late as
 * the way from the trainer's publication through JetStream, the ledger and the change feed to the page.
 */
export class LiveRuns {
  /** When a step of the first run left, in milliseconds since 1970, by step. */
  readonly sentAt = new Map<number, number>();
  readonly #trainer = trainer;
  #held: { pack: PackId; grants: readonly GrantV1[] }[] = [];
  #timers: NodeJS.Timeout[] = [];
  #failure: Error | null = null;

  private constructor(
    private readonly nats: NatsConnection,
    readonly sweep: SweepId,
  ) {}

  static async start(stack: WarmStack, runs: number): Promise<LiveRuns> {
    const nats = await connectNats({ url: stack.natsUrl, name: "bench live runs", as: trainer });
    const live = await LiveRuns.#submitted(nats, stack, runs);
    await live.#claim(runs);
    return live;
  }

  static async #submitted(nats: NatsConnection, stack: WarmStack, runs: number): Promise<LiveRuns> {
    await request(nats, "register", {
      v: 1,
      trainer,
      name: "bench-live-trainer",
      pool,
      backend: "cpu",
      backendReason: "it publishes made-up points and trains nothing",
      device: "none",
      slots: 4,
      version: "0",
      host: "localhost",
      pid: process.pid,
      experiments: ["diagnostic"],
    });
    const { id } = await call(stack.api, "createSweep", {
      body: {
        name: "Live runs",
        experiment: "diagnostic",
        space: { steps: { type: "fixed", value: 10_000 } },
        seeds: { count: runs },
        maxPackWidth: 500,
        pool,
      },
    });
    return new LiveRuns(nats, id);
  }

  /** The run whose points are timed: the first to report in every second. */
  get watched(): RunId {
    const grant = this.#held[0]?.grants[0];
    if (!grant) throw new Error("no run is held");
    return grant.run;
  }

  /** Begins to report: messages are spread over the second. */
  report(): void {
    const grants = this.#held.flatMap((pack) => pack.grants);
    const messages = Math.ceil(grants.length / runsPerMessage);
    for (let i = 0; i < messages; i += 1) {
      const part = grants.slice(i * runsPerMessage, (i + 1) * runsPerMessage);
      let step = 0;
      const send = (): void => {
        step += 1;
        if (i === 0) this.sentAt.set(step, performance.timeOrigin + performance.now());
        void this.#publish(part, step).catch((error: unknown) => {
          this.#failure ??= error instanceof Error ? error : new Error(String(error));
        });
      };
      const begin = setTimeout(
        () => this.#timers.push(setInterval(send, secondsPerStep * 1000)),
        (i * secondsPerStep * 1000) / messages,
      );
      this.#timers.push(begin);
    }
  }

  /** Cancels the runs. Throws when a point could not be published. */
  async stop(stack: WarmStack): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await call(stack.api, "cancelSweep", { params: { sweep: this.sweep } });
    await this.nats.close();
    if (this.#failure) throw this.#failure;
  }

  async #claim(runs: number): Promise<void> {
    const signal = AbortSignal.timeout(60_000);
    let held = 0;
    this.#timers.push(setInterval(() => void this.#heartbeat().catch(() => undefined), 2000));
    while (held < runs) {
      const delivery = await pullPack(this.nats, { pool, build: unversionedBuild }, { signal });
      if (!delivery) throw new Error(`only ${held} of ${runs} runs could be claimed within a minute`);
      const { pack } = delivery.message;
      const { grants } = await request(this.nats, "claim", { v: 1, trainer: this.#trainer, pack });
      delivery.ack();
      if (grants.length > 0) this.#held.push({ pack, grants });
      held += grants.length;
    }
    this.#held.sort((a, b) => (a.grants[0]?.seed ?? 0) - (b.grants[0]?.seed ?? 0));
  }

  async #heartbeat(): Promise<void> {
    const packs = this.#held.map(({ pack, grants }) => ({
      pack,
      step: 0,
      runs: grants.map(({ run, attempt }) => ({ run, attempt })),
    }));
    await request(this.nats, "heartbeat", { v: 1, trainer: this.#trainer, draining: false, packs });
  }

  #publish(grants: readonly GrantV1[], step: number): Promise<void> {
    return publishTelemetry(this.nats, {
      v: 1,
      trainer: this.#trainer,
      sentAt: new Date().toISOString(),
      chunks: grants.map(({ run, attempt, seed }) => ({
        run,
        attempt,
        metric,
        chunk: step - 1,
        steps: packInt32([step]),
        values: packFloat64([1 / (1 + step) + 0.01 * Math.sin(seed)]),
      })),
    });
  }
}
