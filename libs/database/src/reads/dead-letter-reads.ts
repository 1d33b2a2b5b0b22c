import type { DeadLetterV1 } from "@basin/contracts";
import type { Queryable } from "../connection";

interface DeadLetterRow {
  id: string;
  origin: DeadLetterV1["origin"];
  subject: string;
  reason: string;
  payload: Buffer;
  payload_bytes: number;
  created_at: Date;
}

/** The newest dead letters, and how many there are in all. */
export async function listDeadLetters(
  database: Queryable,
  limit: number,
): Promise<{ items: (DeadLetterV1 & { id: string })[]; total: number }> {
  const [{ rows }, counted] = await Promise.all([
    database.query<DeadLetterRow>({
      text: `SELECT id::text AS id, origin, subject, reason, payload, payload_bytes, created_at
        FROM dead_letter ORDER BY dead_letter.id DESC LIMIT $1`,
      values: [limit],
    }),
    database.query<{ count: number }>({ text: "SELECT count(*)::int AS count FROM dead_letter" }),
  ]);
  const items = rows.map((row) => ({
    v: 1 as const,
    id: row.id,
    origin: row.origin,
    subject: row.subject,
    reason: row.reason,
    payload: row.payload.toString("base64"),
    payloadBytes: row.payload_bytes,
    at: row.created_at.toISOString(),
  }));
  return { items, total: counted.rows[0]?.count ?? 0 };
}
