import type { Token } from "@basin/contracts";
import type { Database } from "./connection";

interface TokenRow {
  id: string;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const columns = "id, name, created_at, last_used_at, revoked_at";

function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

const lockKey = 72_707_370;

/** Who may use the API. A token's text is never stored, only its hash. */
export class TokensRepository {
  constructor(private readonly database: Database) {}

  async list(): Promise<Token[]> {
    const { rows } = await this.database.query<TokenRow & { [column: string]: unknown }>({
      text: `SELECT ${columns} FROM token ORDER BY created_at DESC, id LIMIT 1000`,
    });
    return rows.map(tokenOf);
  }

  async create(token: { id: string; name: string; hash: string }): Promise<Token> {
    const { rows } = await this.database.query<TokenRow & { [column: string]: unknown }>({
      text: `INSERT INTO token (id, name, hash) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name RETURNING ${columns}`,
      values: [token.id, token.name, token.hash],
    });
    const row = rows[0];
    if (!row) throw new Error("the token was not stored");
    return tokenOf(row);
  }

  /** Stores the token unless one that is not revoked exists. Of several processes that try at once, one succeeds. */
  createFirst(token: { id: string; name: string; hash: string }): Promise<boolean> {
    return this.database.transaction(async (connection) => {
      await connection.query({ text: "SELECT pg_advisory_xact_lock($1)", values: [lockKey] });
      const { rowCount } = await connection.query({
        text: `INSERT INTO token (id, name, hash) SELECT $1::uuid, $2, $3
               WHERE NOT EXISTS (SELECT 1 FROM token WHERE revoked_at IS NULL) ON CONFLICT DO NOTHING`,
        values: [token.id, token.name, token.hash],
      });
      return rowCount === 1;
    });
  }

  /** Whether any token is accepted. */
  async anyCounts(): Promise<boolean> {
    const { rows } = await this.database.query<{ any: boolean }>({
      text: "SELECT EXISTS (SELECT 1 FROM token WHERE revoked_at IS NULL) AS any",
    });
    return rows[0]?.any ?? false;
  }

  /** Those of these ids that are accepted still. */
  async stillCounting(ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.database.query<{ id: string }>({
      name: "still-counting-tokens",
      text: "SELECT id FROM token WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL",
      values: [ids],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** The token with this hash, unless it was revoked. Keeps, to the minute, when it was used last. */
  async use(hash: string): Promise<Token | null> {
    const { rows } = await this.database.query<TokenRow & { stale: boolean } & { [column: string]: unknown }>({
      name: "use-token",
      text: `SELECT ${columns}, coalesce(last_used_at < now() - interval '1 minute', true) AS stale
             FROM token WHERE hash = $1 AND revoked_at IS NULL`,
      values: [hash],
    });
    const row = rows[0];
    if (!row) return null;
    if (row.stale) await this.database.query({ text: "UPDATE token SET last_used_at = now() WHERE id = $1", values: [row.id] });
    return tokenOf(row);
  }

  /** Null: there is no such token. Revoking twice changes nothing. */
  async revoke(id: string): Promise<Token | null> {
    const { rows } = await this.database.query<TokenRow & { [column: string]: unknown }>({
      text: `UPDATE token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING ${columns}`,
      values: [id],
    });
    return rows[0] ? tokenOf(rows[0]) : null;
  }
}
