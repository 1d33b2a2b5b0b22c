import type { AnswerOf } from "@basin/contracts";
import { Database, listTrials } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import { decodeCursor, encodeCursor } from "../http/cursor";
import { HttpRoute, type RouteInput } from "../http/route-binding";
import { SweepsService } from "../sweeps/sweeps.service";

@Controller()
export class TrialsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SweepsService) private readonly sweeps: SweepsService,
  ) {}

  @HttpRoute("listTrials")
  async listTrials({ params, query }: RouteInput<"listTrials">): Promise<AnswerOf<"listTrials">> {
    const after = Number(decodeCursor(query.cursor, "trials index", ["int"])?.[0] ?? -1);
    const sweep = await this.sweeps.get(params.sweep);
    const { items, next } = await listTrials(this.database, { sweep: sweep.id, after, limit: query.limit });
    return { items, next: next === null ? null : encodeCursor("trials index", [next]), total: sweep.trialsCreated };
  }
}
