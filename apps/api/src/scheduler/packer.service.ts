import { randomUUID } from "node:crypto";
import { PackId, workQueueName } from "@basin/contracts";
import { PacksRepository, type ActiveSweep, type Epoch, type LiveTrainer, type NewPack, type PendingRun } from "@basin/database";
import {
  chooseBuild,
  choosePacks,
  chooseWidth,
  widestThatFits,
  type MemoryNeed,
  type PackPlace,
  type PackRate,
  type WidthChoice,
} from "@basin/domain";
import { findExperiment } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { ChangeFeed } from "../platform/change-feed";
import { ownBuild } from "../platform/own-build";
import { MemoryNeeds } from "./memory-needs";
import { windowRuns } from "./planner.service";
import { takersOf } from "./takers";

/** Packs are formed once fewer than this many per slot wait: later ones then see more runs and become wider. */
const lowWaterPerSlot = 2;

/**
 * Packs that wait in a queue at most. Few, so that a pause or a sweep of higher priority acts at once; enough that no slot
 * waits for the scheduler.
 */
function highWater(slots: number): number {
  return 4 * slots + 16;
}

/** Short runs of outside workers are claimed many at a time: as many slots more are thought of. */
const outsideAhead = 64;

/** How many packs wait, by the name of their queue; shared by the sweeps of one pass. */
export type Waiting = Map<string, number>;

/**
 * Groups pending runs into packs and queues them, for the slots that are there of the one build that the sweep is given to. Used by
 * the leader only.
 */
@Injectable()
export class Packer {
  constructor(
    @Inject(PacksRepository) private readonly packs: PacksRepository,
    @Inject(MemoryNeeds) private readonly needs: MemoryNeeds,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
  ) {}

  /** Resolves to the number of packs formed; adds them to `waiting`. `due`: whatever else waits in the queue. */
  async pack(sweep: ActiveSweep, trainers: readonly LiveTrainer[], waiting: Waiting, epoch: Epoch, due = false): Promise<number> {
    const able = takersOf(sweep, trainers);
    const build = chooseBuild(sweep, able, ownBuild);
    if (build === null) return 0;
    if (build !== sweep.build) this.changes.moved(await this.packs.giveTo(sweep.id, build, epoch));
    const takers = able.filter((one) => one.build === build);
    const slots = takers.reduce((sum, trainer) => sum + trainer.slots, 0);
    const queue = workQueueName({ pool: sweep.pool, build });
    const before = waiting.get(queue) ?? 0;
    const experiment = findExperiment(sweep.experiment);
    // Outside workers choose among all that waits when they ask, by priority too; so more may wait for them.
    const invite = experiment?.problem.kind !== "external";
    const places = invite ? slots : slots + outsideAhead;
    if (slots === 0 || !experiment || (!due && before >= lowWaterPerSlot * places)) return 0;
    const room = due ? lowWaterPerSlot * places : highWater(places) - before;
    let unknown: string[] = [];
    const choose = (pending: readonly PendingRun[], rates: ReadonlyMap<string, PackRate[]>): NewPack[] => {
      unknown = [...new Set(pending.map(({ packKey }) => packKey))].filter((key) => this.needs.of(key) === undefined);
      if (unknown.length > 0) return [];
      const widthOf = (key: string): WidthChoice =>
        widthFor(sweep, experiment.maxPackWidth, rates.get(key) ?? [], takers, this.needs.of(key) ?? null);
      return choosePacks(pending, { slots, widthOf })
        .slice(0, room)
        .map((runs) => ({ id: PackId.parse(randomUUID()), runs: runs.map((run) => run.id) }));
    };
    const form = (): ReturnType<PacksRepository["form"]> =>
      this.packs.form(sweep.id, build, epoch, windowRuns, new Date().toISOString(), choose, { invite });
    let formed = await form();
    if (unknown.length > 0) {
      await this.needs.estimate(sweep, experiment, unknown);
      formed = await form();
    }
    const { packs, moves } = formed;
    waiting.set(queue, before + packs);
    this.changes.moved(moves);
    return packs;
  }
}

/** A width that the sweep names is not measured against others; it still has to fit. */
function widthFor(
  sweep: ActiveSweep,
  ceiling: number,
  rates: readonly PackRate[],
  places: readonly PackPlace[],
  need: MemoryNeed | null,
): WidthChoice {
  if (sweep.maxPackWidth === null) return chooseWidth(rates, places, ceiling, need);
  return { widest: widestThatFits(rates, places, Math.min(ceiling, sweep.maxPackWidth), need), probes: [] };
}
