import { PackMessage } from "@basin/contracts";
import type { Database } from "./connection";
import type { Epoch } from "./epoch";
import { statement } from "./statement";
import { int8, jsonb, listOf, uuid } from "./sql-types";

export interface OutboxEntry {
  id: string;
  message: PackMessage;
}

const outboxOldest = statement({
  name: "outbox-oldest",
  text: "SELECT id, payload FROM outbox ORDER BY id LIMIT $1",
  parameters: [int8],
  row: { id: int8, payload: jsonb<unknown>() },
});

const outboxPublished = statement({
  name: "outbox-published",
  text: `WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]))
    UPDATE pack SET published_at = now() WHERE id = ANY($2::uuid[]) AND claimed_at IS NULL AND voided_at IS NULL`,
  parameters: [listOf(int8), listOf(uuid)],
});

export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /** The oldest entries, in the order in which they were written. */
  async oldest(limit: number): Promise<OutboxEntry[]> {
    const { rows } = await this.database.query(outboxOldest(limit));
    return rows.map((row) => ({ id: row.id, message: PackMessage.parse(row.payload) }));
  }

  /** Forgets entries that the stream has stored, and notes the time on their packs. Done by the leader alone. */
  async published(entries: readonly OutboxEntry[], epoch: Epoch): Promise<void> {
    const published = outboxPublished(
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.message.pack),
    );
    await this.database.transaction((connection) => connection.query(published), { epoch });
  }
}
