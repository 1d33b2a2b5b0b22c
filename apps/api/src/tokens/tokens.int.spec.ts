import { routes, type Route, type Session, type Sweep, type Token } from "@basin/contracts";
import { TokensRepository } from "@basin/database";
import { eventually } from "@basin/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { startHarness, type Answer, type Harness } from "../http/http-harness.testing";
import { hashOf, newSecret, secretOf } from "./token-secrets";

let api: Harness;
let secret = "";

beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_AUTH: "token" } });
  const first = newSecret();
  secret = first.secret;
  await api.sql("INSERT INTO token (id, name, hash, role, project) VALUES ($1, 'ada', $2, 'admin', 'default')", [
    first.id,
    first.hash,
  ]);
});
afterAll(() => api.stop());

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const noSession: Session = { auth: "token", owner: null, role: null, project: null, signIn: null };
const codeOf = (answer: Answer): string => `${answer.status} ${api.errorOf(answer).code}`;

it("nothing under the API answers without a token, and the error says what to do", async () => {
  const answer = await api.call("listSweeps", {});
  expect(codeOf(answer)).toBe("401 unauthorized");
  expect(api.errorOf(answer).message).toMatch(/Authorization: Bearer .*Settings/);
  expect(answer.headers["www-authenticate"]).toContain("Bearer");
  expect(codeOf(await api.call("createSweep", { body: { experiment: "loss-minimization" } }))).toBe("401 unauthorized");
  expect(codeOf(await api.call("listTokens", {}, bearer("basin_wrong")))).toBe("401 unauthorized");
  expect((await api.send("GET", "/api/v1/sweeps/k3v9x2mq/events")).status).toBe(401);
  expect((await api.send("GET", "/health")).status).toBe(200);
  expect((await api.send("GET", "/metrics")).status).toBe(200);
});

it("the owner of a sweep is the name of the token", async () => {
  const body = { experiment: "loss-minimization", name: "mine" } as const;
  const { json } = await api.call("createSweep", { body }, bearer(secret));
  const sweep = json as Sweep;
  expect(sweep.owner).toBe("ada");
  const clone = await api.call("cloneSweep", { params: { sweep: sweep.id }, body: {} }, bearer(secret));
  expect(clone.json).toMatchObject({ owner: "ada" });
  const list = await api.call("listSweeps", { query: { owner: "ada" } }, bearer(secret));
  expect((list.json as { total: number }).total).toBe(2);
  const facets = await api.call("sweepFacets", {}, bearer(secret));
  expect(facets.json).toMatchObject({ owners: [{ value: "ada", sweeps: 2 }] });
});

it("a browser keeps a token in a cookie, and forgets it", async () => {
  const nobody = await api.call("getSession", {});
  expect(nobody.json).toEqual(noSession);
  expect((await api.call("openSession", { body: { token: "basin_wrong" } })).status).toBe(401);
  const opened = await api.call("openSession", { body: { token: secret } });
  const cookie = String(opened.headers["set-cookie"]);
  expect(cookie).toMatch(/^basin_token=.*HttpOnly; SameSite=Strict/);
  const sent = { cookie: cookie.split(";")[0] ?? "" };
  expect((await api.call("getSession", {}, sent)).json).toEqual({
    ...noSession,
    owner: "ada",
    role: "admin",
    project: "default",
  });
  expect((await api.call("listSweeps", {}, sent)).status).toBe(200);
  expect(String((await api.call("closeSession", {})).headers["set-cookie"])).toContain("Max-Age=0");
});

