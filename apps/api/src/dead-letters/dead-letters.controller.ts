import type { AnswerOf } from "@basin/contracts";
import { Database, listDeadLetters } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput } from "../http/route-binding";

@Controller()
export class DeadLettersController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @HttpRoute("listDeadLetters")
  listDeadLetters({ query }: RouteInput<"listDeadLetters">): Promise<AnswerOf<"listDeadLetters">> {
    return listDeadLetters(this.database, query.limit);
  }
}
