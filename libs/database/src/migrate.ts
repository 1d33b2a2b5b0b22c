import { messageOf } from "@basin/contracts";
import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClientBase } from "pg";
import type { Database } from "./connection";
import { findMigrationsFolder } from "./migrations-folder";

/** Any constant serves; Prisma's own tool takes 72707369, so that the two never run at the same time. */
const lockKey = 72_707_369;

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

export const migrationTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) NOT NULL PRIMARY KEY,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** Held until the connection ends. */
export async function lockMigrations(client: ClientBase): Promise<void> {
  await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
}

/** The text alone, in the caller's transaction. */
export async function applySql(client: ClientBase, migration: Migration): Promise<void> {
  await client.query(migration.sql);
}

/**
 * Applies the migrations that the database lacks, in the order of their names, each in one transaction, under an advisory
 * lock; safe from any number of processes at once. Writes the rows of `_prisma_migrations` that `prisma migrate deploy`
 * would. Returns the names applied. Rejects when an applied migration was edited, failed half-way or is unknown here.
 */
export async function migrate(database: Database, folder: string = findMigrationsFolder()): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = await database.dedicatedClient("basin-migrate");
  try {
    await lockMigrations(client);
    await client.query(migrationTable);
    const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
      `SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`,
    );
    const applied = new Map(rows.map((row) => [row.migration_name, row]));
    const known = new Set(migrations.map((migration) => migration.name));
    for (const name of applied.keys()) {
      if (!known.has(name)) {
        throw new Error(`the database has migration ${name}, which ${folder} lacks: it was written by a newer version of Basin`);
      }
    }
    const done: string[] = [];
    for (const migration of migrations) {
      const row = applied.get(migration.name);
      if (row) {
        refuseChanged(migration, row);
        continue;
      }
      await client.query("BEGIN");
      try {
        await applySql(client, migration);
        await client.query(
          `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
           VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
          [randomUUID(), migration.checksum, migration.name],
        );
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK");
        const reason = messageOf(error);
        throw new Error(`migration ${migration.name} failed and was undone: ${reason}`, { cause: error });
      }
      done.push(migration.name);
    }
    return done;
  } finally {
    await client.end();
  }
}

function refuseChanged(migration: Migration, row: { checksum: string; finished_at: Date | null }): void {
  if (row.finished_at === null) {
    throw new Error(
      `migration ${migration.name} was begun elsewhere and never finished; repair it with \`prisma migrate resolve\``,
    );
  }
  if (row.checksum !== migration.checksum) {
    throw new Error(
      `migration ${migration.name} was edited after it was applied (sha256 ${row.checksum} then, ${migration.checksum} now); ` +
        "restore the file and write a new migration instead",
    );
  }
}

/** In the order in which they are applied. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(join(folder, name, "migration.sql"));
      return { name, sql: content.toString("utf8"), checksum: createHash("sha256").update(content).digest("hex") };
    }),
  );
}
