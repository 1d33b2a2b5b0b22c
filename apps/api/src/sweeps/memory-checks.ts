import { Database, TrainersRepository } from "@basin/database";
import { checkMemory } from "@basin/problems";
import { Inject, Injectable } from "@nestjs/common";
import { shapesOfDatasets } from "../datasets/dataset-shapes";
import { InputError } from "../http/request-errors";
import { largestRoom } from "./slot-room";
import type { SweepPlan } from "../scheduler/sweep-commands";

/** Whether the runs of a sweep will fit the memory of a slot. */
@Injectable()
export class MemoryChecks {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
  ) {}

  /** Throws InputError for a sweep whose largest run would fit no slot of its pool. What is not known is let through. */
  async check({ definition, spec }: Pick<SweepPlan, "definition" | "spec">): Promise<void> {
    if (!definition.sizes) return;
    const room = largestRoom(spec.pool, await this.trainers.slotsFor(spec.pool, definition.id));
    if (!room) return;
    const datasets = await shapesOfDatasets(this.database, definition, spec.space);
    const issues = checkMemory(definition, spec.space, datasets, room);
    if (issues.length > 0) throw new InputError(issues);
  }
}
