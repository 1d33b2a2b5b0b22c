import { commitCutter, freshDatabase, unchecked, type Cut } from "@basin/testing";
import { expect, onTestFinished, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { Database, UnknownOutcomeError } from "./connection";
import { isTransient } from "./transient-errors";
import { float8Array, int4Array } from "./binary-arrays";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

async function open(retrySeconds?: number): Promise<Database> {
  const { url } = await freshDatabase();
  const database = new Database({ url, log, ...(retrySeconds === undefined ? {} : { retrySeconds }) });
  onTestFinished(() => database.close());
  return database;
}

const killOthers = unchecked(
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
);

test("work goes on when the server ends its connections, idle ones and those in a transaction", async () => {
  const database = await open();
  await database.query(unchecked("CREATE TABLE counted (n int)"));
  let tries = 0;
  await database.transaction(async (connection) => {
    tries++;
    await connection.query(unchecked("INSERT INTO counted VALUES (1)"));
    if (tries === 1) await database.query(killOthers);
    await connection.query(unchecked("INSERT INTO counted VALUES (2)"));
  });
  expect(tries).toBe(2);
  const { rows } = await database.query(unchecked("SELECT array_agg(n ORDER BY n) AS n FROM counted"));
  expect(rows[0]).toEqual({ n: [1, 2] });
  await database.query(killOthers);
  expect(await database.plain((records) => records.$queryRaw`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
});

test("a transaction that throws leaves nothing behind", async () => {
  const database = await open();
  await database.query(unchecked("CREATE TABLE counted (n int)"));
  const work = database.transaction(async (connection) => {
    await connection.query(unchecked("INSERT INTO counted VALUES (1)"));
    throw new Error("on purpose");
  });
  await expect(work).rejects.toThrow("on purpose");
  expect((await database.query(unchecked("SELECT * FROM counted"))).rows).toEqual([]);
});

test("arrays travel in binary, exact to the bit", async () => {
  const database = await open();
  const floats = Float64Array.of(0, -0, 1 / 3, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308);
  const ints = Int32Array.of(0, -1, 2_147_483_647, -2_147_483_648);
  const { rows } = await database.query(
    unchecked("SELECT $1::float8[] AS floats, $2::int4[] AS ints", [float8Array(floats), int4Array(ints)]),
  );
  expect(rows[0]?.["floats"]).toEqual([...floats]);
  expect(rows[0]?.["ints"]).toEqual([...ints]);
});

test("an answer that does not come is not waited for, and its connection is not used again", async () => {
  const database = await open();
  const began = performance.now();
  // As of a server that hangs: ours would end the statement by itself a moment later.
  const hangs = database.urgent
    .query(unchecked("SET statement_timeout = 0"))
    .then(() => database.urgent.query(unchecked("SELECT pg_sleep(60)")));
  await expect(hangs).rejects.toThrow(/timeout/);
  expect(performance.now() - began).toBeLessThan(8000);
  expect((await database.urgent.query(unchecked("SELECT 1 AS one"))).rows).toEqual([{ one: 1 }]);
});

test("a transaction that its process leaves alone is rolled back, so that its locks do not stay", async () => {
  const database = await open(60);
  await database.query(unchecked("CREATE TABLE counted (n int)"));
  await database.query(unchecked("INSERT INTO counted VALUES (1)"));
  let tries = 0;
  let locked: () => void = () => undefined;
  const holds = new Promise<void>((resolve) => (locked = resolve));
  const stopped = database.transaction(async (connection) => {
    await connection.query(unchecked("UPDATE counted SET n = n + 1"));
    locked();
    if (++tries === 1) await sleep(8000);
    await connection.query(unchecked("SELECT 1"));
  });
  await holds;
  const began = performance.now();
  await database.query(unchecked("UPDATE counted SET n = n + 10"));
  expect(performance.now() - began).toBeLessThan(7000);
  await stopped;
  expect(tries).toBe(2);
  expect((await database.query(unchecked("SELECT n FROM counted"))).rows).toEqual([{ n: 12 }]);
});

test("what Prisma reads is read again when its connection breaks on the way", async () => {
  const database = await open(60);
  let tries = 0;
  const slow = database.plain((records) => {
    tries++;
    return records.$queryRaw`SELECT 1 AS one FROM pg_sleep(${tries === 1 ? 30 : 0})`;
  });
  while ((await database.query(killOthers)).rows.length === 0) await sleep(20);
  expect(await slow).toEqual([{ one: 1 }]);
  expect(tries).toBe(2);
});

test("an error of Prisma's has the SQLSTATE that pg would have told, or that of a connection that cannot be made", async () => {
  const database = await open();
  const wrong = database.plain((records) => records.$queryRaw`SELECT 1 FROM nothing_of_this_name`);
  await expect(wrong).rejects.toMatchObject({ code: "42P01" });
  const nowhere = new Database({ url: "postgres://a:b@127.0.0.1:1/nothing", log, retrySeconds: 0 });
  onTestFinished(() => nowhere.close());
  const away = await nowhere.plain((records) => records.token.findFirst()).catch((error: unknown) => error);
  expect(away).toMatchObject({ code: "08006" });
  expect(isTransient(away)).toBe(true);
});

test.each<{ cuts: Cut[]; tries: number }>([
  { cuts: ["after"], tries: 1 },
  { cuts: ["before"], tries: 2 },
  { cuts: ["before", "after"], tries: 2 },
])("a transaction takes effect once, though its connection is cut at COMMIT ($cuts)", async ({ cuts, tries }) => {
  const { url } = await freshDatabase();
  const way = await commitCutter(url);
  onTestFinished(() => way.close());
  const database = new Database({ url: way.url, log });
  onTestFinished(() => database.close());
  for (const durable of [true, false]) {
    await database.query(unchecked("CREATE TABLE IF NOT EXISTS counted (n int)"));
    way.cutNext(cuts);
    let tried = 0;
    const answer = await database.transaction(
      async (connection) => {
        tried++;
        await connection.query(unchecked("INSERT INTO counted VALUES (1)"));
        return `try ${tried}`;
      },
      { durable },
    );
    expect({ answer, tried, left: way.left() }).toEqual({ answer: `try ${tries}`, tried: tries, left: 0 });
  }
  expect((await database.query(unchecked("SELECT count(*)::int AS n FROM counted"))).rows).toEqual([{ n: 2 }]);
});

test("where nobody can say whether it was committed, a transaction is not repeated", async () => {
  const { url } = await freshDatabase();
  const way = await commitCutter(url);
  onTestFinished(() => way.close());
  const database = new Database({ url: way.url, log, retrySeconds: 0.3 });
  onTestFinished(() => database.close());
  await database.query(unchecked("CREATE TABLE counted (n int)"));
  way.cutNext(["after"]);
  let tries = 0;
  const work = database.transaction(async (connection) => {
    tries++;
    await connection.query(unchecked("INSERT INTO counted VALUES (1)"));
    way.refuse();
  });
  await expect(work).rejects.toBeInstanceOf(UnknownOutcomeError);
  expect(tries).toBe(1);
});
