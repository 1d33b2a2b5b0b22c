import { connect } from "@nats-io/transport-node";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect, inject, test } from "vitest";
import { eventually, freshDatabase, freshNats, natsOptions } from "./index";

const migrate = async (url: string): Promise<void> => {
  const { Client } = await import("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("create table if not exists marker (id int)");
  await client.end();
};

test("every test gets a database of its own", async () => {
  const [first, second] = await Promise.all([freshDatabase(), freshDatabase()]);
  await first.query("create table only_here (id int)");
  expect(await second.query("select to_regclass('only_here') as found")).toEqual([{ found: null }]);
  await first.drop();
  await expect(first.query("select 1")).rejects.toThrow(/does not exist/);
});

test("a database is migrated when asked, from a template that workers share", async () => {
  const databases = await Promise.all([freshDatabase({ migrate }), freshDatabase({ migrate })]);
  for (const database of databases) {
    const [row] = await database.query("select count(*)::int as tables from pg_tables where schemaname = 'public'");
    expect(row?.tables).toBeGreaterThan(0);
  }
});

test("the shared Postgres has a password and listens here only", () => {
  expect(inject("postgresUrl")).toMatch(/^postgresql:\/\/basin:.+@127\.0\.0\.1:/);
});

test("a server of one's own keeps its streams over a restart and loses them when wiped", async () => {
  const nats = await freshNats();
  const names = async (): Promise<string[]> => {
    const connection = await connect(natsOptions(nats.url));
    try {
      const found: string[] = [];
      for await (const name of (await jetstreamManager(connection)).streams.names()) found.push(name);
      return found;
    } finally {
      await connection.close();
    }
  };
  const connection = await connect(natsOptions(nats.url));
  await (await jetstreamManager(connection)).streams.add({ name: "KEPT", subjects: ["kept.*"] });
  await connection.close();
  await nats.restart();
  expect(await names()).toEqual(["KEPT"]);
  await nats.wipe();
  expect(await names()).toEqual([]);
});

test("waiting ends with the reason", async () => {
  let calls = 0;
  expect(await eventually(() => ++calls > 2 && "done")).toBe("done");
  await expect(eventually(() => false, { timeoutSeconds: 0.1, what: "a wonder" })).rejects.toThrow("a wonder");
});
