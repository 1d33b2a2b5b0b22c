import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { workspaceRoot } from "@basin/stack";
import { Client } from "pg";
import { inject, onTestFailed, onTestFinished } from "vitest";
import type {} from "./servers.global-setup";

export interface FreshDatabase {
  url: string;
  name: string;
  /** Runs one statement with parameters on a connection of its own. */
  query<Row extends Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

export interface FreshDatabaseOptions {
  /**
   * Applies the migrations to the database at a URL. It runs once per test run, content of prisma/migrations and text of this
   * function; every later database is a copy of the first. Without it the database is empty.
   */
  migrate?: (url: string) => Promise<unknown>;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

function templateKey(migrate: (url: string) => Promise<unknown>): string {
  const hash = createHash("sha256").update(migrate.toString());
  const folder = join(workspaceRoot(), "prisma", "migrations");
  for (const name of readdirSync(folder).sort()) {
    if (!statSync(join(folder, name)).isDirectory()) continue;
    hash.update(name).update(readFileSync(join(folder, name, "migration.sql")));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The name of a migrated template; test workers that want it at the same time wait for the one that makes it. */
async function templateDatabase(server: string, migrate: (url: string) => Promise<unknown>): Promise<string> {
  const name = `template_${templateKey(migrate)}`;
  await withClient(server, async (client) => {
    await client.query("select pg_advisory_lock(72341)");
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount !== 0) return;
    const draft = `draft_${randomBytes(6).toString("hex")}`;
    await client.query(`create database ${draft}`);
    await migrate(urlOf(server, draft));
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [draft]);
    await client.query(`alter database ${draft} rename to ${name}`);
  });
  return name;
}

/**
 * A database of its own, on the server that the run shares. Made inside a test or a beforeEach hook it is dropped when the test
 * passed, and kept, with its URL printed, when it failed; elsewhere the caller drops it.
 */
export async function freshDatabase(options: FreshDatabaseOptions = {}): Promise<FreshDatabase> {
  const server = inject("postgresUrl");
  const template = options.migrate ? await templateDatabase(server, options.migrate) : "template1";
  const name = `test_${randomBytes(6).toString("hex")}`;
  const url = urlOf(server, name);
  await withClient(server, (client) => client.query(`create database ${name} template ${template} strategy file_copy`));
  const drop = (): Promise<void> =>
    withClient(server, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  let failed = false;
  try {
    onTestFailed(() => {
      failed = true;
      appendFileSync(join(inject("serversDirectory"), "kept-databases"), `  ${url}\n`);
    });
    onTestFinished(async () => {
      if (!failed) await drop();
    });
  } catch {
    // Outside of a test (beforeAll): the caller owns it.
  }
  return {
    url,
    name,
    drop,
    query: async <Row extends Record<string, unknown>>(sql: string, parameters: unknown[] = []) =>
      withClient(url, async (client) => (await client.query<Row>(sql, parameters)).rows),
  };
}
