import { messageOf } from "@basin/contracts";
import type { ChangeV2, RunId, SweepId, TrainerChangeV1 } from "@basin/contracts";
import { SweepsRepository, type RunMove } from "@basin/database";
import { publishChange, publishTrainerChange, type NatsConnection } from "@basin/messaging";
import { Inject, Injectable, type BeforeApplicationShutdown } from "@nestjs/common";
import type { Log } from "./log";
import { LOG, NATS } from "./injection-keys";

/** The newest point of one metric of one run. */
export interface NewestPoint {
  run: RunId;
  attempt: number;
  metric: string;
  step: number;
  value: number;
}

interface Pending {
  runs: Map<RunId, RunMove>;
  points: Map<string, NewestPoint>;
  progress: boolean;
  timer: NodeJS.Timeout | null;
  lastFlushAt: number;
}

/** The first change of a quiet sweep leaves at once, then at most one round per interval, however much happens. */
const intervalMilliseconds = 100;
const runsPerEvent = 500;
/** More newest points than this wait for the next round, in which newer ones take their place. */
const pointsPerRound = 2000;

/** Tells every api process what was committed, coalesced per sweep. Fire and forget: the truth is read from the database. */
@Injectable()
export class ChangeFeed implements BeforeApplicationShutdown {
  readonly #sweeps = new Map<SweepId, Pending>();

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(SweepsRepository) private readonly sweeps: SweepsRepository,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Runs changed state, and with them the counters of their sweeps. */
  moved(moves: readonly RunMove[]): void {
    for (const move of moves) {
      const pending = this.#pending(move.sweep);
      pending.runs.set(move.run, move);
      pending.progress = true;
    }
  }

  /** The sweep itself changed: its state, or its number of trials. */
  touched(sweep: SweepId): void {
    this.#pending(sweep).progress = true;
  }

  measured(sweep: SweepId, points: readonly NewestPoint[]): void {
    const pending = this.#pending(sweep);
    for (const point of points) {
      const key = `${point.run} ${point.metric}`;
      const known = pending.points.get(key);
      if (known && (known.attempt > point.attempt || (known.attempt === point.attempt && known.step > point.step))) continue;
      pending.points.set(key, point);
    }
  }

  /** A trainer gave a sign, or came or went. At once: its heartbeats set the pace. */
  trainer(change: Omit<TrainerChangeV1, "v" | "type" | "at"> & { at?: string }): void {
    publishTrainerChange(this.nats, { v: 1, type: "trainer", at: new Date().toISOString(), ...change });
  }

  beforeApplicationShutdown(): void {
    for (const pending of this.#sweeps.values()) if (pending.timer) clearTimeout(pending.timer);
    this.#sweeps.clear();
  }

  #pending(sweep: SweepId): Pending {
    let pending = this.#sweeps.get(sweep);
    if (!pending) {
      pending = { runs: new Map(), points: new Map(), progress: false, timer: null, lastFlushAt: -intervalMilliseconds };
      this.#sweeps.set(sweep, pending);
    }
    this.#schedule(sweep, pending);
    return pending;
  }

  #schedule(sweep: SweepId, pending: Pending): void {
    if (pending.timer) return;
    const wait = Math.max(0, pending.lastFlushAt + intervalMilliseconds - performance.now());
    pending.timer = setTimeout(() => void this.#flush(sweep, pending), wait);
  }

  async #flush(sweep: SweepId, pending: Pending): Promise<void> {
    pending.lastFlushAt = performance.now();
    const runs = [...pending.runs.values()];
    pending.runs.clear();
    const points = [...pending.points.values()].slice(0, pointsPerRound);
    for (const point of points) pending.points.delete(`${point.run} ${point.metric}`);
    const progress = pending.progress;
    pending.progress = false;
    try {
      for (let at = 0; at < runs.length; at += runsPerEvent) this.#publish(runsEvent(sweep, runs.slice(at, at + runsPerEvent)));
      if (points.length > 0) this.#publish(metricsEvent(sweep, points));
      if (progress) {
        const [current] = await this.sweeps.progress([sweep]);
        if (current)
          this.#publish({ v: 2, type: "sweep", sweep, state: current.state, counts: current.counts, best: current.best });
      }
    } catch (error) {
      this.log.debug({ sweep, reason: messageOf(error) }, "a change was not announced");
    }
    pending.timer = null;
    if (isDirty(pending)) this.#schedule(sweep, pending);
    else if (this.#sweeps.get(sweep) === pending) this.#forgetLater(sweep, pending);
  }

  #publish(change: ChangeV2): void {
    publishChange(this.nats, change);
  }

  /** Keeps the pace of the last round in mind for one interval, then drops the entry. */
  #forgetLater(sweep: SweepId, pending: Pending): void {
    setTimeout(() => {
      const idle = pending.timer === null && performance.now() - pending.lastFlushAt >= intervalMilliseconds;
      if (idle && this.#sweeps.get(sweep) === pending) this.#sweeps.delete(sweep);
    }, 2 * intervalMilliseconds).unref();
  }
}

function isDirty({ runs, points, progress }: Pending): boolean {
  return runs.size > 0 || points.size > 0 || progress;
}

function runsEvent(sweep: SweepId, moves: readonly RunMove[]): ChangeV2 {
  return {
    v: 2,
    type: "runs",
    sweep,
    runs: moves.map(({ run, state, attempt, objective, trainer }) => ({ run, state, attempt, objective, trainer })),
  };
}

function metricsEvent(sweep: SweepId, points: readonly NewestPoint[]): ChangeV2 {
  return {
    v: 2,
    type: "metrics",
    sweep,
    points: points.map((point) => ({ ...point, value: Number.isFinite(point.value) ? point.value : null })),
  };
}
