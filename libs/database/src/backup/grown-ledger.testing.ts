import { createWriteStream, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshDatabase, type FreshDatabase } from "@basin/testing";
import { onTestFinished } from "vitest";
import { Database } from "../connection";
import { applySql, migrationTable, readMigrations } from "../migrate";
import { findMigrationsFolder } from "../migrations-folder";
import { readTables } from "./tables";
import { writeBackup } from "./write-backup";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const fixtures = join(import.meta.dirname, "..", "..", "fixtures");

interface GrownLedger {
  fresh: FreshDatabase;
  database: Database;
}

export async function emptyLedger(): Promise<GrownLedger> {
  const fresh = await freshDatabase();
  const database = new Database({ url: fresh.url, log });
  onTestFinished(() => database.close());
  return { fresh, database };
}

/** Every earlier schema with rows that it allowed: after each migration the rows of its fixture are written, up to and with `last`. */
export async function grown(ledger: GrownLedger, last = "~"): Promise<GrownLedger> {
  const client = await ledger.database.dedicatedClient("spec");
  try {
    await client.query(migrationTable);
    for (const migration of (await readMigrations(findMigrationsFolder())).filter(({ name }) => name <= last)) {
      await applySql(client, migration);
      await client.query(
        `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
         VALUES (gen_random_uuid()::text, $1, $2, now(), now(), 1)`,
        [migration.checksum, migration.name],
      );
      const file = join(fixtures, `${migration.name}.sql`);
      if (!existsSync(file))
        throw new Error(`${file} is missing: rows that the tables of this migration allow, and the ones before did not`);
      await client.query(readFileSync(file, "utf8"));
    }
  } finally {
    await client.end();
  }
  return ledger;
}

/** Every row of every table as text, in the order of the text, and where every sequence stands. */
export async function everything({ database, fresh }: GrownLedger): Promise<Record<string, string[]>> {
  const client = await database.dedicatedClient("spec");
  try {
    await client.query("SET bytea_output = 'hex'; SET extra_float_digits = 3; SET timezone = 'UTC'");
    const found: Record<string, string[]> = {};
    for (const { name, columns } of await readTables(client)) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT (t.*)::text AS row FROM (SELECT ${columns.map((column) => `"${column}"`).join(", ")} FROM "${name}") t ORDER BY 1`,
      );
      found[name] = rows.map(({ row }) => row);
    }
    const places = await fresh.query<{ place: string }>(
      "SELECT sequencename || ' ' || coalesce(last_value::text, 'none') AS place FROM pg_sequences ORDER BY 1",
    );
    return { ...found, sequences: places.map(({ place }) => place) };
  } finally {
    await client.end();
  }
}

export async function backupFile(database: Database, sweep: string | null = null): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "basin-backup-")), "backup.basin");
  await writeBackup(database, createWriteStream(file), { sweep });
  return file;
}
