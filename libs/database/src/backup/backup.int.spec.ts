import { RunId } from "@basin/contracts";
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { migrate } from "../migrate";
import { readAttempts } from "../reads/run-reads";
import { sweep as sweepId } from "../small-ledger.testing";
import { backupFile, emptyLedger, everything, grown } from "./grown-ledger.testing";
import { importSweep, restoreBackup } from "./restore";
import { writeBackup } from "./write-backup";

test("a restored ledger holds every row and byte of the one that was backed up, and goes on counting where it stood", async () => {
  const from = await grown(await emptyLedger());
  const file = await backupFile(from.database);
  const to = await emptyLedger();
  const summary = await restoreBackup(to.database, createReadStream(file));
  const there = await everything(from);
  expect(await everything(to)).toEqual(there);
  for (const { name, rows } of summary.tables) expect(rows, name).toBe(there[name]?.length);
  expect(summary.tables.filter(({ rows }) => rows === 0)).toEqual([]);
  await to.fresh.query("INSERT INTO outbox (subject, message_id, payload) VALUES ('s', 'm2', '{}')");
  await expect(restoreBackup(to.database, createReadStream(file))).rejects.toThrow(
    /holds a ledger with 2 sweeps; .* empty database only/,
  );
});

test("a backup is of one moment, whatever is written while it is made", async () => {
  const from = await grown(await emptyLedger());
  const before = await everything(from);
  const file = join(mkdtempSync(join(tmpdir(), "basin-backup-")), "backup.basin");
  let tables = 0;
  await writeBackup(from.database, createWriteStream(file), {
    progress: async () => {
      if (tables++ > 0) return;
      await from.fresh.query("UPDATE sweep SET name = 'later'; DELETE FROM metric_chunk; UPDATE run SET strikes = 9");
    },
  });
  expect(tables).toBe(Object.keys(before).length - 1);
  const to = await emptyLedger();
  await restoreBackup(to.database, createReadStream(file));
  expect(await everything(to)).toEqual(before);
});

test("one sweep is taken elsewhere with all that is its own and all that it needs, beside sweeps that are there", async () => {
  const from = await grown(await emptyLedger());
  const file = await backupFile(from.database, "aaaaaaaa");
  const to = await emptyLedger();
  await migrate(to.database);
  await to.fresh.query("INSERT INTO build (id, version) VALUES ('0123456789ab', 'known here')");
  const summary = await importSweep(to.database, createReadStream(file));
  expect(summary.sweep).toBe("aaaaaaaa");
  const [there, here] = [await everything(from), await everything(to)];
  const own = (rows: string[] | undefined): string[] => (rows ?? []).filter((row) => row.includes("aaaaaaaa"));
  for (const table of ["sweep", "search_event", "trial", "run", "attempt", "metric_chunk", "artifact", "artifact_content"]) {
    expect(own(here[table]), table).toEqual(own(there[table]));
    expect(here[table]?.length, table).toBe(own(there[table]).length);
    expect(own(here[table]).length, table).toBeGreaterThan(0);
  }
  expect(here["artifact_part"]).toEqual(there["artifact_part"]?.filter((row) => row.includes("0000000000c1")));
  expect(here["trainer"]).toEqual(there["trainer"]);
  expect(here["dataset"]).toEqual(there["dataset"]?.filter((row) => row.includes("dddd")));
  expect(here["dataset_part"]).toEqual(there["dataset_part"]);
  expect(here["build"]?.filter((row) => row.includes("known here"))).toHaveLength(1);
  expect(here["token"]).toEqual([]);
  await expect(importSweep(to.database, createReadStream(file))).rejects.toThrow("sweep aaaaaaaa is in this ledger already");
  expect((await readAttempts(to.database, RunId.parse("aaaaaaaa-0-0"))).map(({ state }) => state)).toEqual(["lost", "succeeded"]);
  expect(await to.fresh.query("SELECT nspname FROM pg_namespace WHERE nspname = 'basin_import'")).toEqual([]);
});

test("a file that is cut, changed or of another kind is refused, and leaves the database as it was", async () => {
  const from = await grown(await emptyLedger());
  const whole = readFileSync(await backupFile(from.database));
  const to = await emptyLedger();
  const plain = gunzipSync(whole);
  const changed = Buffer.from(plain);
  const place = changed.indexOf(Buffer.from("the loss is not finite"));
  changed.write("THE", place);
  const newer = Buffer.from(plain.toString("latin1").replace('"version":1', '"version":2'), "latin1");
  const foreign = Buffer.from(plain.toString("latin1").replaceAll("20261207090000_bounded", "20991207090000_bounded"), "latin1");
  const cases: [Buffer, RegExp][] = [
    [whole.subarray(0, whole.length - 20), /ends too early/],
    [gzipSync(plain.subarray(0, plain.length - 100)), /ends too early/],
    [gzipSync(changed), /rows of run are not those that were written/],
    [gzipSync(newer), /written by a newer version of Basin/],
    [gzipSync(foreign), /migration 20991207090000_bounded_dataset_facts, which this Basin lacks/],
    [Buffer.from("id,name\n"), /no backup of Basin/],
    [gzipSync("hello"), /no backup of Basin|ends too early/],
    [Buffer.alloc(0), /no backup of Basin|ends too early/],
    [readFileSync(await backupFile(from.database, "aaaaaaaa")), /holds one sweep, aaaaaaaa/],
  ];
  for (const [content, reason] of cases) {
    const file = join(mkdtempSync(join(tmpdir(), "basin-backup-")), "bad.basin");
    writeFileSync(file, content);
    await expect(restoreBackup(to.database, createReadStream(file)), String(reason)).rejects.toThrow(reason);
    expect(await everything(to)).toEqual({ sequences: [] });
  }
  await migrate(to.database);
  await expect(importSweep(to.database, Readable.from([whole]))).rejects.toThrow(/holds a whole ledger/);
  await expect(backupFile(from.database, sweepId)).rejects.toThrow(`there is no sweep ${sweepId}`);
});
