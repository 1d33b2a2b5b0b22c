import { routes, routeUrl, sessionCookie, type Route, type RouteName } from "@basin/contracts";
import { spellingsOf, statusOf } from "@basin/testing";
import { readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
let port = 0;
let secret = "";

beforeAll(async () => {
  api = await startHarness({ settings: { BASIN_AUTH: "token" } });
  port = Number(new URL(await api.app.getUrl()).port);
  secret = readFileSync(api.firstTokenFile, "utf8").trim();
  await seedSweep(api, { id: "k3v9x2mq", trials: [{ parameters: {}, runs: [{ objective: 1 }] }] });
});
afterAll(() => api.stop());

/** A path of each operation, with parts that exist where they are asked for. */
const example: Record<string, string> = {
  sweep: "k3v9x2mq",
  run: "k3v9x2mq-0-0",
  experiment: "loss-minimization",
  token: "00000000-0000-4000-8000-000000000000",
};
const operations = [
  ...(Object.entries(routes) as [RouteName, Route][]).map(([name, { method, path }]) => ({
    name: name,
    method: method,
    path: `/api/v1${path.replaceAll(/:([a-z]+)/gi, (_, key: string) => example[key] ?? "00000000")}`,
  })),
  ...[
    "/api/v1/openapi.json",
    "/api/docs",
    "/api/docs/",
    "/api/docs/index.html",
    "/api/docs/swagger-ui-init.js",
    "/api/docs/swagger-ui.css",
  ].map((path) => ({ name: path, method: "GET", path })),
];
const closed = operations.filter(({ name }) => (routes as Record<string, Route>)[name]?.role !== "public");
const refused = [401, 404, 405];
const strangers: Record<string, Record<string, string>> = {
  "no token": {},
  "a wrong token": { authorization: "Bearer basin_wrong" },
};

let strangersSoFar = 0;
/** As if each came from an address of its own, so that none is refused for the failures of others. */
const fromElsewhere = (): Record<string, string> => {
  strangersSoFar += 1;
  return { "x-forwarded-for": `10.${strangersSoFar >> 16}.${(strangersSoFar >> 8) & 255}.${strangersSoFar & 255}` };
};

/** Every one of these requests that was not refused. */
async function answered(requests: { method: string; target: string; headers: Record<string, string> }[]): Promise<string[]> {
  const statuses = await Promise.all(
    requests.map((request) => statusOf(port, { ...request, headers: { ...fromElsewhere(), ...request.headers } })),
  );
  return requests.flatMap(({ method, target }, i) =>
    refused.includes(statuses[i] ?? 0) ? [] : [`${statuses[i]} ${method} ${target}`],
  );
}

describe.each(Object.entries(strangers))("with %s", (_, headers) => {
  it("no operation answers, however its path is written", async () => {
    expect(closed.length).toBeGreaterThan(60);
    for (const { method, path } of closed)
      expect(await answered(spellingsOf(path).map((target) => ({ method, target, headers })))).toEqual([]);
  }, 120_000);

  it("no operation answers another method", async () => {
    const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "PURGE"];
    for (const { path } of closed)
      expect(await answered(methods.map((method) => ({ method, target: path, headers })))).toEqual([]);
  });

  it("headers that name another path or method change nothing", async () => {
    const open = {
      "x-original-url": "/health",
      "x-rewrite-url": "/health",
      "x-forwarded-path": "/health",
      "x-forwarded-prefix": "/api",
    };
    const requests = closed.map(({ path, method }) => ({
      method: "POST",
      target: path,
      headers: { ...headers, ...open, "x-http-method-override": method },
    }));
    expect(await answered(requests)).toEqual([]);
  });
});

describe("the plain path", () => {
  it("is refused with 401 without a token and served with one, by header or cookie", async () => {
    for (const { method, path, name } of closed) {
      expect(await statusOf(port, { method, target: path }), name).toBe(401);
      expect(
        await statusOf(port, { method, target: path, headers: { ...fromElsewhere(), cookie: `${sessionCookie}=basin_wrong` } }),
        name,
      ).toBe(401);
    }
    const kinds: Record<string, string>[] = [{ authorization: `Bearer ${secret}` }, { cookie: `${sessionCookie}=${secret}` }];
    for (const headers of kinds)
      for (const target of [
        routeUrl("", "listTokens", {}),
        routeUrl("", "getSweep", { params: { sweep: "k3v9x2mq" } }),
        "/api/docs",
        "/api/v1/openapi.json",
      ])
        expect(await statusOf(port, { method: "GET", target, headers }), target).toBe(200);
  });

  it("an open operation needs none", async () => {
    for (const target of ["/health", "/health/live", "/ready", "/health/ready", "/metrics", "/api/v1/session"])
      expect(await statusOf(port, { method: "GET", target }), target).toBe(200);
    expect(await statusOf(port, { method: "DELETE", target: "/api/v1/session" })).toBe(200);
    expect((await api.call("openSession", { body: { token: secret } })).status).toBeLessThan(300);
  });

  it("a path that names nothing, or that no router can read, is refused like any other; with a token it is said", async () => {
    const targets: [string, number][] = [
      ["/", 404],
      ["/nowhere", 404],
      ["/api/v1/nowhere", 404],
      ["/api/v1/sweeps/%E0%A4%A", 400],
      [`/api/v1/sweeps/${"x".repeat(300)}`, 414],
    ];
    for (const [target, status] of targets) {
      expect(await statusOf(port, { method: "GET", target }), target).toBe(401);
      expect(await statusOf(port, { method: "GET", target, headers: { authorization: `Bearer ${secret}` } }), target).toBe(
        status,
      );
    }
  });
});

