import type { Token } from "@basin/contracts";
import type { Database } from "./connection";
import { statement } from "./statement";
import { bool, int8, nullable, text, timestamptz, uuid } from "./sql-types";

const told = { id: true, name: true, createdAt: true, lastUsedAt: true, revokedAt: true };

interface TokenRow {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

function tokenOf({ id, name, createdAt, lastUsedAt, revokedAt }: TokenRow): Token {
  return {
    id,
    name,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

const lockKey = 72_707_370;

const columns = `id, name, created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;
const tokenColumns = {
  id: uuid,
  name: text,
  createdAt: timestamptz,
  lastUsedAt: nullable(timestamptz),
  revokedAt: nullable(timestamptz),
};

const lockTokens = statement({
  text: "SELECT pg_advisory_xact_lock($1)",
  parameters: [int8],
});

const storeFirstToken = statement({
  text: `INSERT INTO token (id, name, hash) SELECT $1::uuid, $2, $3
    WHERE NOT EXISTS (SELECT 1 FROM token WHERE revoked_at IS NULL) ON CONFLICT DO NOTHING`,
  parameters: [uuid, text, text],
});

const useToken = statement({
  name: "use-token",
  text: `SELECT ${columns}, coalesce(last_used_at < now() - interval '1 minute', true) AS stale
    FROM token WHERE hash = $1 AND revoked_at IS NULL`,
  parameters: [text],
  row: { ...tokenColumns, stale: bool },
});

const noteUse = statement({
  text: "UPDATE token SET last_used_at = now() WHERE id = $1",
  parameters: [uuid],
});

const revokeToken = statement({
  text: `UPDATE token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING ${columns}`,
  parameters: [uuid],
  row: tokenColumns,
});

/** Who may use the API. A token's text is never stored, only its hash. */
export class TokensRepository {
  constructor(private readonly database: Database) {}

  async list(): Promise<Token[]> {
    const newestFirst = [{ createdAt: "desc" as const }, { id: "asc" as const }];
    const rows = await this.database.plain((records) =>
      records.token.findMany({ select: told, orderBy: newestFirst, take: 1000 }),
    );
    return rows.map(tokenOf);
  }

  async create(token: { id: string; name: string; hash: string }): Promise<Token> {
    const { id, name } = token;
    return tokenOf(
      await this.database.plain((records) =>
        records.token.upsert({ select: told, where: { id }, create: token, update: { name } }),
      ),
    );
  }

  /** Stores the token unless one that is not revoked exists. Of several processes that try at once, one succeeds. */
  createFirst(token: { id: string; name: string; hash: string }): Promise<boolean> {
    return this.database.transaction(async (connection) => {
      await connection.query(lockTokens(lockKey));
      const { rowCount } = await connection.query(storeFirstToken(token.id, token.name, token.hash));
      return rowCount === 1;
    });
  }

  /** Whether any token is accepted. */
  async anyCounts(): Promise<boolean> {
    const any = await this.database.plain((records) =>
      records.token.findFirst({ select: { id: true }, where: { revokedAt: null } }),
    );
    return any !== null;
  }

  /** Those of these ids that are accepted still. */
  async stillCounting(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.plain((records) =>
      records.token.findMany({ select: { id: true }, where: { id: { in: [...ids] }, revokedAt: null } }),
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The token with this hash, unless it was revoked. Keeps, to the minute, when it was used last. */
  async use(hash: string): Promise<Token | null> {
    const { rows } = await this.database.query(useToken(hash));
    const row = rows[0];
    if (!row) return null;
    if (row.stale) await this.database.query(noteUse(row.id));
    return tokenOf(row);
  }

  /** Null: there is no such token. Revoking twice changes nothing. */
  async revoke(id: string): Promise<Token | null> {
    const { rows } = await this.database.query(revokeToken(id));
    return rows[0] ? tokenOf(rows[0]) : null;
  }
}
