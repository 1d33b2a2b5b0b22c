import type { MemberRole, Role, Token, TokenScope } from "@basin/contracts";
import type { Database } from "./connection";
import { bool, int4, int8, listOf, nullable, text, textOf, timestamptz, uuid } from "./sql-types";
import { statement } from "./statement";

/** As it is stored; its secret only as a hash. */
export interface StoredToken {
  id: string;
  name: string;
  hash: string;
  role: Role;
  project: string | null;
  scope: TokenScope;
  pool: string | null;
  kind: Token["kind"];
  /** Null: never. */
  expiresInSeconds: number | null;
  /** The token that a session was opened with: it ends with that one. */
  parent: string | null;
}

const columns = `t.id, t.name, t.role, t.project, t.scope, t.pool, t.kind, t.created_at, t.last_used_at, t.expires_at, t.revoked_at`;
const tokenColumns = {
  id: uuid,
  name: text,
  role: textOf<Role>(),
  project: nullable(text),
  scope: textOf<TokenScope>(),
  pool: nullable(text),
  kind: textOf<Token["kind"]>(),
  created_at: timestamptz,
  last_used_at: nullable(timestamptz),
  expires_at: nullable(timestamptz),
  revoked_at: nullable(timestamptz),
};

interface TokenRow extends Omit<Token, "createdAt" | "lastUsedAt" | "expiresAt" | "revokedAt"> {
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
}