describe("hosts and origins", () => {
  const act = (action: "pause" | "resume", headers: Record<string, string>) =>
    statusOf(port, {
      method: "POST",
      target: `/api/v1/sweeps/k3v9x2mq/${action}`,
      headers: { authorization: `Bearer ${secret}`, ...headers },
    });

  it("another host is refused everywhere, with a token too", async () => {
    for (const target of [
      "/health",
      "/metrics",
      "/api/v1/session",
      "/api/v1/sweeps",
      "/api/docs",
      "/nowhere",
      "/api/v1/sweeps/%E0%A4%A",
    ])
      expect(
        await statusOf(port, { method: "GET", target, headers: { host: "evil.example", authorization: `Bearer ${secret}` } }),
        target,
      ).toBe(403);
  });

  it("a page of another port or site changes nothing", async () => {
    for (const origin of [`http://127.0.0.1:${port + 1}`, `http://localhost:${port}`, "http://evil.example", "null"])
      expect(await act("pause", { origin }), origin).toBe(403);
    expect((await api.sql("SELECT state FROM sweep WHERE id = 'k3v9x2mq'"))[0]).toEqual({ state: "running" });
    expect(await act("pause", { origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await act("resume", {})).toBe(200);
  });

  it("a session's cookie changes nothing where no page says that it sends it; a program's token does, and reading needs no page", async () => {
    const cookie = `${sessionCookie}=${secret}`;
    const by = (action: "pause" | "resume", headers: Record<string, string>) =>
      statusOf(port, { method: "POST", target: `/api/v1/sweeps/k3v9x2mq/${action}`, headers });
    expect(await by("pause", { cookie })).toBe(403);
    for (const site of ["same-site", "cross-site", "none"])
      expect(await by("pause", { cookie, "sec-fetch-site": site }), site).toBe(403);
    expect((await api.sql("SELECT state FROM sweep WHERE id = 'k3v9x2mq'"))[0]).toEqual({ state: "running" });
    expect(await statusOf(port, { method: "GET", target: "/api/v1/sweeps/k3v9x2mq", headers: { cookie } })).toBe(200);
    expect(await by("pause", { cookie, "sec-fetch-site": "same-origin" })).toBe(200);
    expect(await by("resume", { cookie, origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await by("pause", { cookie, authorization: `Bearer ${secret}` })).toBe(200);
    expect(await by("resume", { authorization: `Bearer ${secret}` })).toBe(200);
  });

  it("with BASIN_PUBLIC_URL its host and its pages are ours", async () => {
    const lab = await startHarness({
      databaseUrl: api.databaseUrl,
      settings: { BASIN_PUBLIC_URL: "https://basin.example", BASIN_ALLOWED_HOSTS: "api" },
    });
    try {
      const at = Number(new URL(await lab.app.getUrl()).port);
      const steer = (action: "pause" | "resume", headers: Record<string, string>) =>
        statusOf(at, { method: "POST", target: `/api/v1/sweeps/k3v9x2mq/${action}`, headers });
      expect(await steer("pause", { host: "basin.example", origin: "https://basin.example" })).toBe(200);
      expect(await steer("resume", { host: "api:4001" })).toBe(200);
      expect(await steer("pause", { host: "basin.example", origin: "http://basin.example" })).toBe(403);
      expect(await statusOf(at, { method: "GET", target: "/health", headers: { host: "www.basin.example" } })).toBe(403);
    } finally {
      await lab.stop();
    }
  });
});

describe("the first token", () => {
  it("lies in a file that only this account reads", () => {
    expect(secret).toMatch(/^basin_[\w-]{32}$/);
    expect(statSync(api.firstTokenFile).mode & 0o777).toBe(0o600);
  });

  it("is made once: another process with the same database writes none", async () => {
    const second = await startHarness({ databaseUrl: api.databaseUrl, settings: { BASIN_AUTH: "token" } });
    try {
      expect(() => statSync(second.firstTokenFile)).toThrow("ENOENT");
    } finally {
      await second.stop();
    }
  });

  it("where its file cannot be written nothing is stored, and the error says what to set", async () => {
    const before = (await api.sql("SELECT count(*)::int AS n FROM token"))[0];
    await api.sql("UPDATE token SET revoked_at = now()");
    const settings = { BASIN_AUTH: "token", BASIN_FIRST_TOKEN_FILE: "/dev/null/first-token" };
    await expect(startHarness({ databaseUrl: api.databaseUrl, settings })).rejects.toThrow(
      /\/dev\/null\/first-token.*BASIN_FIRST_TOKEN_FILE/,
    );
    expect((await api.sql("SELECT count(*)::int AS n FROM token"))[0]).toEqual(before);
    await api.sql("UPDATE token SET revoked_at = NULL");
  });
});
