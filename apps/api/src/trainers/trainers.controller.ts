import type { AnswerOf, Trainer, TrainerId } from "@basin/contracts";
import { Database, listTrainers, TrainersRepository } from "@basin/database";
import { sendCommand, type NatsConnection } from "@basin/messaging";
import { Controller, Inject } from "@nestjs/common";
import { NotFoundError } from "../http/request-errors";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { ChangeFeed } from "../platform/change-feed";
import type { Env } from "../platform/env";
import { ownBuild } from "../platform/own-build";
import { ENV, NATS } from "../platform/injection-keys";

@Controller()
export class TrainersController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(TrainersRepository) private readonly trainers: TrainersRepository,
    @Inject(ChangeFeed) private readonly changes: ChangeFeed,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @HttpRoute("listTrainers")
  async listTrainers({ query }: RouteInput<"listTrainers">): Promise<AnswerOf<"listTrainers">> {
    const items = await listTrainers(this.database, { pool: query.pool, leaseSeconds: this.env.leaseSeconds });
    return { items, build: ownBuild };
  }

  @HttpRoute("drainTrainer")
  drainTrainer({ params }: RouteInput<"drainTrainer">): Promise<AnswerOf<"drainTrainer">> {
    return this.ask(params.trainer, true);
  }

  @HttpRoute("undrainTrainer")
  undrainTrainer({ params }: RouteInput<"undrainTrainer">): Promise<AnswerOf<"undrainTrainer">> {
    return this.ask(params.trainer, false);
  }

  /** The trainer is told at once, and with its next heartbeat should that be missed. */
  private async ask(id: TrainerId, drain: boolean): Promise<Trainer> {
    const found = await this.trainers.askToDrain(id, drain);
    if (found) sendCommand(this.nats, id, { v: 1, stop: [], drain, unknown: false });
    const [trainer] = found ? await listTrainers(this.database, { id, leaseSeconds: this.env.leaseSeconds }) : [];
    if (!trainer) throw new NotFoundError("trainer", id);
    this.changes.trainer({ trainer: id, state: trainer.state, at: trainer.lastSignAt, packs: null });
    return trainer;
  }
}