function tokenOf({ id, name, role, project, scope, pool, kind, ...row }: TokenRow): Token {
  return {
    ...{ id, name, role, project, scope, pool, kind },
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

const lockKey = 72_707_370;

/** A viewer's and a member's token counts as long as they are in its project. */
const member = "LEFT JOIN project_member m ON m.project = t.project AND m.person = t.name";
const counts =
  "t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()) AND (t.role IN ('admin', 'trainer') OR m.role IS NOT NULL) " +
  "AND NOT EXISTS (SELECT 1 FROM token p WHERE p.id = t.parent_id AND (p.revoked_at IS NOT NULL OR p.expires_at <= now()))";

const everyToken = statement({
  text: `SELECT ${columns} FROM token t WHERE $1::text IS NULL OR (t.name = $1 AND t.project = $2) ORDER BY t.created_at DESC, t.id LIMIT 1000`,
  parameters: [nullable(text), nullable(text)],
  row: tokenColumns,
});

const lockTokens = statement({
  text: "SELECT pg_advisory_xact_lock($1)",
  parameters: [int8],
});

const storeToken = statement({
  text: `INSERT INTO token AS t (id, name, hash, role, project, scope, pool, kind, expires_at, parent_id)
    SELECT $1::uuid, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9::int), $10
    WHERE NOT $11::bool OR NOT EXISTS (SELECT 1 FROM token o WHERE o.role = 'admin' AND o.revoked_at IS NULL AND (o.expires_at IS NULL OR o.expires_at > now()))
    ON CONFLICT DO NOTHING RETURNING ${columns}`,
  parameters: [uuid, text, text, text, nullable(text), text, nullable(text), text, nullable(int4), nullable(uuid), bool],
  row: tokenColumns,
});

const joinProject = statement({
  text: `INSERT INTO project_member (project, person, role) VALUES ($1, $2, $3)
    ON CONFLICT (project, person) DO UPDATE SET role = excluded.role WHERE $4::bool AND project_member.role <> excluded.role`,
  parameters: [text, text, text, bool],
});

const anyAdmin = statement({
  text: `SELECT EXISTS (SELECT 1 FROM token t ${member} WHERE t.role = 'admin' AND ${counts}) AS there`,
  row: { there: bool },
});

const countingTokens = statement({
  name: "counting-tokens",
  text: `SELECT t.id FROM token t ${member} WHERE t.id = ANY($1::uuid[]) AND ${counts}`,
  parameters: [listOf(uuid)],
  row: { id: uuid },
});

const useToken = statement({
  name: "use-token",
  text: `SELECT ${columns}, m.role AS member, coalesce(t.last_used_at < now() - interval '1 minute', true) AS stale
    FROM token t ${member} WHERE t.hash = $1 AND ${counts}`,
  parameters: [text],
  row: { ...tokenColumns, member: nullable(textOf<MemberRole>()), stale: bool },
});

const noteUse = statement({
  text: "UPDATE token SET last_used_at = now() WHERE id = $1",
  parameters: [uuid],
});

const revokeToken = statement({
  text: `UPDATE token t SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 AND ($2::text IS NULL OR (name = $2 AND project = $3))
    RETURNING ${columns}`,
  parameters: [uuid, nullable(text), nullable(text)],
  row: tokenColumns,
});

const endSession = statement({
  text: `UPDATE token SET revoked_at = now() WHERE id = $1 AND kind = 'session' AND revoked_at IS NULL`,
  parameters: [uuid],
});

const endSessions = statement({
  text: `UPDATE token SET revoked_at = now() WHERE name = $1 AND kind = 'session' AND revoked_at IS NULL`,
  parameters: [text],
});

/** Whose tokens: of a person in a project; null: everybody's. */
type Whose = { name: string; project: string | null } | null;

/** Who may use the API. A token's text is never stored, only its hash. */
export class TokensRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, at most 1,000. */
  async list(whose: Whose): Promise<Token[]> {
    const { rows } = await this.database.query(everyToken(whose?.name ?? null, whose?.project ?? null));
    return rows.map(tokenOf);
  }

  /**
   * A viewer or member joins the token's project; one who is in it keeps their role unless `setRole`. `first`: only while no admin's token counts;
   * null when one does. Of several processes that try that at once, one succeeds.
   */
  create(token: StoredToken, options: { first?: boolean; setRole?: boolean } = {}): Promise<Token | null> {
    const { id, name, hash, role, project, scope, pool, kind, expiresInSeconds, parent } = token;
    const insert = storeToken(id, name, hash, role, project, scope, pool, kind, expiresInSeconds, parent, options.first === true);
    return this.database.transaction(async (connection) => {
      if (options.first === true) await connection.query(lockTokens(lockKey));
      if (project !== null && (role === "viewer" || role === "member"))
        await connection.query(joinProject(project, name, role, options.setRole === true));
      const { rows } = await connection.query(insert);
      return rows[0] ? tokenOf(rows[0]) : null;
    });
  }

  /** Whether any admin's token is accepted. */
  async anyAdmin(): Promise<boolean> {
    const { rows } = await this.database.query(anyAdmin());
    return rows[0]?.there === true;
  }

  /** Those of these ids that are accepted still. */
  async stillCounting(ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.database.query(countingTokens(ids));
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * The token with this hash, if it counts, with what its bearer may do: no more than they may in its project. Keeps, to the minute, when it
   * was used last.
   */
  async use(hash: string): Promise<Token | null> {
    const { rows } = await this.database.query(useToken(hash));
    const row = rows[0];
    if (!row) return null;
    if (row.stale) await this.database.query(noteUse(row.id));
    const token = tokenOf(row);
    return token.role === "member" && row.member === "viewer" ? { ...token, role: "viewer" } : token;
  }

  /** Null: there is no such token. Revoking twice changes nothing. */
  async revoke(id: string, whose: Whose): Promise<Token | null> {
    const { rows } = await this.database.query(revokeToken(id, whose?.name ?? null, whose?.project ?? null));
    return rows[0] ? tokenOf(rows[0]) : null;
  }

  async endSession(id: string): Promise<void> {
    await this.database.query(endSession(id));
  }

  /** Ends every session of a name; how many there were. */
  async endSessions(name: string): Promise<number> {
    const { rowCount } = await this.database.query(endSessions(name));
    return rowCount ?? 0;
  }
}
