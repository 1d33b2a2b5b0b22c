import type { AnswerOf } from "@basin/contracts";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
let admin: Record<string, string> = {};
const bearer = (token: string, from = "10.2.2.2") => ({ authorization: `Bearer ${token}`, "x-forwarded-for": from });

beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_AUTH: "token" } });
  admin = bearer(readFileSync(api.firstTokenFile, "utf8").trim());
  await seedSweep(api, { id: "k3v9x2mq" });
});
afterAll(() => api.stop());

const entries = async (query: object = {}): Promise<AnswerOf<"listAudit">> =>
  (await api.call("listAudit", { query }, admin)).json as AnswerOf<"listAudit">;
const told = ({ items }: AnswerOf<"listAudit">) => items.map(({ who, what, status }) => `${who ?? "?"} ${what} ${status}`);

it("who changed what is written down with what came of it, also what was refused, and nothing that only reads", async () => {
  const mia = (await api.call("createToken", { body: { name: "mia" } }, admin)).json as { id: string; secret: string };
  await api.call("listSweeps", {}, bearer(mia.secret));
  await api.call("pauseSweep", { params: { sweep: "k3v9x2mq" } }, bearer(mia.secret, "10.3.3.3"));
  await api.call("pauseSweep", { params: { sweep: "k3v9x2mq" } }, admin);
  await api.call("openSession", { body: { token: "basin_wrong" } }, { "x-forwarded-for": "10.4.4.4" });
  await api.call("openSession", { body: { token: mia.secret } }, { "x-forwarded-for": "10.3.3.3" });
  await api.call("cancelSweep", { params: { sweep: "k3v9x2mq" } });
  expect(told(await entries())).toEqual([
    "mia openSession 200",
    "? openSession 401",
    "admin pauseSweep 200",
    "mia pauseSweep 403",
    "admin createToken 200",
  ]);
  const [refused] = (await entries({ who: "mia", what: "pauseSweep" })).items;
  expect(refused).toMatchObject({
    role: "member",
    project: "default",
    target: "POST /api/v1/sweeps/k3v9x2mq/pause",
    address: "10.3.3.3",
  });
  expect(told(await entries({ search: "10.4" }))).toEqual(["? openSession 401"]);
  expect(told(await entries({ status: "403" }))).toEqual(["mia pauseSweep 403"]);
  const text = JSON.stringify(await api.sql("SELECT * FROM audit_entry"));
  expect(text).not.toContain(mia.secret);
});

it("pages follow each other, newest first", async () => {
  const first = await entries({ limit: 2 });
  const second = await entries({ limit: 2, cursor: first.next ?? "" });
  expect(first.items).toHaveLength(2);
  expect(first.total).toBeGreaterThanOrEqual(5);
  expect(Number(second.items[0]?.id)).toBeLessThan(Number(first.items[1]?.id));
});

it("no row is changed or goes, whoever asks the database", async () => {
  const count = async () => (await api.sql("SELECT count(*)::int AS n FROM audit_entry"))[0]?.["n"];
  const before = await count();
  expect(before).toBeGreaterThan(0);
  for (const sql of ["UPDATE audit_entry SET who = 'eve'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])
    await expect(api.sql(sql), sql).rejects.toThrow("the audit log is only added to");
  expect(await count()).toBe(before);
});
