import type { Readable } from "node:stream";
import type { Client } from "pg";
import type { Database } from "../connection";
import { applySql, lockMigrations, migrate, migrationTable, readMigrations, type Migration } from "../migrate";
import { findMigrationsFolder } from "../migrations-folder";
import type { BackupHead, BackupProgress, BackupSummary } from "./backup-format";
import { BackupFault } from "./frames";
import { copyIn, openBackup } from "./read-backup";
import { listed, quoted, readTables, sharedTables } from "./tables";

/** The migrations that made a file's tables. @throws BackupFault where this Basin lacks one, or has another text of it */
async function migrationsOf(head: BackupHead): Promise<Migration[]> {
  const known = new Map((await readMigrations(findMigrationsFolder())).map((one) => [one.name, one]));
  return head.migrations.map(({ name, checksum }) => {
    const migration = known.get(name);
    if (migration === undefined)
      throw new BackupFault(`the file has migration ${name}, which this Basin lacks: it was written by a newer version`);
    if (migration.checksum !== checksum)
      throw new BackupFault(`migration ${name} of the file is not the one of this Basin: their SHA-256 differ`);
    return migration;
  });
}

/** Does all of it in one transaction, or nothing, while no other process migrates. */
async function atOnce<T>(database: Database, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await database.dedicatedClient("basin-restore");
  try {
    await client.query("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0");
    await lockMigrations(client);
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } finally {
    // A transaction that did not commit, and a COPY that broke off, end with their connection.
    await client.end();
  }
}

/**
 * Fills an empty database with a backup, all of it or nothing, and then applies the migrations that are newer than the file.
 * @throws BackupFault where the database is not empty, or the file is not whole
 */
export async function restoreBackup(database: Database, input: Readable, progress?: BackupProgress): Promise<BackupSummary> {
  const backup = await openBackup(input);
  try {
    const { head } = backup;
    if (head.sweep !== null)
      throw new BackupFault(`the file holds one sweep, ${head.sweep}: add it to a ledger with \`basin import\``);
    const migrations = await migrationsOf(head);
    const summary = await atOnce(database, async (client) => {
      await refuseFilled(client, database.address());
      await client.query(migrationTable);
      await makeTables(client, migrations, head);
      const filled = await copyIn(client, backup, "public", progress);
      for (const { name, last, called } of head.sequences)
        await client.query("SELECT setval($1::text::regclass, $2::bigint, $3)", [`public.${quoted(name)}`, last, called]);
      return filled;
    });
    await migrate(database);
    return summary;
  } finally {
    await backup.close();
  }
}

/** The tables of a file, without the rows that migrations put there: those are in the file. */
async function makeTables(client: Client, migrations: readonly Migration[], head: BackupHead): Promise<void> {
  for (const migration of migrations) await applySql(client, migration);
  if (head.tables.length > 0) await client.query(`TRUNCATE ${listed(head.tables.map(({ name }) => name))} CASCADE`);
}

async function refuseFilled(client: Client, address: string): Promise<void> {
  const tables = await readTables(client);
  if (tables.length === 0) return;
  const { rows } = tables.some(({ name }) => name === "sweep")
    ? await client.query<{ sweeps: string }>("SELECT count(*) AS sweeps FROM sweep")
    : { rows: [] };
  const what = rows[0] === undefined ? `${tables.length} tables` : `a ledger with ${rows[0].sweeps} sweeps`;
  throw new BackupFault(`the database ${address} holds ${what}; a backup is restored into an empty database only`);
}

/** Where a sweep's rows are made what this Basin's tables hold, within the importing transaction. */
const draft = "basin_import";

/**
 * Adds the sweep of a file to a ledger: its rows are first made what they would be after all migrations, in tables of their own. Datasets,
 * trainers and builds that are there already stay as they are.
 * @throws BackupFault where the sweep is there already, or the file is not whole
 */
export async function importSweep(database: Database, input: Readable, progress?: BackupProgress): Promise<BackupSummary> {
  const backup = await openBackup(input);
  try {
    const { head } = backup;
    const { sweep } = head;
    if (sweep === null)
      throw new BackupFault("the file holds a whole ledger: restore it into an empty database with `basin restore`");
    const migrations = await migrationsOf(head);
    await migrate(database);
    const newer = (await readMigrations(findMigrationsFolder())).filter(
      ({ name }) => !migrations.some((one) => one.name === name),
    );
    return await atOnce(database, async (client) => {
      const { rowCount } = await client.query("SELECT 1 FROM public.sweep WHERE id = $1", [sweep]);
      if (rowCount !== 0) throw new BackupFault(`sweep ${sweep} is in this ledger already`);
      await client.query(`CREATE SCHEMA ${draft}; SET LOCAL search_path TO ${draft}`);
      await makeTables(client, migrations, head);
      const filled = await copyIn(client, backup, draft, progress);
      for (const migration of newer) await applySql(client, migration);
      await moveDraft(client, new Set(filled.tables.map(({ name }) => name)));
      return filled;
    });
  } finally {
    await backup.close();
  }
}

async function moveDraft(client: Client, filled: ReadonlySet<string>): Promise<void> {
  const { rows: enums } = await client.query<{ table: string; column: string; type: string }>(
    `SELECT c.relname AS table, a.attname AS column, format_type(p.oid, null) AS type
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     JOIN pg_type p ON p.oid = a.atttypid AND p.typtype = 'e' WHERE a.attnum > 0 AND NOT a.attisdropped`,
  );
  for (const { name, columns } of await readTables(client)) {
    if (!filled.has(name)) continue;
    // A type of the draft is another one than its namesake.
    const values = columns.map((column) => {
      const type = enums.find((one) => one.table === name && one.column === column)?.type;
      return type === undefined ? quoted(column) : `${quoted(column)}::text::${type}`;
    });
    await client.query(
      `INSERT INTO public.${quoted(name)} (${listed(columns)}) SELECT ${values.join(", ")} FROM ${draft}.${quoted(name)}` +
        (sharedTables.has(name) ? " ON CONFLICT DO NOTHING" : ""),
    );
  }
  if (filled.has("dataset"))
    await client.query(
      `INSERT INTO public.project_dataset (project, dataset_id, name, owner)
       SELECT s.project, d.id, d.name, s.owner FROM ${draft}.dataset d, ${draft}.sweep s ON CONFLICT DO NOTHING`,
    );
  await client.query(`DROP SCHEMA ${draft} CASCADE`);
}
