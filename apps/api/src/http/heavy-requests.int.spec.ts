import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { health } from "./health-watch.testing";
import { startHarness, type Harness } from "./http-harness.testing";

let api: Harness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.stop());

describe("the heaviest requests that are let in hold up no other answer", () => {
  const post = (url: string, payload: Buffer, type = "application/json") =>
    api.app.inject({ method: "POST", url, headers: { "content-type": type }, payload });

  it("a table of 60 MB", async () => {
    const row = Array.from({ length: 50 }, (_, i) => (i * 0.37 + 1 / 3).toFixed(12)).join(",");
    const header = Array.from({ length: 50 }, (_, i) => `c${i}`).join(",");
    const table = Buffer.from(`${header}\n${`${row}\n`.repeat(Math.floor((60 * 2 ** 20) / (row.length + 1)))}`);
    const { longestMilliseconds } = await health(api, async () => {
      const answer = await post("/api/v1/datasets?name=wide.csv", table, "application/octet-stream");
      expect(answer.statusCode).toBe(201);
    });
    expect(longestMilliseconds).toBeLessThan(800);
  });

  it.each<[string, unknown[]]>([
    ["wrong values", Array.from({ length: 100_000 }, () => ({ wrong: "value" }))],
    ["values", Array.from({ length: 250_000 }, (_, i) => i * 1e-7)],
  ])("a spec with hundreds of thousands of %s", async (_, values) => {
    const spec = { experiment: "runge-interpolation", space: { learningRate: { type: "choice", values } } };
    const body = Buffer.from(JSON.stringify(spec));
    const { longestMilliseconds } = await health(api, async () => {
      for (const route of ["/api/v1/sweeps", "/api/v1/sweeps/preview"]) expect((await post(route, body)).statusCode).toBe(400);
    });
    expect(longestMilliseconds).toBeLessThan(800);
  });

  const sweep = "k3v9x2mq";
  const where = (count: number, condition: (i: number) => object): string =>
    JSON.stringify(Array.from({ length: count }, (_, i) => condition(i)));

  it.each<[string, number, string]>([
    [
      "of as many conditions as may be",
      200,
      where(20, (i) => ({ field: `parameters.p${i}`, op: "contains", value: "x".repeat(650) })),
    ],
    [
      "on fields with the longest names",
      200,
      where(20, (i) => ({ field: `metrics.m${"a".repeat(62)}`, op: "<", value: i + 1 / 3 })),
    ],
    [
      "with long lists of numbers",
      200,
      where(20, () => ({ field: "parameters.widths", op: "=", value: Array(64).fill(123_456) })),
    ],
    ["of too many conditions", 400, where(350, (i) => ({ field: "index", op: "=", value: i }))],
    ["of lists in lists", 400, `[${"[".repeat(7000)}${"]".repeat(7000)}]`],
    ["that is never closed", 400, "[{".repeat(7000)],
  ])("a filter of runs %s", async (_, status, filter) => {
    await api.sql(
      `INSERT INTO sweep (id, name, experiment, spec, objective_metric, minimize, pool, priority, tags, seeds, search_state)
       VALUES ($1, 's', 'diagnostic', '{"space": {}}', 'value0', true, 'default', 0, '{}', '{0}', '{}')`,
      [sweep],
    );
    onTestFinished(async () => {
      await api.sql("DELETE FROM sweep");
    });
    const { port } = api.app.getHttpServer().address() as { port: number };
    const query = new URLSearchParams({ where: filter });
    // Node takes a head of 16 KiB at most: nothing heavier comes in.
    const url = `http://127.0.0.1:${port}/api/v1/sweeps/${sweep}/runs?${query}`.slice(0, 16_000);
    const { longestMilliseconds } = await health(api, async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([status]));
    });
    expect(longestMilliseconds).toBeLessThan(800);
  });
});
