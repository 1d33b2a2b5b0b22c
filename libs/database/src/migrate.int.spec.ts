import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshDatabase, unchecked } from "@basin/testing";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "./connection";
import { migrate } from "./migrate";
import { findMigrationsFolder } from "./migrations-folder";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function emptyDatabase(): Promise<{ database: Database; url: string }> {
  const { url } = await freshDatabase();
  const database = new Database({ url, log });
  onTestFinished(() => database.close());
  return { database, url };
}

/** A copy of the migrations that a test may change. */
function copiedMigrations(): string {
  const folder = join(mkdtempSync(join(tmpdir(), "basin-migrations-")), "migrations");
  cpSync(findMigrationsFolder(), folder, { recursive: true });
  return folder;
}

test("applies every migration once, from several processes at the same time, and writes Prisma's rows", async () => {
  const { database, url } = await emptyDatabase();
  const other = new Database({ url, log });
  onTestFinished(() => other.close());
  const applied = await Promise.all([migrate(database), migrate(other), migrate(database)]);
  const names = applied.flat();
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
  expect(await migrate(database)).toEqual([]);
  const { rows } = await database.query(unchecked(`SELECT * FROM "_prisma_migrations" ORDER BY migration_name`));
  expect(rows.map((row) => row["migration_name"])).toEqual([...names].sort());
  for (const row of rows) {
    const file = readFileSync(join(findMigrationsFolder(), String(row["migration_name"]), "migration.sql"));
    expect(row["checksum"]).toBe(createHash("sha256").update(file).digest("hex"));
    expect(row["finished_at"]).toBeInstanceOf(Date);
    expect(row["applied_steps_count"]).toBe(1);
    expect(row["rolled_back_at"]).toBeNull();
  }
});

test("refuses a migration that was edited after it was applied", async () => {
  const { database } = await emptyDatabase();
  const folder = copiedMigrations();
  const [first] = await migrate(database, folder);
  writeFileSync(join(folder, String(first), "migration.sql"), "-- something else");
  await expect(migrate(database, folder)).rejects.toThrow(/was edited after it was applied/);
});

test("undoes a migration that fails and names it; the ones before stay", async () => {
  const { database } = await emptyDatabase();
  const folder = copiedMigrations();
  mkdirSync(join(folder, "20990101000000_broken"));
  writeFileSync(join(folder, "20990101000000_broken", "migration.sql"), "CREATE TABLE half (id int); SELECT * FROM nowhere;");
  await expect(migrate(database, folder)).rejects.toThrow(/20990101000000_broken failed and was undone: relation "nowhere"/);
  const { rows } = await database.query(unchecked("SELECT to_regclass('half') AS half, to_regclass('sweep') AS sweep"));
  expect(rows[0]).toEqual({ half: null, sweep: "sweep" });
});

test("refuses a database that a newer version has migrated", async () => {
  const { database } = await emptyDatabase();
  await migrate(database);
  const empty = mkdtempSync(join(tmpdir(), "basin-migrations-"));
  await expect(migrate(database, empty)).rejects.toThrow(/written by a newer version/);
});

test("trials planned before conditions were noted are told which of their parameters do not apply", async () => {
  const { database } = await emptyDatabase();
  const folder = copiedMigrations();
  const all = join(folder, "..", "all");
  cpSync(folder, all, { recursive: true });
  for (const name of readdirSync(folder))
    if (name >= "20261201120000_inapplicable") rmSync(join(folder, name), { recursive: true });
  await migrate(database, folder);
  const layers = { type: "choice", values: [[64], [64, 32]] };
  const spaces = {
    aaaaaaaa: {
      hiddenLayers: layers,
      optimizer: { type: "choice", values: ["sgd", "momentum"], when: { parameter: "hiddenLayers", in: [[64, 32]] } },
      momentum: { type: "fixed", value: 0.9, when: { parameter: "optimizer", in: ["momentum"] } },
    },
    bbbbbbbb: { hiddenLayers: layers },
  };
  const configurations = [
    { hiddenLayers: [64], optimizer: "momentum", momentum: 0.9 },
    { hiddenLayers: [64, 32], optimizer: "sgd", momentum: 0.9 },
    { hiddenLayers: [64, 32], optimizer: "momentum", momentum: 0.9 },
  ];
  for (const [id, space] of Object.entries(spaces)) {
    await database.query(
      unchecked(
        `INSERT INTO sweep (id, name, experiment, spec, objective_metric, minimize, pool, priority, tags, seeds, search_state)
         VALUES ($1, 'x', 'x', $2, 'x', true, 'default', 0, '{}', '{0}', '{}')`,
        [id, JSON.stringify({ space })],
      ),
    );
    for (const [index, parameters] of configurations.entries())
      await database.query(
        unchecked("INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total) VALUES ($1, $2, $3, 'k', 1)", [
          id,
          index,
          JSON.stringify(parameters),
        ]),
      );
  }
  await migrate(database, all);
  const { rows } = await database.query(unchecked("SELECT inapplicable FROM trial ORDER BY sweep_id, index"));
  expect(rows.map((row) => row["inapplicable"])).toEqual([["momentum", "optimizer"], ["momentum"], [], [], [], []]);
});

test("facts of datasets from before they were bounded list the most frequent categories, and previews the first columns", async () => {
  const { database } = await emptyDatabase();
  const folder = copiedMigrations();
  const all = join(folder, "..", "all");
  cpSync(folder, all, { recursive: true });
  for (const name of readdirSync(folder))
    if (name >= "20261207090000_bounded_dataset_facts") rmSync(join(folder, name), { recursive: true });
  await migrate(database, folder);
  const categories = Array.from({ length: 80 }, (_, i) => ({
    name: i === 70 ? "x".repeat(101) : `n${i}`,
    count: i === 70 ? 9 : 1,
  }));
  const few = [
    { name: "b", count: 2 },
    { name: "a", count: 3 },
  ];
  const facts = {
    format: "csv",
    rows: 20,
    columns: [
      { name: "x", type: "number", categories: [] },
      { name: "many", type: "category", categories },
      { name: "few", type: "category", categories: few },
    ],
    arrays: [],
  };
  const rows = [
    [1, "y".repeat(200), null, ...Array.from({ length: 200 }, (_, i) => i)],
    [2, "short", "z"],
  ];
  const npz = { format: "npz", rows: 2, columns: [], arrays: [{ name: "a" }] };
  for (const [id, kept, preview] of [
    ["a", facts, rows],
    ["b", npz, [[1], [2]]],
  ] as const)
    await database.query(
      unchecked(
        `INSERT INTO dataset (id, name, facts, preview, bytes, content_bytes, content_sha256) VALUES ($1, 'x', $2, $3, 1, 1, 'x')`,
        [id, JSON.stringify(kept), JSON.stringify(preview)],
      ),
    );
  await migrate(database, all);
  const { rows: stored } = await database.query(unchecked("SELECT facts, preview FROM dataset ORDER BY id"));
  const first = { name: `${"x".repeat(99)}…`, count: 9 };
  expect(stored).toEqual([
    {
      facts: {
        ...facts,
        columns: [
          facts.columns[0],
          { name: "many", type: "category", categories: [first, ...categories.slice(0, 49)], categoriesLeftOut: 30 },
          { name: "few", type: "category", categories: few.toReversed() },
        ],
      },
      preview: [[1, `${"y".repeat(99)}…`, null, ...Array.from({ length: 97 }, (_, i) => i)], rows[1]],
    },
    { facts: npz, preview: [[1], [2]] },
  ]);
});
