import { routes } from "@basin/contracts";
import { DiscoveryService } from "@nestjs/core";
import type { Type } from "@nestjs/common";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSweep, startHarness, type Harness } from "./http-harness.testing";
import { boundRoutes } from "./route-coverage";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

describe("the surface", () => {
  it("binds every route of the contracts exactly once", () => {
    const controllers = api.app
      .get(DiscoveryService, { strict: false })
      .getControllers()
      .map((wrapper) => wrapper.metatype as Type);
    const names = boundRoutes(controllers).map((binding) => binding.route);
    expect(names.sort()).toEqual(Object.keys(routes).sort());
  });

  it("serves its own description", async () => {
    const answer = await api.send("GET", "/api/v1/openapi.json");
    expect(answer).toMatchObject({ status: 200, json: { openapi: "3.1.0", info: { title: "Basin" } } });
  });

  it("serves the documentation page from this machine alone", async () => {
    const page = await api.send("GET", "/api/docs");
    expect(page.status).toBe(200);
    expect(page.text).toContain("swagger-ui");
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
    // Everything that the page loads must be there, and nothing in it may need a script that its policy forbids.
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(assets.length).toBeGreaterThanOrEqual(4);
    for (const asset of assets) {
      const answer = await api.send("GET", new URL(asset, "http://x/api/docs").pathname);
      expect(answer.status, asset).toBe(200);
    }
    expect(page.text).not.toMatch(/<script(?![^>]*src=)[^>]*>\s*\S/);
  });

  it("counts requests by route pattern", async () => {
    await api.send("GET", "/api/v1/sweeps/0000000z");
    const { text } = await api.send("GET", "/metrics");
    expect(text).toMatch(/basin_http_request_seconds_count\{method="GET",route="\/api\/v1\/sweeps\/:sweep",status="404"\} 1/);
    expect(text).toContain("basin_sse_clients 0");
    expect(text).toContain("process_resident_memory_bytes");
  });

  it("counts what the ledger holds", async () => {
    const runs = [{ objective: 1 }, { objective: 2 }, { state: "failed" }];
    await seedSweep(api, { id: "k3v9x2mq", trials: [{ parameters: {}, runs }] });
    await api.sql("INSERT INTO outbox (subject, message_id, payload) VALUES ('s', 'm', '{}')");
    const { text } = await api.send("GET", "/metrics");
    expect(text).toContain('basin_runs{state="succeeded"} 2');
    expect(text).toContain('basin_runs{state="failed"} 1');
    expect(text).toContain("basin_outbox_messages 1");
    expect(text).toContain("basin_active_sweeps 1");
  });

  it("answers the catalogue, with and without what is for diagnosis", async () => {
    const ids = async (query: object): Promise<string[]> => {
      const { json } = await api.call("getCatalog", { query });
      return (json as { experiments: { id: string }[] }).experiments.map((experiment) => experiment.id);
    };
    expect(await ids({})).toContain("loss-minimization");
    expect(await ids({})).not.toContain("diagnostic");
    expect(await ids({ diagnostic: true })).toContain("diagnostic");
    expect((await api.call("getExperiment", { params: { experiment: "diagnostic" } })).json).toMatchObject({ id: "diagnostic" });
    const missing = await api.call("getExperiment", { params: { experiment: "gone" } });
    expect({ status: missing.status, message: api.errorOf(missing).message }).toEqual({
      status: 404,
      message: "there is no experiment gone",
    });
  });

  it("answers a body of 50 MB with the limit", async () => {
    const answer = await api.send("POST", "/api/v1/sweeps", " ".repeat(50 * 1024 * 1024));
    expect({ status: answer.status, code: api.errorOf(answer).code }).toEqual({ status: 413, code: "too-large" });
    expect(api.errorOf(answer).message).toContain("5 MB");
  });

  it("answers text that the database could not store as bad input", async () => {
    for (const query of ["search=%00", "tag=a%00b", "experiment=x%00"])
      expect((await api.send("GET", `/api/v1/sweeps?${query}`)).status, query).toBe(400);
    const name = { experiment: "loss-minimization", name: "a\u0000b" };
    expect((await api.send("POST", "/api/v1/sweeps", name)).status).toBe(400);
  });
});

describe("without a database", () => {
  it("answers 503 and when to come back, from every kind of route", async () => {
    const away = await startHarness({ databaseUrl: "postgres://basin@127.0.0.1:1/none" });
    try {
      for (const url of [
        "/sweeps",
        "/sweeps/00000000/results",
        "/sweeps/00000000/export",
        "/sweeps/00000000/events",
        "/trainers",
      ]) {
        const answer = await away.send("GET", `/api/v1${url}`);
        expect(answer.status, `${url} ${answer.text}`).toBe(503);
        expect(away.errorOf(answer).code).toBe("unavailable");
        expect(answer.headers["retry-after"]).toBe("2");
        expect(answer.text).not.toContain("ECONNREFUSED");
      }
      const ready = await away.send("GET", "/health/ready");
      expect(ready.status).toBe(503);
      expect(away.errorOf(ready).issues.map((issue) => issue.path)).toEqual(["postgres"]);
      expect((await away.send("GET", "/health/live")).status).toBe(200);
      expect((await away.call("getCatalog", {})).status).toBe(200);
      expect((await away.send("GET", "/metrics")).text).not.toContain("basin_runs{");
    } finally {
      await away.stop();
    }
  });
});
