import { Database, listDeadLetters } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import { HttpRoute, type RouteInput, type RouteOutput } from "../http/route-binding";

@Controller()
export class DeadLettersController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @HttpRoute("listDeadLetters")
  listDeadLetters({ query }: RouteInput<"listDeadLetters">): Promise<RouteOutput<"listDeadLetters">> {
    return listDeadLetters(this.database, query.limit);
  }
}
