import type { DeadLetterV1 } from "@basin/contracts";
import type { Database } from "../connection";

/** The newest dead letters, and how many there are in all. */
export async function listDeadLetters(
  database: Database,
  limit: number,
): Promise<{ items: (DeadLetterV1 & { id: string })[]; total: number }> {
  const [letters, total] = await Promise.all([
    database.plain((records) => records.deadLetter.findMany({ orderBy: { id: "desc" }, take: limit })),
    database.plain((records) => records.deadLetter.count()),
  ]);
  const items = letters.map((letter) => ({
    v: 1 as const,
    id: letter.id.toString(),
    origin: letter.origin as DeadLetterV1["origin"],
    subject: letter.subject,
    reason: letter.reason,
    payload: Buffer.from(letter.payload).toString("base64"),
    payloadBytes: letter.payloadBytes,
    at: letter.createdAt.toISOString(),
  }));
  return { items, total };
}
