import type { Sweep, SweepId } from "@basin/contracts";
import { AnswersRepository } from "@basin/database";
import { commitCutter, freshDatabase, type CommitCutter } from "@basin/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { migrateAt, seedSweep, startHarness, type Answer, type Harness } from "../http/http-harness.testing";

let api: Harness;
let way: CommitCutter;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase({ migrate: migrateAt });
  drop = () => fresh.drop();
  way = await commitCutter(fresh.url);
  api = await startHarness({ databaseUrl: way.url });
});
afterAll(async () => {
  await api.stop();
  await way.close();
  await drop();
});
afterEach(async () => {
  await api.sql("DELETE FROM answered_request");
  await api.sql("DELETE FROM search_event");
  await api.sql("DELETE FROM sweep");
});

const body = { experiment: "loss-minimization", name: "keyed", seeds: { count: 2 } };
const key = (text: string) => ({ "idempotency-key": text });
const create = (headers: Record<string, string>, changes: object = {}): Promise<Answer> =>
  api.call("createSweep", { body: { ...body, ...changes } }, headers);
const seedsOf = async (id: SweepId): Promise<number> =>
  ((await api.call("getSweep", { params: { sweep: id } })).json as Sweep).seedCount;
const sweeps = async (): Promise<number> => Number((await api.sql("SELECT count(*) AS n FROM sweep"))[0]?.["n"]);

describe("a request with an Idempotency-Key", () => {
  it("is done once, and answered the same to the byte, whatever has become of the sweep", async () => {
    const first = await create(key("a-1"));
    expect(first.status).toBe(201);
    const { id } = first.json as Sweep;
    await api.call("pauseSweep", { params: { sweep: id } });
    for (const spelling of ["a-1", '"a-1"']) {
      const again = await create(key(spelling));
      expect({ status: again.status, text: again.text }).toEqual({ status: 201, text: first.text });
    }
    expect(await sweeps()).toBe(1);
    // Without a key, and with another one, it is another request.
    expect(((await create({})).json as Sweep).id).not.toBe(id);
    expect(((await create(key("a-2"))).json as Sweep).id).not.toBe(id);
  });

  it("is the same request with its fields in another order", async () => {
    const { json } = await create(key("b"), { space: { learningRate: 0.1, epochs: 5 } });
    const again = await create(key("b"), { space: { epochs: 5, learningRate: 0.1 } });
    expect(again.json).toEqual(json);
  });

  it("is refused with 422 where the key stands for another one: another body, sweep or route", async () => {
    const { json } = await create(key("c"));
    const { id } = json as Sweep;
    const params = { sweep: id };
    for (const other of [
      await create(key("c"), { name: "other" }),
      await api.call("extendSweep", { params, body: { seeds: 1 } }, key("c")),
      await api.call("cloneSweep", { params, body: {} }, key("c")),
    ]) {
      expect(other.status).toBe(422);
      expect(api.errorOf(other)).toMatchObject({ code: "key-reused" });
      expect(api.errorOf(other).message).toContain('"c"');
    }
    expect({ sweeps: await sweeps(), seeds: await seedsOf(id) }).toEqual({ sweeps: 1, seeds: 2 });
  });

  it("extends and clones once", async () => {
    const id = await seedSweep(api, { id: "k0000000", trials: [{ parameters: {}, runs: [{}, {}] }] });
    const params = { sweep: id };
    const extended = [1, 2].map(() => api.call("extendSweep", { params, body: { seeds: 3 } }, key("d")));
    const [one, two] = await Promise.all(extended);
    expect({ status: one?.status, text: one?.text }).toEqual({ status: 200, text: two?.text });
    expect(await seedsOf(id)).toBe(5);
    // Seeds that are listed are refused the second time, but for the key.
    const listed = () => api.call("extendSweep", { params, body: { seeds: { list: [7] } } }, key("e"));
    expect([(await listed()).status, (await listed()).status]).toEqual([200, 200]);
    const clone = () => api.call("cloneSweep", { params, body: { changes: { name: "twin" } } }, key("f"));
    const [first, second] = [await clone(), await clone()];
    expect([first.status, second.text]).toEqual([201, first.text]);
    expect(await sweeps()).toBe(2);
  });

  it("is done by one of those that come at a time, and all get its answer", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(key("g"))));
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
    expect(await sweeps()).toBe(1);
  });

  it("that failed did nothing: its key stays free", async () => {
    expect((await create(key("h"), { space: { nothing: 1 } })).status).toBe(400);
    expect((await create(key("h"))).status).toBe(201);
  });

  it.each(["", "x".repeat(256), "clé"])("with the key %j is refused, naming the header", async (text) => {
    const answer = await create(key(text));
    expect(answer.status).toBe(400);
    expect(api.errorOf(answer).issues[0]?.path).toBe("Idempotency-Key");
  });

  it("is forgotten after a day", async () => {
    const answers = new AnswersRepository(api.database);
    const [row] = await api.sql("SELECT epoch::text AS epoch FROM leadership");
    const epoch = BigInt(String(row?.["epoch"]));
    await create(key("i"));
    expect(await answers.sweep(epoch)).toBe(0);
    await api.sql("UPDATE answered_request SET created_at = now() - interval '24 hours 1 minute'");
    expect(await answers.sweep(epoch)).toBe(1);
    expect((await create(key("i"), { name: "new" })).status).toBe(201);
  });
});

describe("a connection that is cut at COMMIT", () => {
  it.each(["before", "after"] as const)("%s the server heard of it: a sweep is made and extended once", async (cut) => {
    for (const headers of [{}, key(`cut ${cut}`)]) {
      way.cutNext([cut], "INSERT INTO sweep");
      const created = await create(headers, { name: `cut ${cut}` });
      expect({ status: created.status, left: way.left() }).toEqual({ status: 201, left: 0 });
      const { id } = created.json as Sweep;
      way.cutNext([cut], "INSERT INTO search_event");
      const extended = await api.call("extendSweep", { params: { sweep: id }, body: { seeds: 3 } }, {});
      expect({ status: extended.status, left: way.left(), seeds: (extended.json as Sweep).seedCount }).toEqual({
        status: 200,
        left: 0,
        seeds: 5,
      });
      expect(await seedsOf(id)).toBe(5);
    }
    expect(await sweeps()).toBe(2);
  });
});
