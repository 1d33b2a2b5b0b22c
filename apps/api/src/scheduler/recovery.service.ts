import { workQueueName, type TrainerId, messageOf } from "@basin/contracts";
import {
  AnswersRepository,
  ArtifactsRepository,
  LeadershipLostError,
  PacksRepository,
  RequeueRepository,
  TrainersRepository,
  type Epoch,
} from "@basin/database";
import { answersWithin, ensureStreams, linkOf, workBacklog, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import { lostVerdict } from "../control/verdicts";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import { LeaderElection, type LeaderDuty, type Term } from "../platform/leader-election";
import type { Log } from "../platform/log";
import { PrometheusSeries } from "../platform/prometheus-series";
import { SchedulerBell } from "../platform/scheduler-bell";
import { ENV, LOG, NATS } from "../platform/injection-keys";
import { Wakeup } from "../platform/wakeup";
import { OutboxPublisher } from "./outbox-publisher.service";

/** A pack that was published this long ago, while the queue is empty, has lost its message. */
const staleSeconds = 2;

/** Between two sweeps over what finished runs left. */
const sweepMilliseconds = 60_000;
/** NATS passes a message on well within this time, unless it hangs. */
const natsMilliseconds = 1000;
/** Between two looks at the trainers; a longer time is a gap, however short the lease is. */
const shortestGapSeconds = 2;

/**
 * Gives the runs of lost trainers to others, sends packs again whose messages are gone, and deletes what finished runs left, and old
 * answers. The leader's, once a second.
 */
@Injectable()
export class Recovery implements LeaderDuty {
  readonly #wakeup = new Wakeup();
  #rounds = 0;

  constructor(
    @Inject(RequeueRepository) private readonly requeue: RequeueRepository,
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(ArtifactsRepository) private readonly artifacts: ArtifactsRepository,
    @Inject(AnswersRepository) private readonly answers: AnswersRepository,
    @Inject(OutboxPublisher) private readonly publisher: OutboxPublisher,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(SchedulerBell) private readonly bell: SchedulerBell,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
    @Inject(LeaderElection) election: LeaderElection,
  ) {
    election.addDuty(this);
  }

  /** Rounds of the loop so far that did not fail. */
  get rounds(): number {
    return this.#rounds;
  }

  /**
   * Silence counts only while signs could be heard: not while nobody led, NATS was away, or time passed that we know nothing of (this
   * process or the database stood still, the machine slept). After each of these every trainer has one fresh lease.
   */
  async lead({ epoch, signal }: Term): Promise<void> {
    const { leaseSeconds, heartbeatSeconds } = this.env;
    // Shorter gaps cannot make a trainer look silent for a lease.
    const longestGap = Math.max(shortestGapSeconds, leaseSeconds - 2 * heartbeatSeconds) * 1000;
    let deafened = true;
    let trustedSince = 0;
    let lookedAt = 0;
    let sweptAt = -Infinity;
    const stop = linkOf(this.nats).onChange(() => (deafened = true));
    try {
      await this.#wakeup.run(signal, { everyMilliseconds: 1000, atLeastMilliseconds: 1000 }, async () => {
        try {
          const hears = await answersWithin(this.nats, natsMilliseconds);
          const now = await this.requeue.now();
          if (deafened || !hears || now - lookedAt > longestGap) trustedSince = now;
          deafened = false;
          lookedAt = now;
          if (hears) {
            if (now - trustedSince >= leaseSeconds * 1000) await this.loseSilentTrainers(epoch);
            await this.sendLostPacks(epoch);
          }
          if (now - sweptAt >= sweepMilliseconds) {
            sweptAt = now;
            await this.sweepArtifacts(epoch);
            await this.answers.sweep(epoch);
          }
          this.#rounds += 1;
        } catch (error) {
          if (error instanceof LeadershipLostError) throw error;
          const reason = messageOf(error);
          if (!signal.aborted) this.log.warn({ reason }, "recovery failed; trying again");
        }
        return false;
      });
    } finally {
      stop();
    }
  }

  async loseSilentTrainers(epoch: Epoch): Promise<void> {
    for (const trainer of await this.requeue.silentTrainers(this.env.leaseSeconds)) await this.#lose(trainer, epoch);
  }

  async #lose(trainer: TrainerId, epoch: Epoch): Promise<void> {
    const name = (await this.trainers.nameOf(trainer)) ?? trainer;
    const reason = `trainer ${name} gave no sign for ${this.env.leaseSeconds} s`;
    const moves = await this.requeue.lose(trainer, this.env.leaseSeconds, epoch, (fact, loss) =>
      lostVerdict(fact, loss, true, reason),
    );
    if (moves === null) return;
    this.log.warn({ trainer, runs: moves.length }, `${reason}; its runs are given to others`);
    this.series.counted.lost.inc(moves.length);
    this.changes.moved(moves);
    this.changes.trainer({ trainer, state: "offline", packs: [] });
    if (moves.length > 0) this.bell.ring();
  }

  async sweepArtifacts(epoch: Epoch): Promise<void> {
    const swept = await this.artifacts.sweep(epoch);
    if (swept.checkpoints + swept.contents > 0) this.log.info(swept, "deleted what finished runs had left of uploads");
  }

  async sendLostPacks(epoch: Epoch): Promise<void> {
    for (const queue of await this.packs.staleQueues(staleSeconds)) {
      const backlog = await workBacklog(this.nats, queue);
      if (backlog !== null && (backlog.pending > 0 || backlog.unacknowledged > 0)) continue;
      if (backlog === null) {
        await ensureStreams(this.nats, { log: this.log });
        this.publisher.forgetQueue(queue);
      }
      const sent = await this.packs.sendAgain(queue, staleSeconds, new Date().toISOString(), epoch);
      if (sent > 0)
        this.log.warn({ queue: workQueueName(queue), packs: sent }, "the work queue lost messages; sending them again");
      this.publisher.nudge();
    }
  }
}
