import type { AnswerOf } from "@basin/contracts";
import { AuditRepository } from "@basin/database";
import { Controller, Inject } from "@nestjs/common";
import { decodeCursor, encodeCursor } from "../http/cursor";
import { HttpRoute, type RouteInput } from "../http/route-binding";

/** Names the list in its cursors. */
const listLabel = "audit -id";

@Controller()
export class AuditController {
  constructor(@Inject(AuditRepository) private readonly audit: AuditRepository) {}

  @HttpRoute("listAudit")
  async listAudit({ query }: RouteInput<"listAudit">): Promise<AnswerOf<"listAudit">> {
    const { cursor, limit, ...filter } = query;
    const before = decodeCursor(cursor, listLabel, ["int"])?.[0] ?? null;
    const { items, next, total } = await this.audit.list({ filter, before: before === null ? null : String(before), limit });
    return { items, next: next === null ? null : encodeCursor(listLabel, [Number(next)]), total };
  }
}
