import { idempotencyHours } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { int4, json, text } from "./sql-types";
import { statement } from "./statement";

/** A request that its sender may repeat: the answers of one asker have keys of their own. */
export interface KeyedRequest {
  /** Id of the token, else `local`. */
  asker: string;
  key: string;
  /** Of all that is asked for: equal for a repetition. */
  sha256: string;
}

/** The request's key has an answer by now. */
class AnsweredError extends Error {
  override readonly name = "AnsweredError";
  constructor(key: string) {
    super(`a request with the key ${key} was answered meanwhile`);
  }
}

const forgetOld = statement({
  text: "DELETE FROM answered_request WHERE created_at < now() - make_interval(hours => $1)",
  parameters: [int4],
});

const insertAnswer = statement({
  text: "INSERT INTO answered_request (asker, key, request, answer) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
  parameters: [text, text, text, json()],
});

/** What keyed requests were answered. */
export class AnswersRepository {
  constructor(private readonly database: Database) {}

  /** Null: nothing was answered under the key. `other`: another request was. */
  async find({ asker, key, sha256 }: KeyedRequest): Promise<{ answer: unknown } | "other" | null> {
    const row = await this.database.plain((records) =>
      records.answeredRequest.findUnique({ select: { request: true, answer: true }, where: { asker_key: { asker, key } } }),
    );
    if (!row) return null;
    return row.request === sha256 ? { answer: row.answer } : "other";
  }

  /** Forgets old answers. Returns how many. Done by the leader alone. */
  async sweep(epoch: Epoch): Promise<number> {
    const old = forgetOld(idempotencyHours);
    const { rowCount } = await this.database.transaction((connection) => connection.query(old), { epoch });
    return rowCount ?? 0;
  }
}

/**
 * The last statement of the transaction that does what a keyed request asks for, so that deed and answer are kept together or not at
 * all. Waits for a transaction with the same key.
 * @throws AnsweredError when that one was committed: nothing of this one may be
 */
export async function keepAnswer(connection: Queryable, request: KeyedRequest, answer: unknown): Promise<void> {
  const { rowCount } = await connection.query(insertAnswer(request.asker, request.key, request.sha256, JSON.stringify(answer)));
  if (rowCount === 0) throw new AnsweredError(request.key);
}
