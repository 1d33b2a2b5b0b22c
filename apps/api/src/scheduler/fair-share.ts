import { workQueueName, type SweepId } from "@basin/contracts";
import { PacksRepository, type ActiveSweep, type Epoch, type LiveTrainer } from "@basin/database";
import { longestWaitSeconds, packToHandBack } from "@basin/domain";
import { sendCommand, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable } from "@nestjs/common";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import { ENV, LOG, NATS } from "../platform/injection-keys";
import type { Log } from "../platform/log";
import { takersOf } from "./takers";

/** A pack that was asked back stops after its step; another is not asked for meanwhile. */
const patienceSeconds = 120;

/**
 * No sweep waits long for a slot while another of no higher priority holds them all: packs of the others that nobody took are withdrawn, and
 * one that trains is handed back, with its checkpoint. Used by the leader only.
 */
@Injectable()
export class FairShare {
  /** When each sweep began to have runs and none in training, in milliseconds. */
  readonly #since = new Map<SweepId, number>();
  /** Sweeps that had to wait too long once: from then on they are packed whatever else waits in their queue. */
  readonly #served = new Set<SweepId>();
  /** The pack that was asked back, by queue. */
  readonly #asked = new Map<string, { pack: string; at: number }>();

  constructor(
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Whether a sweep is packed whatever waits before it: it waited too long, and none of its own packs waits. */
  isDue(sweep: ActiveSweep): boolean {
    return this.#served.has(sweep.id) && sweep.queued === 0;
  }

  /** The running sweeps in the order in which they are packed: by priority, those first that waited too long. */
  order(active: readonly ActiveSweep[]): ActiveSweep[] {
    return [...active].sort((a, b) => b.priority - a.priority || Number(this.isDue(b)) - Number(this.isDue(a)));
  }

  /** Looks at who waits, and makes room for the one that waited longest in each queue. Before the sweeps are packed. */
  async makeRoom(active: readonly ActiveSweep[], trainers: readonly LiveTrainer[], epoch: Epoch): Promise<void> {
    const waiting = this.#note(active).filter(({ seconds }) => seconds >= longestWaitSeconds(this.env.turnSeconds));
    if (waiting.length === 0) return;
    const queues = new Map<string, typeof waiting>();
    for (const one of waiting) {
      const { pool, build } = one.sweep;
      if (build === null) continue;
      const name = workQueueName({ pool, build });
      queues.set(name, [...(queues.get(name) ?? []), one]);
    }
    for (const [queue, own] of queues) await this.#serve(queue, own, active, trainers, epoch);
  }

  #note(active: readonly ActiveSweep[]): { sweep: ActiveSweep; seconds: number }[] {
    const now = performance.now();
    const waits = active.filter(({ running, pending, queued }) => running === 0 && pending + queued > 0);
    for (const known of [this.#since, this.#served]) {
      for (const id of known.keys()) if (!active.some((sweep) => sweep.id === id)) known.delete(id);
    }
    for (const { id, running } of active) if (running > 0) this.#since.delete(id);
    return waits.map((sweep) => {
      const since = this.#since.get(sweep.id) ?? now;
      this.#since.set(sweep.id, since);
      return { sweep, seconds: (now - since) / 1000 };
    });
  }

  async #serve(
    queue: string,
    waiting: readonly { sweep: ActiveSweep; seconds: number }[],
    active: readonly ActiveSweep[],
    trainers: readonly LiveTrainer[],
    epoch: Epoch,
  ): Promise<void> {
    const [first] = waiting;
    if (!first) return;
    const takers = takersOf(first.sweep, trainers).filter((one) => one.build === first.sweep.build);
    const slots = takers.reduce((sum, { slots }) => sum + slots, 0);
    const others = active.filter(
      ({ pool, build, id }) =>
        build !== null && workQueueName({ pool, build }) === queue && waiting.every((one) => one.sweep.id !== id),
    );
    for (const { sweep } of waiting) {
      if (this.#served.has(sweep.id)) continue;
      this.#served.add(sweep.id);
      for (const other of others) {
        if (other.queued > 0 && other.priority <= sweep.priority) this.changes.moved(await this.packs.withdraw(other.id, epoch));
      }
    }
    const held = (await this.packs.inTraining(others.map(({ id }) => id))).filter(({ trainer }) =>
      takers.some(({ id }) => id === trainer),
    );
    const asked = this.#asked.get(queue);
    const pending =
      asked && held.some(({ pack }) => pack === asked.pack) && performance.now() - asked.at < patienceSeconds * 1000;
    if (pending) return;
    const given = packToHandBack(
      waiting.map(({ sweep, seconds }) => ({ sweep: sweep.id, priority: sweep.priority, seconds })),
      held.map((pack) => ({ ...pack, priority: others.find(({ id }) => id === pack.sweep)?.priority ?? 0 })),
      { slots, turnSeconds: this.env.turnSeconds },
    );
    if (!given) return;
    this.#asked.set(queue, { pack: given.pack, at: performance.now() });
    this.log.info(
      { sweep: given.sweep, runs: given.attempts.length, for: first.sweep.id },
      "a pack is handed back for a sweep that waits",
    );
    const stop = given.attempts.map((attempt) => ({ ...attempt, action: "hand-back" as const }));
    sendCommand(this.nats, given.trainer, { v: 1, stop, drain: false, unknown: false });
  }
}
