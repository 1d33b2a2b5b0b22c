import { workQueueName, type SweepId, messageOf } from "@basin/contracts";
import {
  LeadershipLostError,
  PacksRepository,
  SweepsRepository,
  TrainersRepository,
  type ActiveSweep,
  type LiveTrainer,
} from "@basin/database";
import { waitingFor } from "@basin/domain";
import { Inject, Injectable } from "@nestjs/common";
import { ExperimentVersions } from "../experiments/experiment-versions.service";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import { LeaderElection, type LeaderDuty, type Term } from "../platform/leader-election";
import type { Log } from "../platform/log";
import { PrometheusSeries } from "../platform/prometheus-series";
import { SchedulerBell } from "../platform/scheduler-bell";
import { ENV, LOG } from "../platform/injection-keys";
import { Wakeup } from "../platform/wakeup";
import { FairShare } from "./fair-share";
import { OutboxPublisher } from "./outbox-publisher.service";
import { Packer } from "./packer.service";
import { Planner } from "./planner.service";
import { takersOf } from "./takers";

/** Nudges that come within this time are one: under load a pass then sees many ended runs at once. */
const paceMilliseconds = 10;

/** The leader's loop: plan, pack, hand over to the outbox; on every nudge and at least once a second. */
@Injectable()
export class Scheduler implements LeaderDuty {
  readonly #wakeup = new Wakeup();
  #rounds = 0;
  /** Sweeps that were said to wait for trainers of their build. */
  #waiting = new Set<SweepId>();

  constructor(
    @Inject(SweepsRepository) private readonly sweeps: SweepsRepository,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(Planner) private readonly planner: Planner,
    @Inject(FairShare) private readonly share: FairShare,
    @Inject(Packer) private readonly packer: Packer,
    @Inject(OutboxPublisher) private readonly publisher: OutboxPublisher,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(PrometheusSeries) private readonly series: PrometheusSeries,
    @Inject(ExperimentVersions) private readonly versions: ExperimentVersions,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
    @Inject(LeaderElection) election: LeaderElection,
    @Inject(SchedulerBell) bell: SchedulerBell,
  ) {
    election.addDuty(this);
    bell.onRing(() => this.#wakeup.nudge());
  }

  /** Passes of the loop so far that did not fail. */
  get rounds(): number {
    return this.#rounds;
  }

  lead(term: Term): Promise<void> {
    return this.#wakeup.run(term.signal, { everyMilliseconds: 1000, atLeastMilliseconds: paceMilliseconds }, async () => {
      const end = this.series.counted.passSeconds.startTimer();
      try {
        const more = await this.pass(term);
        this.#rounds += 1;
        return more;
      } catch (error) {
        if (error instanceof LeadershipLostError) throw error;
        const reason = messageOf(error);
        if (!term.signal.aborted) this.log.warn({ reason }, "a pass of the scheduler failed; trying again");
        return false;
      } finally {
        end();
      }
    });
  }

  /** One look at every running sweep. Resolves to whether a search went on, so that another pass may find more to do. */
  async pass(term: Term): Promise<boolean> {
    const active = await this.sweeps.active();
    if (active.length === 0) return false;
    for (const { experiment } of active) await this.versions.know(experiment);
    const [trainers, unclaimed] = await Promise.all([this.trainers.live(this.env.leaseSeconds), this.packs.unclaimed()]);
    const waiting = new Map(unclaimed.map((queue) => [workQueueName(queue), queue.packs]));
    this.#tellWaiting(active, trainers);
    let more = false;
    await this.share.makeRoom(active, trainers, term.epoch);
    for (const sweep of this.share.order(active)) {
      if (term.signal.aborted) return false;
      const planned = await this.planner.advance(sweep, term.epoch);
      more ||= planned;
      // Before its first attempt it may have been queued for a build that is gone.
      const packable = planned || sweep.pending > 0 || (!sweep.begun && sweep.queued > 0);
      if (packable && (await this.packer.pack(sweep, trainers, waiting, term.epoch, this.share.isDue(sweep))) > 0)
        this.publisher.nudge();
    }
    return more;
  }

  /** Tells listeners when a sweep begins to wait for trainers of its build, and when it goes on. */
  #tellWaiting(active: readonly ActiveSweep[], trainers: readonly LiveTrainer[]): void {
    const before = this.#waiting;
    const now = active.filter((sweep) => waitingFor({ ...sweep, state: "running", counts: sweep }, takersOf(sweep, trainers)));
    this.#waiting = new Set(now.map(({ id }) => id));
    for (const { id, build } of now) {
      if (before.has(id)) continue;
      this.log.warn({ sweep: id, build }, "a sweep waits: no trainer of its build is there");
      this.changes.touched(id);
    }
    for (const id of before) if (!this.#waiting.has(id)) this.changes.touched(id);
  }
}
