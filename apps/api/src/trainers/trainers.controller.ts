import { Database, listTrainers, TrainersRepository } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import { NotFoundError } from "../http/request-errors";
import { HttpRoute, type RouteInput, type RouteOutput } from "../http/route-binding";
import type { Env } from "../platform/env";
import { ENV } from "../platform/tokens";

@Controller()
export class TrainersController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @HttpRoute("listTrainers")
  async listTrainers({ query }: RouteInput<"listTrainers">): Promise<RouteOutput<"listTrainers">> {
    return { items: await listTrainers(this.database, { pool: query.pool, leaseSeconds: this.env.leaseSeconds }) };
  }

  /** The trainer learns of it with its next heartbeat. */
  @HttpRoute("drainTrainer")
  async drainTrainer({ params }: RouteInput<"drainTrainer">): Promise<RouteOutput<"drainTrainer">> {
    const found = await this.trainers.drain(params.trainer);
    const [trainer] = found ? await listTrainers(this.database, { id: params.trainer, leaseSeconds: this.env.leaseSeconds }) : [];
    if (!trainer) throw new NotFoundError("trainer", params.trainer);
    return trainer;
  }
}
