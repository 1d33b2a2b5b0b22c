import { createReadStream } from "node:fs";
import { unchecked } from "@basin/testing";
import { expect, test } from "vitest";
import { migrate, readMigrations } from "../migrate";
import { findMigrationsFolder } from "../migrations-folder";
import { backupFile, emptyLedger, everything, grown } from "./grown-ledger.testing";
import { restoreBackup } from "./restore";

test("every earlier schema migrates with data, from the database itself and from a backup of its time", async () => {
  const names = (await readMigrations(findMigrationsFolder())).map(({ name }) => name);
  for (const last of names) {
    const then = await grown(await emptyLedger(), last);
    const file = await backupFile(then.database);
    await migrate(then.database);
    const restored = await emptyLedger();
    await restoreBackup(restored.database, createReadStream(file));
    const [a, b] = [await everything(then), await everything(restored)];
    // Rows of migrations that came later have ids and times of their own.
    delete a["_prisma_migrations"];
    delete b["_prisma_migrations"];
    for (const one of [a, b]) if (last < "20261130090000_leadership") delete one["leadership"];
    for (const one of [a, b])
      if (last < "20261201100000_builds") one["build"] = (one["build"] ?? []).map((row) => row.split(",")[0] ?? "");
    expect(b, last).toEqual(a);
    const { rows } = await then.database.query(unchecked<{ runs: number }>("SELECT count(*)::int AS runs FROM run"));
    expect(rows[0]?.runs).toBe(9);
  }
});
