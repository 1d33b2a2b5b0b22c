import { PackMessage } from "@basin/contracts";
import type { Database } from "./connection";
import type { Epoch } from "./epoch";

export interface OutboxEntry {
  id: string;
  message: PackMessage;
}

export class OutboxRepository {
  constructor(private readonly database: Database) {}

  /** The oldest entries, in the order in which they were written. */
  async oldest(limit: number): Promise<OutboxEntry[]> {
    const { rows } = await this.database.query<{ id: string; payload: unknown }>({
      name: "outbox-oldest",
      text: "SELECT id, payload FROM outbox ORDER BY id LIMIT $1",
      values: [limit],
    });
    return rows.map((row) => ({ id: row.id, message: PackMessage.parse(row.payload) }));
  }

  /** Forgets entries that the stream has stored, and notes the time on their packs. Done by the leader alone. */
  async published(entries: readonly OutboxEntry[], epoch: Epoch): Promise<void> {
    const published = {
      name: "outbox-published",
      text: `WITH gone AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]))
             UPDATE pack SET published_at = now() WHERE id = ANY($2::uuid[]) AND claimed_at IS NULL AND voided_at IS NULL`,
      values: [entries.map((entry) => entry.id), entries.map((entry) => entry.message.pack)],
    };
    await this.database.transaction((connection) => connection.query(published), { epoch });
  }
}
