import { stepsOfRun, type Sweep, type SweepProgress } from "@basin/contracts";
import {
  Database,
  PacksRepository,
  readSweep,
  readTraining,
  readWaitingSince,
  SweepsRepository,
  TrainersRepository,
  type ActiveSweep,
} from "@basin/database";
import { longestWaitSeconds } from "@basin/domain";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import type { Asker } from "../http/asker";
import { Reach } from "../tokens/reach.service";
import type { Env } from "../platform/env";
import { ENV } from "../platform/injection-keys";
import { takersOf } from "../scheduler/takers";
import { secondsLeftOf, sweepPace } from "./sweep-pace";
import { waitingReading } from "./waiting-reading";

/** Runs in training that are looked at; a sweep of more goes on at their mean pace. */
const mostRuns = 500;

@Injectable()
export class ProgressService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepsRepository) private readonly active: SweepsRepository,
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(Reach) private readonly reach: Reach,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async progress(sweep: Sweep, runs: number, asker: Asker): Promise<SweepProgress> {
    const { training, ...pace } = await this.#pace(sweep);
    const waits = await this.#waits(sweep, asker);
    return {
      sweep: sweep.id,
      ...pace,
      runs: training.slice(0, runs).map((one) => ({ run: one.run, step: one.step, of: one.of, secondsLeft: secondsLeftOf(one) })),
      waits,
      reading: waits ? waitingReading(sweep.spec.pool, waits, Date.now()) : "",
    };
  }

  async #pace({ id, spec, counts }: Pick<Sweep, "id" | "spec" | "counts">) {
    const found = counts.running === 0 ? [] : await readTraining(this.database, id, mostRuns);
    const stepUnit = findExperiment(spec.experiment)?.stepUnit ?? "step";
    const training = found.map((run) => ({ ...run, of: stepsOfRun(stepUnit, run.parameters) }));
    const ended = counts.succeeded + counts.diverged + counts.failed + counts.cancelled + counts.pruned;
    return { training, ...sweepPace(training, { ended, planned: counts.planned, trainingCount: counts.running }) };
  }

  /** What holds the slots that a sweep waits for. Waiting for a trainer of its build is told by the sweep itself. */
  async #waits({ id, state, counts, waiting }: Sweep, asker: Asker): Promise<SweepProgress["waits"]> {
    if (state !== "running" || waiting !== null || counts.running > 0 || counts.pending + counts.queued === 0) return null;
    const [active, trainers] = await Promise.all([this.active.active(), this.trainers.live(this.env.leaseSeconds)]);
    const own = active.find((sweep) => sweep.id === id);
    if (!own) return null;
    const takers = takersOf(own, trainers).filter(({ build }) => own.build === null || build === own.build);
    const slots = takers.reduce((sum, taker) => sum + taker.slots, 0);
    const rivals = active.filter((sweep) => sweep.id !== id && sweep.pool === own.pool);
    const ahead = rivals.filter(
      (sweep) => sweep.running === 0 && sweep.pending + sweep.queued > 0 && isBefore(sweep, own, active),
    );
    const held = (await this.packs.inTraining(rivals.filter(({ running }) => running > 0).map((sweep) => sweep.id))).filter(
      (pack) => takers.some((taker) => taker.id === pack.trainer),
    );
    const holders = await Promise.all(
      [...new Set(held.map((pack) => pack.sweep))].map(async (sweep) => {
        const stored = await readSweep(this.database, sweep);
        const left = stored ? (await this.#pace(stored)).secondsLeft : null;
        const seen = await this.reach.seesSweep(sweep, asker);
        const told = seen ? { sweep, name: stored?.name ?? sweep } : { sweep: null, name: "a sweep of another project" };
        return { ...told, packs: held.filter((one) => one.sweep === sweep).length, secondsLeft: left };
      }),
    );
    const giving = held.filter((pack) => (rivals.find((sweep) => sweep.id === pack.sweep)?.priority ?? 0) <= own.priority);
    const since = await readWaitingSince(this.database, id);
    const { turnSeconds } = this.env;
    const wait = since === null ? 0 : longestWaitSeconds(turnSeconds) - (Date.now() - since.getTime()) / 1000;
    const turn = Math.max(0, wait, Math.min(...giving.map(({ seconds }) => turnSeconds - seconds)) + ahead.length * turnSeconds);
    return {
      place: ahead.length + 1,
      slots,
      holders,
      turnAt: giving.length === 0 || held.length < slots ? null : new Date(Date.now() + turn * 1000).toISOString(),
    };
  }
}

/** Whether one sweep is packed before another: by priority, then by submission (the order of `active`). */
function isBefore(one: ActiveSweep, other: ActiveSweep, active: readonly ActiveSweep[]): boolean {
  return one.priority === other.priority ? active.indexOf(one) < active.indexOf(other) : one.priority > other.priority;
}