it("tokens are made, listed without their secrets, and revoked for good", async () => {
  const made = (await api.call("createToken", { body: { name: " grace " } }, bearer(secret))).json as Token & { secret: string };
  expect(made).toMatchObject({ name: "grace", role: "member", project: "default", lastUsedAt: null, revokedAt: null });
  expect((await api.call("listSweeps", {}, bearer(made.secret))).status).toBe(200);
  const { items } = (await api.call("listTokens", {}, bearer(secret))).json as { items: Token[] };
  expect(items.map(({ name }) => name)).toEqual(["grace", "ada", "ada", "admin"]);
  expect(items[0]?.lastUsedAt).not.toBeNull();
  expect(JSON.stringify(items)).not.toContain(made.secret);
  const [stored] = await api.sql("SELECT * FROM token WHERE id = $1", [made.id]);
  expect(JSON.stringify(stored)).not.toContain(made.secret.slice(6));
  expect(stored?.["hash"]).toBe(hashOf(made.secret));
  const revoked = await api.call("revokeToken", { params: { token: made.id } }, bearer(secret));
  expect((revoked.json as Token).revokedAt).not.toBeNull();
  expect(codeOf(await api.call("listSweeps", {}, bearer(made.secret)))).toBe("401 unauthorized");
  const unknown = await api.call("revokeToken", { params: { token: "00000000-0000-4000-8000-000000000000" } }, bearer(secret));
  expect(unknown.status).toBe(404);
});

it("a cookie that nobody can read is no token: never an error of ours", async () => {
  const values = ["%", "%z1", "%c0%af", "%E0%A4%A", "%ff", "a%", "", '"', "%00", "=", "%25", "x".repeat(4000)];
  for (const value of values) {
    const cookie = { cookie: `a=%; basin_token=${value}; b=1`, "x-forwarded-for": `10.0.0.${values.indexOf(value)}` };
    expect((await api.call("getSession", {}, cookie)).json, value).toEqual(noSession);
    expect(codeOf(await api.call("listSweeps", {}, cookie)), value).toBe("401 unauthorized");
  }
  const broken = { cookie: "basin_token=%" };
  for (const [name, { method, path }] of Object.entries(routes as Record<string, Route>)) {
    const answer = await api.app.inject({ method, url: `/api/v1${path.replaceAll(/:[a-z]+/gi, "00000000")}`, headers: broken });
    expect(answer.statusCode, name).toBeLessThan(500);
  }
  expect((await api.call("listSweeps", {}, { ...broken, ...bearer(secret) })).status).toBe(200);
  expect((await api.call("listSweeps", {}, { cookie: `basin_token=%; basin_token=${secret}` })).status).toBe(200);
});

/** Listens to a process's events. */
const listen = async (process: Harness, token: string) => {
  const response = await fetch(`${await process.app.getUrl()}/api/v1/events`, { headers: bearer(token) });
  expect(response.status).toBe(200);
  const stream = { ended: false };
  void response.text().then(
    () => (stream.ended = true),
    () => (stream.ended = true),
  );
  return stream;
};

it("a token that begins to listen while others' are looked up is not cut off", async () => {
  const other = await startHarness({ databaseUrl: api.databaseUrl, settings: { BASIN_AUTH: "token" } });
  try {
    const tokens = other.app.get(TokensRepository);
    const lookUp = tokens.stillCounting.bind(tokens);
    let looking: (() => void) | null = null;
    const asked = new Promise<void>((resolve) => (looking = resolve));
    tokens.stillCounting = async (ids) => {
      const counting = await lookUp(ids);
      looking?.();
      await sleep(500);
      return counting;
    };
    const first = await listen(other, secret);
    const made = (await api.call("createToken", { body: { name: "latecomer" } }, bearer(secret))).json as Token & {
      secret: string;
    };
    await asked;
    const second = await listen(other, made.secret);
    await sleep(800);
    expect([first.ended, second.ended]).toEqual([false, false]);
  } finally {
    await other.stop();
  }
});

