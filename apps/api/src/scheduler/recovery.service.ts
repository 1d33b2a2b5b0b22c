import { PoolName, type TrainerId } from "@basin/contracts";
import { PacksRepository, RequeueRepository, TrainersRepository } from "@basin/database";
import { ensureStreams, linkOf, workBacklog, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import { lostVerdict } from "../control/verdicts";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import { LeaderElection, type LeaderDuty } from "../platform/leader-election";
import type { Log } from "../platform/log";
import { Metrics } from "../platform/metrics";
import { SchedulerBell } from "../platform/scheduler-bell";
import { ENV, LOG, NATS } from "../platform/tokens";
import { Wakeup } from "../platform/wakeup";
import { OutboxPublisher } from "./outbox-publisher.service";

/** A pack that was published this long ago, while the queue is empty, has lost its message. */
const staleSeconds = 2;

/** Gives the runs of lost trainers to others, and sends packs again whose messages are gone. The leader's, once a second. */
@Injectable()
export class Recovery implements LeaderDuty {
  readonly #wakeup = new Wakeup();

  constructor(
    @Inject(RequeueRepository) private readonly requeue: RequeueRepository,
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(OutboxPublisher) private readonly publisher: OutboxPublisher,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(SchedulerBell) private readonly bell: SchedulerBell,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
    @Inject(LeaderElection) election: LeaderElection,
  ) {
    election.addDuty(this);
  }

  /** Signs could not arrive while nobody led or NATS was away: from then on every trainer has one fresh lease. */
  async lead(signal: AbortSignal): Promise<void> {
    let trustedSince = performance.now();
    const link = linkOf(this.nats);
    const stop = link.onChange(() => (trustedSince = performance.now()));
    try {
      await this.#wakeup.run(signal, { everyMilliseconds: 1000, atLeastMilliseconds: 1000 }, async () => {
        try {
          if (link.connected) {
            const trusted = performance.now() - trustedSince >= this.env.leaseSeconds * 1000;
            if (trusted) await this.loseSilentTrainers();
            await this.sendLostPacks();
          }
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          if (!signal.aborted) this.log.warn({ reason }, "recovery failed; trying again");
        }
        return false;
      });
    } finally {
      stop();
    }
  }

  async loseSilentTrainers(): Promise<void> {
    for (const trainer of await this.requeue.silentTrainers(this.env.leaseSeconds)) await this.#lose(trainer);
  }

  async #lose(trainer: TrainerId): Promise<void> {
    const name = (await this.trainers.nameOf(trainer)) ?? trainer;
    const reason = `trainer ${name} gave no sign for ${this.env.leaseSeconds} s`;
    const moves = await this.requeue.lose(trainer, this.env.leaseSeconds, (fact, loss) => lostVerdict(fact, loss, true, reason));
    if (moves === null) return;
    this.log.warn({ trainer, runs: moves.length }, `${reason}; its runs are given to others`);
    this.metrics.lost.inc(moves.length);
    this.changes.moved(moves);
    this.changes.trainer({ trainer, state: "offline", packs: [] });
    if (moves.length > 0) this.bell.ring();
  }

  async sendLostPacks(): Promise<void> {
    for (const name of await this.packs.poolsWithStalePacks(staleSeconds)) {
      const pool = PoolName.parse(name);
      const backlog = await workBacklog(this.nats, pool);
      if (backlog !== null && (backlog.pending > 0 || backlog.unacknowledged > 0)) continue;
      if (backlog === null) {
        await ensureStreams(this.nats, { log: this.log });
        this.publisher.forgetPool(pool);
      }
      const sent = await this.packs.sendAgain(pool, staleSeconds, new Date().toISOString());
      if (sent > 0) this.log.warn({ pool, packs: sent }, "the work queue lost messages; sending them again");
      this.publisher.nudge();
    }
  }
}
