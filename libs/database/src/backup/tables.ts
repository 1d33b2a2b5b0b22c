import type { ClientBase } from "pg";

/** A table with the columns that a backup holds, in the order of the file. */
export interface TableShape {
  name: string;
  columns: string[];
}

export interface SequencePlace {
  name: string;
  last: string;
  called: boolean;
}

/** A name as SQL writes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const listed = (columns: readonly string[]): string => columns.map(quoted).join(", ");

/** Every table of the schema with its columns, those that others refer to before them. */
export async function readTables(client: ClientBase, schema = "public"): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY c.relname ORDER BY c.relname`,
    [schema],
  );
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `SELECT c.relname AS from, t.relname AS to FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
     WHERE k.contype = 'f' AND k.conparentid = 0 AND c.oid <> t.oid`,
    [schema],
  );
  const ordered: TableShape[] = [];
  let left = rows;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const ready = left.filter(({ name }) => !references.some((one) => one.from === name && waiting.has(one.to)));
    if (ready.length === 0) throw new Error(`the tables ${[...waiting].join(", ")} refer to each other in a circle`);
    ordered.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return ordered;
}

export async function readSequences(client: ClientBase): Promise<SequencePlace[]> {
  const { rows: names } = await client.query<{ name: string }>(
    "SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );
  const places: SequencePlace[] = [];
  for (const { name } of names) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${quoted(name)}`,
    );
    places.push(...rows.map((row) => ({ name, ...row })));
  }
  return places;
}

/** Tables that hold nothing of a single sweep. */
const outside = new Set([
  ...["_prisma_migrations", "answered_request", "audit_entry", "dead_letter", "leadership", "outbox", "pack_rate", "token"],
  ...["trainer_credential", "trainer_token"],
  // What a sweep needs of them is made where it is imported.
  ...["project", "project_member", "project_dataset"],
]);

/** Rows that a sweep shares with others: where they are already there, they stay as they are. */
export const sharedTables = new Set(["build", "dataset", "dataset_part", "external_experiment", "provenance", "trainer"]);

/** Which rows of a table are a sweep's own or are needed by it, as a condition; null: none. @throws for a table that nobody has judged */
export function rowsOfSweep(table: TableShape, sweepId: string): string | null {
  if (outside.has(table.name)) return null;
  const sweep = `'${sweepId.replaceAll("'", "''")}'`;
  const runs = `SELECT id FROM run WHERE sweep_id = ${sweep}`;
  const special: Record<string, string> = {
    sweep: `id = ${sweep}`,
    artifact_part: `content_id IN (SELECT id FROM artifact_content WHERE run_id IN (${runs}))`,
    trainer: `id IN (SELECT trainer_id FROM attempt WHERE run_id IN (${runs}))`,
    external_experiment: `id || '@' || hash IN (SELECT experiment FROM sweep WHERE id = ${sweep})`,
    build: `id IN (SELECT build FROM attempt WHERE run_id IN (${runs}) UNION SELECT build FROM sweep WHERE id = ${sweep})`,
    provenance: `id IN (SELECT a.provenance FROM attempt a WHERE a.run_id IN (${runs})
      UNION SELECT t.provenance FROM trainer t JOIN attempt a ON a.trainer_id = t.id WHERE a.run_id IN (${runs}))`,
    // Hexadecimal of a dataset's length is nothing else in a spec.
    dataset: `position(id IN (SELECT spec::text FROM sweep WHERE id = ${sweep})) > 0`,
    dataset_part: `position(dataset_id IN (SELECT spec::text FROM sweep WHERE id = ${sweep})) > 0`,
  };
  const condition = special[table.name];
  if (condition !== undefined) return condition;
  if (table.columns.includes("sweep_id")) return `sweep_id = ${sweep}`;
  if (table.columns.includes("run_id")) return `run_id IN (${runs})`;
  throw new Error(`whether rows of ${table.name} belong to a sweep is not said in libs/database/src/backup/tables.ts`);
}
