import type { PoolName, TrainerId, TrainerToken } from "@basin/contracts";
import type { Database } from "./connection";
import { statement } from "./statement";
import { bool, int4, nullable, text, timestamptz } from "./sql-types";

const columns = `t.id, t.name, t.pool, t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt",
    t.revoked_at AS "revokedAt", (SELECT count(*)::int FROM trainer_credential c WHERE c.token_id = t.id) AS trainers`;
const row = {
  id: text,
  name: text,
  pool: nullable(text),
  createdAt: timestamptz,
  expiresAt: nullable(timestamptz),
  lastUsedAt: nullable(timestamptz),
  revokedAt: nullable(timestamptz),
  trainers: int4,
};

const listTokens = statement({ text: `SELECT ${columns} FROM trainer_token t ORDER BY t.created_at DESC, t.id LIMIT 1000`, row });

const makeToken = statement({
  text: `WITH t AS (
      INSERT INTO trainer_token (id, name, pool, key, expires_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *
    ) SELECT ${columns} FROM t`,
  parameters: [text, text, nullable(text), text, nullable(timestamptz)],
  row,
});

const revokeToken = statement({
  text: `WITH t AS (
      UPDATE trainer_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING *
    ) SELECT ${columns} FROM t`,
  parameters: [text],
  row,
});

const joinTrainer = statement({
  text: `WITH t AS (
      UPDATE trainer_token SET last_used_at = now() WHERE id = $1 AND revoked_at IS NULL AND coalesce(expires_at > now(), true)
      RETURNING id, pool
    ), joined AS (
      INSERT INTO trainer_credential (trainer_id, key, pool, token_id) SELECT $2, $3, $4, t.id FROM t WHERE coalesce(t.pool, $4) = $4
      ON CONFLICT (trainer_id) DO UPDATE SET pool = excluded.pool, token_id = excluded.token_id, issued_at = now()
        WHERE trainer_credential.key = excluded.key
      RETURNING 1
    ) SELECT pool, EXISTS (SELECT 1 FROM joined) AS joined FROM t`,
  parameters: [text, text, text, text],
  row: { pool: nullable(text), joined: bool },
});

const poolOf = statement({
  text: "SELECT pool FROM trainer_credential WHERE trainer_id = $1",
  parameters: [text],
  row: { pool: text },
});

const revokedKeys = statement({
  text: `SELECT key, ceil(extract(epoch FROM revoked_at))::int AS at FROM trainer_token WHERE revoked_at IS NOT NULL
    UNION ALL SELECT c.key, ceil(extract(epoch FROM t.revoked_at))::int FROM trainer_credential c JOIN trainer_token t ON t.id = c.token_id
    WHERE t.revoked_at IS NOT NULL`,
  row: { key: text, at: int4 },
});

interface TokenRow extends Omit<TrainerToken, "createdAt" | "expiresAt" | "lastUsedAt" | "revokedAt"> {
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const tokenOf = ({ createdAt, expiresAt, lastUsedAt, revokedAt, ...token }: TokenRow): TrainerToken => ({
  ...token,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});

/** Tokens by which trainers join, and the key of each trainer that did. */
export class TrainerTokensRepository {
  constructor(private readonly database: Database) {}

  async list(): Promise<TrainerToken[]> {
    const { rows } = await this.database.query(listTokens());
    return rows.map(tokenOf);
  }

  /** One that is there already keeps its key and whether it counts. */
  async create(token: {
    id: string;
    name: string;
    pool: PoolName | null;
    key: string;
    expiresAt: Date | null;
  }): Promise<TrainerToken> {
    const { rows } = await this.database.query(makeToken(token.id, token.name, token.pool, token.key, token.expiresAt));
    const [made] = rows;
    if (!made) throw new Error("the token was not stored");
    return tokenOf(made);
  }

  /** Null: there is no such token. Revoking twice changes nothing. */
  async revoke(id: string): Promise<TrainerToken | null> {
    const { rows } = await this.database.query(revokeToken(id));
    return rows[0] ? tokenOf(rows[0]) : null;
  }

  /**
   * The key is the trainer's from now on, in the pool. A trainer that has another key stays who it is. The same key may ask again, by any token.
   */
  async join(
    token: string,
    trainer: TrainerId,
    key: string,
    pool: PoolName,
  ): Promise<"joined" | "unknown-token" | "other-pool" | "other-key"> {
    const { rows } = await this.database.query(joinTrainer(token, trainer, key, pool));
    const [found] = rows;
    if (!found) return "unknown-token";
    if (found.joined) return "joined";
    return (found.pool ?? pool) === pool ? "other-key" : "other-pool";
  }

  /** The pool that a trainer joined; null: it never did. */
  async poolOf(trainer: TrainerId): Promise<string | null> {
    const { rows } = await this.database.query(poolOf(trainer));
    return rows[0]?.pool ?? null;
  }

  /** Keys that count no longer, with the second until which what was signed for them does not. */
  async revoked(): Promise<Record<string, number>> {
    const { rows } = await this.database.query(revokedKeys());
    return Object.fromEntries(rows.map(({ key, at }) => [key, at]));
  }
}
