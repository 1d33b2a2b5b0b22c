import {
  partsOfRunId,
  type HeartbeatReplyV1,
  type ControlRequest,
  type HeartbeatRequestV2,
  type TrainerChangeV1,
  type TrainerId,
  messageOf,
} from "@basin/contracts";
import { PackRatesRepository, RequeueRepository, TrainersRepository } from "@basin/database";
import { sendCommand, subscribeSigns, type Listening, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from "@nestjs/common";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import type { Log } from "../platform/log";
import { LoopWatch } from "../platform/loop-watch";
import { PrometheusSeries } from "../platform/prometheus-series";
import { SchedulerBell } from "../platform/scheduler-bell";
import { ENV, LOG, NATS } from "../platform/injection-keys";
import { heartbeatOf } from "./message-versions";
import { lostVerdict } from "./verdicts";

/** More packs than this are not listed in an event; no trainer has so many slots. */
const mostPacks = 1000;

type Sign = Omit<HeartbeatRequestV2, "v">;

const restartedReason = "the trainer no longer knows of it: its process was restarted";
const unheardReason = "the trainer does not know of it: the answer to its claim did not arrive";

/**
 * Signs of life. Every api process hears every heartbeat, so that a trainer does not depend on which of them is well; whoever is first
 * writes it down and tells the trainer what it must know, the others find it done.
 */
@Injectable()
export class Signs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The newest sign of each trainer whose earlier one is being written down. */
  readonly #waiting = new Map<TrainerId, Sign | null>();
  #listening: Listening | null = null;

  constructor(
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(PackRatesRepository) private readonly rates: PackRatesRepository,
    @Inject(RequeueRepository) private readonly requeue: RequeueRepository,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(SchedulerBell) private readonly bell: SchedulerBell,
    @Inject(LoopWatch) private readonly loop: LoopWatch,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#listening = subscribeSigns(this.nats, (sign) => this.#hear(sign), this.log);
  }

  beforeApplicationShutdown(): void {
    this.#listening?.stop();
  }

  /** The answer to a heartbeat that was sent as a request, as trainers of earlier builds do. */
  async answer(request: ControlRequest<"heartbeat">): Promise<HeartbeatReplyV1> {
    const sign = heartbeatOf(request);
    return (await this.#note(sign, 0)) ?? { v: 1, stop: [], drain: sign.draining, unknown: false };
  }

  /** A sign that reached this process late proves nothing: its trainer may have died since. */
  #hear(sign: Sign): void {
    if (this.loop.isBehind) return;
    const busy = this.#waiting.has(sign.trainer);
    this.#waiting.set(sign.trainer, busy ? sign : null);
    if (!busy) void this.#work(sign);
  }

  /** One statement at a time and trainer: when the database is slow, only the newest sign waits. */
  async #work(first: Sign): Promise<void> {
    const { trainer } = first;
    for (let sign: Sign | null = first; sign; sign = this.#waiting.get(trainer) ?? null) {
      this.#waiting.set(trainer, null);
      try {
        const told = await this.#note(sign, this.env.heartbeatSeconds / 2);
        if (told && (told.unknown || told.stop.length > 0 || told.drain !== sign.draining)) {
          sendCommand(this.nats, trainer, told);
        }
      } catch (error) {
        this.log.warn({ trainer, reason: messageOf(error) }, "a sign could not be noted");
      }
    }
    this.#waiting.delete(trainer);
  }

  /**
   * Null: another process noted a sign within `skipWithinSeconds`. Attempts that the trainer should hold and does not list are lost, once
   * they are older than a lease (a claim may be on its way).
   */
  async #note(sign: Sign, skipWithinSeconds: number): Promise<HeartbeatReplyV1 | null> {
    const { trainer, draining, packs, measured, waits = null } = sign;
    const held = packs.flatMap((pack) => pack.runs);
    const pulse = await this.trainers.pulse(trainer, draining, held, this.env.leaseSeconds, skipWithinSeconds, waits);
    if (!pulse) return { v: 1, stop: [], drain: false, unknown: true };
    if (!pulse.noted) return null;
    if (pulse.forgotten.length > 0) await this.#lose(trainer, pulse.forgotten);
    await this.rates.add(trainer, measured);
    const state = draining || pulse.drainAsked ? "draining" : "online";
    this.changes.trainer({ trainer, state, packs: packsOf(sign) });
    return { v: 1, stop: pulse.stop, drain: pulse.drainAsked, unknown: false };
  }

  async #lose(trainer: TrainerId, attempts: Sign["packs"][number]["runs"]): Promise<void> {
    const moves = await this.requeue.release(trainer, attempts, (_, fact, loss) =>
      lostVerdict(fact, loss, loss.processGone, loss.processGone ? restartedReason : unheardReason),
    );
    if (moves.length === 0) return;
    this.log.warn({ trainer, runs: moves.length }, "a trainer forgot attempts; their runs are given out again");
    this.series.counted.lost.inc(moves.length);
    this.changes.moved(moves);
    this.bell.ring();
  }
}

/** The packs of a heartbeat that still hold runs. */
const packsOf = ({ packs }: Sign): NonNullable<TrainerChangeV1["packs"]> =>
  packs.slice(0, mostPacks).flatMap(({ pack, step, runs }) => {
    const [first] = runs;
    return first ? [{ pack, step, runs: runs.length, sweep: partsOfRunId(first.run).sweep }] : [];
  });
