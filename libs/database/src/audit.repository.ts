import type { AnswerOf, AuditEntry, QueryOf, Role } from "@basin/contracts";
import type { Database } from "./connection";
import { int4, int8, nullable, text, textOf, timestamptz, uuid } from "./sql-types";
import { composed, statement, type Parameter } from "./statement";

export interface NewAuditEntry {
  who: string | null;
  token: string | null;
  role: Role | null;
  project: string | null;
  what: string;
  target: string;
  status: number;
  address: string;
}

const addEntry = statement({
  name: "add-audit-entry",
  text: `INSERT INTO audit_entry (who, token_id, role, project, what, target, status, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
  parameters: [nullable(text), nullable(uuid), nullable(text), nullable(text), text, text, int4, text],
});

type AuditFilter = Omit<QueryOf<"listAudit">, "cursor" | "limit">;

function conditions(filter: AuditFilter, parameter: Parameter): string[] {
  const { who, what, project, search, from, to, status } = filter;
  const sql: string[] = [];
  if (who !== undefined) sql.push(`who = ${parameter(text, who)}`);
  if (what !== undefined) sql.push(`what = ${parameter(text, what)}`);
  if (project !== undefined) sql.push(`project = ${parameter(text, project)}`);
  if (search !== undefined && search !== "")
    sql.push(`strpos(lower(concat_ws(' ', target, address)), ${parameter(text, search.toLowerCase())}) > 0`);
  if (from !== undefined) sql.push(`at >= ${parameter(timestamptz, from)}`);
  if (to !== undefined) sql.push(`at < ${parameter(timestamptz, to)}`);
  if (status !== undefined) sql.push(`status = ${parameter(int4, status)}`);
  return sql;
}

const whereOf = (sql: readonly string[]): string => (sql.length > 0 ? `WHERE ${sql.join(" AND ")}` : "");
const time = "2026-01-01T00:00:00Z";
const everyFilter: AuditFilter[] = [{}, { who: "a", what: "a", project: "a", search: "a", from: time, to: time, status: 200 }];

const numberOfEntries = composed({
  row: { count: int4 },
  compose: (filter: AuditFilter, parameter) =>
    `SELECT count(*)::int AS count FROM audit_entry ${whereOf(conditions(filter, parameter))}`,
  variants: () => everyFilter,
});

interface AuditQuery {
  filter: AuditFilter;
  /** Id of the last entry of the page before. */
  before: string | null;
  limit: number;
}

const pageOfEntries = composed({
  row: {
    id: int8,
    at: timestamptz,
    who: nullable(text),
    role: nullable(textOf<Role>()),
    project: nullable(text),
    what: text,
    target: text,
    status: int4,
    address: text,
  },
  compose: ({ filter, before, limit }: AuditQuery, parameter) => {
    const where = conditions(filter, parameter);
    if (before !== null) where.push(`id < ${parameter(int8, before)}`);
    return `SELECT id, at, who, role, project, what, target, status, address FROM audit_entry ${whereOf(where)}
      ORDER BY id DESC LIMIT ${parameter(int8, limit + 1)}`;
  },
  variants: () => everyFilter.flatMap((filter) => [null, "1"].map((before) => ({ filter, before, limit: 1 }))),
});

/** Who changed what. Rows are added and read; the table's triggers refuse everything else. */
export class AuditRepository {
  constructor(private readonly database: Database) {}

  async add(entry: NewAuditEntry): Promise<void> {
    const { who, token, role, project, what, target, status, address } = entry;
    await this.database.query(addEntry(who, token, role, project, what, target, status, address));
  }

  /** Newest first; `next`: id of the last of the page when there are more. */
  async list(query: AuditQuery): Promise<Pick<AnswerOf<"listAudit">, "items" | "total"> & { next: string | null }> {
    const [{ rows }, counted] = await Promise.all([
      this.database.query(pageOfEntries(query)),
      this.database.query(numberOfEntries(query.filter)),
    ]);
    const items = rows.slice(0, query.limit).map((row): AuditEntry => ({ ...row, at: row.at.toISOString() }));
    return {
      items,
      next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null,
      total: counted.rows[0]?.count ?? 0,
    };
  }
}