it("a token that is revoked stops listening, on every process", async () => {
  const other = await startHarness({ databaseUrl: api.databaseUrl, settings: { BASIN_AUTH: "token" } });
  try {
    const made = (await api.call("createToken", { body: { name: "mallory" } }, bearer(secret))).json as Token & {
      secret: string;
    };
    const theirs = [await listen(api, made.secret), await listen(other, made.secret)];
    const ours = [await listen(api, secret), await listen(other, secret)];
    await sleep(1500);
    expect([...theirs, ...ours].some(({ ended }) => ended)).toBe(false);
    expect((await other.call("listSweeps", {}, bearer(made.secret))).status).toBe(200);
    await api.call("revokeToken", { params: { token: made.id } }, bearer(secret));
    expect((await api.call("listSweeps", {}, bearer(made.secret))).status).toBe(401);
    await eventually(
      async () => theirs.every(({ ended }) => ended) && (await other.call("listSweeps", {}, bearer(made.secret))).status === 401,
      { timeoutSeconds: 2, what: "its streams have ended and no process accepts it" },
    );
    expect(ours.some(({ ended }) => ended)).toBe(false);
  } finally {
    await other.stop();
  }
});

it("who tries token after token is slowed down, and no one else", async () => {
  const from = (address: string) => ({ "x-forwarded-for": address });
  const tries = Array.from({ length: 12 }, (_, i) =>
    api.call("openSession", { body: { token: `basin_guess${i}` } }, from("10.1.1.1")),
  );
  const answers = await Promise.all(tries);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
  const slowed = answers.filter(({ status }) => status === 429);
  expect(slowed).toHaveLength(2);
  expect(Number(slowed[0]?.headers["retry-after"])).toBeGreaterThan(0);
  // Neither who shares the address and has a token, nor who comes from another, nor who says so themselves.
  expect((await api.call("listSweeps", {}, { ...bearer(secret), ...from("10.1.1.1") })).status).toBe(200);
  expect((await api.call("openSession", { body: { token: "basin_wrong" } }, from("10.1.1.2"))).status).toBe(401);
  expect((await api.call("openSession", { body: { token: "basin_wrong" } }, from("10.1.1.3, 10.1.1.1"))).status).toBe(429);
  const tried = await api.sql("SELECT what, status, address FROM audit_entry WHERE address = '10.1.1.1' ORDER BY id");
  expect(tried.filter(({ status }) => status === 429)).toEqual([]);
  expect(tried.filter(({ status }) => status === 401)).toHaveLength(10);
});

it("a session ends by itself, with its token, and everywhere at once", async () => {
  const asAda = bearer(secret);
  const made = (await api.call("createToken", { body: { name: "lin" } }, asAda)).json as Token & { secret: string };
  const open = async (): Promise<Record<string, string>> => {
    const opened = await api.call("openSession", { body: { token: made.secret } });
    return { cookie: String(opened.headers["set-cookie"]).split(";")[0] ?? "", origin: "http://localhost" };
  };
  const status = async (headers: Record<string, string>) => (await api.call("listSweeps", {}, headers)).status;
  const [first, second, third] = [await open(), await open(), await open()];
  expect(first["cookie"]).not.toContain(made.secret);
  expect([await status(first), await status(second)]).toEqual([200, 200]);
  await api.call("closeSession", {}, first);
  expect([await status(first), await status(second)]).toEqual([401, 200]);
  expect((await api.call("closeSessions", {}, bearer(made.secret))).json).toEqual({ ended: 2 });
  expect([await status(second), await status(third), await status(bearer(made.secret))]).toEqual([401, 401, 200]);
  const last = await open();
  await api.call("revokeToken", { params: { token: made.id } }, asAda);
  expect([await status(last), await status(bearer(made.secret))]).toEqual([401, 401]);
});

it("reads the header before the cookie, and neither from elsewhere", () => {
  expect(secretOf({ authorization: "bearer x", cookie: "basin_token=y" }, "basin_token")).toBe("x");
  expect(secretOf({ cookie: "a=1; basin_token=y%3D" }, "basin_token")).toBe("y=");
  expect(secretOf({ authorization: "Basic x", cookie: "other_basin_token=y" }, "basin_token")).toBeNull();
});
