import { eventually, freshDatabase } from "@basin/testing";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "./connection";
import { tryLead } from "./leader-lock";
import { float8Array, int4Array } from "./postgres-arrays";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function open(): Promise<Database> {
  const { url } = await freshDatabase();
  const database = new Database({ url, log });
  onTestFinished(() => database.close());
  return database;
}

const killOthers = {
  text: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
};

test("work goes on when the server ends its connections, idle ones and those in a transaction", async () => {
  const database = await open();
  await database.query({ text: "CREATE TABLE counted (n int)" });
  let tries = 0;
  await database.transaction(async (connection) => {
    tries++;
    await connection.query({ text: "INSERT INTO counted VALUES (1)" });
    if (tries === 1) await database.query(killOthers);
    await connection.query({ text: "INSERT INTO counted VALUES (2)" });
  });
  expect(tries).toBe(2);
  const { rows } = await database.query({ text: "SELECT array_agg(n ORDER BY n) AS n FROM counted" });
  expect(rows[0]).toEqual({ n: [1, 2] });
  await database.query(killOthers);
  expect(await database.prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
});

test("a transaction that throws leaves nothing behind", async () => {
  const database = await open();
  await database.query({ text: "CREATE TABLE counted (n int)" });
  const work = database.transaction(async (connection) => {
    await connection.query({ text: "INSERT INTO counted VALUES (1)" });
    throw new Error("on purpose");
  });
  await expect(work).rejects.toThrow("on purpose");
  expect((await database.query({ text: "SELECT * FROM counted" })).rows).toEqual([]);
});

test("arrays travel in binary, exact to the bit", async () => {
  const database = await open();
  const floats = Float64Array.of(0, -0, 1 / 3, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308);
  const ints = Int32Array.of(0, -1, 2_147_483_647, -2_147_483_648);
  const { rows } = await database.query({
    text: "SELECT $1::float8[] AS floats, $2::int4[] AS ints",
    values: [float8Array(floats), int4Array(ints)],
  });
  expect(rows[0]?.["floats"]).toEqual([...floats]);
  expect(rows[0]?.["ints"]).toEqual([...ints]);
});

test("one leader at a time; the next one leads when the first one's connection ends", async () => {
  const database = await open();
  const first = await tryLead(database);
  expect(first).not.toBeNull();
  expect(await tryLead(database)).toBeNull();
  let lost = false;
  void first?.lost.then(() => (lost = true));
  await database.query(killOthers);
  await eventually(() => lost, { timeoutSeconds: 2 });
  const second = await eventually(() => tryLead(database));
  expect(second.epoch > (first?.epoch ?? 0n)).toBe(true);
  await second.release();
});
