import { type Run, type RunCondition, type Sweep, type SweepId } from "@basin/contracts";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seedSeries, seedSweep, startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
const sweep = "rvns0001" as SweepId;
const params = { sweep };

beforeAll(async () => {
  api = await startHarness();
  await seedSweep(api, {
    id: sweep,
    name: "table",
    trials: [
      { parameters: { learningRate: 0.1, activation: "tanh", layers: [4, 4] }, runs: [{ objective: 3 }, { objective: 1 }] },
      {
        parameters: { learningRate: 0.01, activation: "relu", layers: [8] },
        runs: [{ objective: 2 }, { state: "failed", reason: "Out of memory" }],
      },
      {
        parameters: { learningRate: 1, activation: "relu", layers: [8] },
        runs: [{ objective: 5 }, { state: "pending", metrics: null }],
      },
    ],
  });
  await api.sql("UPDATE run SET labels = $2 WHERE id = $1", [`${sweep}-0-0`, { equation: "x' = y" }]);
  await seedSeries(api, `${sweep}-0-0`, { metric: "loss", steps: [1, 2, 3], values: [3, Number.NaN, 1] });
});
afterAll(() => api.stop());

const list = async (query: { where?: RunCondition[]; sort?: string; search?: string; limit?: number; cursor?: string }) => {
  const { where, ...rest } = query;
  const answer = await api.call("listRuns", { params, query: { ...rest, ...(where ? { where: JSON.stringify(where) } : {}) } });
  expect(answer.status, answer.text.slice(0, 400)).toBe(200);
  return answer.json as { items: Run[]; next: string | null; total: number };
};
const ids = ({ items }: { items: Run[] }): string[] => items.map(({ id }) => id.slice(sweep.length + 1));

it("filters by parameters, metrics, labels and fields; the total counts what passes", async () => {
  const relu = await list({ where: [{ field: "parameters.activation", op: "=", value: "relu" }] });
  expect([ids(relu), relu.total]).toEqual([["1-0", "1-1", "2-0", "2-1"], 4]);
  expect(
    ids(
      await list({
        where: [
          { field: "parameters.learningRate", op: "<", value: 0.5 },
          { field: "metrics.mae", op: ">=", value: 2 },
        ],
      }),
    ),
  ).toEqual(["0-0", "1-0"]);
  expect(
    ids(
      await list({
        where: [
          { field: "parameters.layers", op: "=", value: [4, 4] },
          { field: "objective", op: "<", value: 2 },
        ],
      }),
    ),
  ).toEqual(["0-1"]);
  expect(ids(await list({ where: [{ field: "labels.equation", op: "contains", value: "X'" }] }))).toEqual(["0-0"]);
  expect(
    ids(
      await list({
        where: [
          { field: "metrics.mae", op: "=", value: null },
          { field: "state", op: "!=", value: "failed" },
        ],
      }),
    ),
  ).toEqual(["2-1"]);
  expect(ids(await list({ search: "MEMORY" }))).toEqual(["1-1"]);
  expect(ids(await list({ search: "x' = y" }))).toEqual(["0-0"]);
  expect((await list({ search: "%" })).total).toBe(0);
});

it.each([
  ["parameters.learningRate", ["1-0", "1-1", "0-0", "0-1", "2-0", "2-1"]],
  ["-metrics.mae", ["2-0", "0-0", "1-0", "0-1", "2-1", "1-1"]],
  ["parameters.activation", ["1-0", "1-1", "2-0", "2-1", "0-0", "0-1"]],
  ["reason", ["1-1", "0-0", "0-1", "1-0", "2-0", "2-1"]],
])("sorts by %s, page by page", async (sort, expected) => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ sort, limit: 2, ...(cursor === null ? {} : { cursor }) });
    seen.push(...ids(page));
    cursor = page.next;
  } while (cursor !== null);
  expect(seen).toEqual(expected);
});

it("an outcome is listed, filtered, sorted and exported alike; only a run that trained to its end has one", async () => {
  const id = "rvns0003" as SweepId;
  // R² at least 0.995 and a mean error of at most 0.01 are asked for.
  const finals = [
    { rSquared: 0.995, mae: 0.01 },
    { rSquared: 0.995, mae: 0.0100001 },
    { rSquared: null, mae: 0 },
    { mae: 0 },
    { rSquared: 1, mae: 0 },
  ];
  const runs = [
    ...finals.map((metrics) => ({ objective: metrics.mae, metrics })),
    { state: "failed", metrics: { rSquared: 1, mae: 0 } },
    { state: "diverged", metrics: { rSquared: 1, mae: 0 } },
    { state: "pending", metrics: null },
  ];
  await seedSweep(api, { id, trials: [{ parameters: {}, runs }] });
  const asked = async (query: object): Promise<string[]> => {
    const answer = await api.call("listRuns", { params: { sweep: id }, query });
    expect(answer.status, answer.text.slice(0, 400)).toBe(200);
    return (answer.json as { items: Run[] }).items.map((run) => `${run.seedIndex} ${run.outcome}`);
  };
  const all = ["0 met", "1 missed", "2 missed", "3 missed", "4 met", "5 none", "6 none", "7 none"];
  expect(await asked({})).toEqual(all);
  for (const value of ["met", "missed", "none"])
    expect(await asked({ where: JSON.stringify([{ field: "outcome", op: "=", value }]) })).toEqual(
      all.filter((one) => one.endsWith(` ${value}`)),
    );
  expect(await asked({ where: JSON.stringify([{ field: "outcome", op: "!=", value: "none" }]) })).toEqual(all.slice(0, 5));
  expect(await asked({ sort: "outcome" })).toEqual([...all].sort((a, b) => a.slice(2).localeCompare(b.slice(2))));
  const byPages = await api.call("listRuns", { params: { sweep: id }, query: { sort: "-outcome", limit: 3 } });
  const { items, next } = byPages.json as { items: Run[]; next: string };
  expect(items.map(({ seedIndex }) => seedIndex)).toEqual([7, 6, 5]);
  expect((await asked({ sort: "-outcome", cursor: next })).map((one) => Number(one[0]))).toEqual([3, 2, 1, 4, 0]);
  for (const value of ["finished", "succeeded"])
    expect(await asked({ where: JSON.stringify([{ field: "state", op: "=", value }]) })).toHaveLength(5);
  const wrong = await api.call("listRuns", {
    params: { sweep: id },
    query: { where: JSON.stringify([{ field: "outcome", op: "=", value: "failed" }]) },
  });
  expect([wrong.status, api.errorOf(wrong).issues[0]?.message]).toEqual([400, "outcome is met, missed or none"]);
  const one = await api.call("getRun", { params: { run: `${id}-0-1` as Run["id"] } });
  expect(one.json).toMatchObject({
    state: "succeeded",
    outcome: "missed",
    bounds: [
      { value: 0.995, limit: "≥ 0.995", met: true },
      { value: 0.0100001, limit: "≤ 0.01", met: false },
    ],
  });
  expect((await api.call("getRun", { params: { run: `${id}-0-5` as Run["id"] } })).json).toMatchObject({
    outcome: "none",
    bounds: [],
  });
  const [head, ...rows] = (await api.send("GET", `/api/v1/sweeps/${id}/export`)).text.trim().split("\r\n");
  const [state, outcome] = ["state", "outcome"].map((name) => (head ?? "").split(",").indexOf(name)) as [number, number];
  expect(rows.map((row) => `${row.split(",")[state]} ${row.split(",")[outcome]}`).slice(3, 6)).toEqual([
    "finished missed",
    "finished met",
    "failed none",
  ]);
  const lines = (await api.send("GET", `/api/v1/sweeps/${id}/export?format=ndjson`)).text.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as object)[0]).toMatchObject({ state: "finished", outcome: "met" });
  // Without a criterion there is nothing to meet.
  await seedSweep(api, { id: "rvns0004", experiment: "diagnostic", trials: [{ parameters: {}, runs: [{ objective: 1 }] }] });
  const none = await api.call("listRuns", {
    params: { sweep: "rvns0004" },
    query: { sort: "-outcome", where: JSON.stringify([{ field: "outcome", op: "=", value: "none" }]) },
  });
  expect((none.json as { items: Run[] }).items).toMatchObject([{ state: "succeeded", outcome: "none" }]);
});

it("refuses conditions that cannot hold, by their place", async () => {
  const where = JSON.stringify([{ field: "objective", op: "contains", value: 3 }]);
  const answer = await api.call("listRuns", { params, query: { where } });
  expect([answer.status, api.errorOf(answer).issues[0]?.path]).toEqual([400, "where[0]"]);
  const field = JSON.stringify([{ field: "passwords", op: "=", value: 3 }]);
  expect((await api.call("listRuns", { params, query: { where: field } })).status).toBe(400);
  expect((await api.call("listRuns", { params, query: { sort: "nothing" } })).status).toBe(400);
  const injected = JSON.stringify([{ field: "parameters.x'; DROP TABLE run; --", op: "=", value: 3 }]);
  expect((await api.call("listRuns", { params, query: { where: injected } })).status).toBe(400);
});

it("retries and cancels chosen runs as far as their states allow", async () => {
  const id = "rvns0002" as SweepId;
  const runs = [{ objective: 1 }, { state: "failed", reason: "x" }, { state: "pending", metrics: null }];
  await seedSweep(api, { id, trials: [{ parameters: {}, runs }] });
  const chosen = [0, 1, 2].map((seed) => `${id}-0-${seed}`) as Run["id"][];
  const cancelled = await api.call("cancelRuns", { params: { sweep: id }, body: { runs: chosen } });
  expect(cancelled.json).toMatchObject({ changed: 1, unchanged: 2, sweep: { counts: { cancelled: 1, failed: 1, pending: 0 } } });
  const retried = await api.call("retryRuns", { params: { sweep: id }, body: { runs: chosen } });
  expect(retried.json).toMatchObject({ changed: 2, unchanged: 1, sweep: { counts: { cancelled: 0, failed: 0, pending: 2 } } });
});

it("names, tags and notes can be changed, and are found", async () => {
  const patched = await api.call("patchSweep", { params, body: { tags: ["paper"], notes: "Look at trial 2" } });
  expect(patched.json).toMatchObject({ name: "table", owner: "local", spec: { tags: ["paper"], notes: "Look at trial 2" } });
  const found = async (search: string): Promise<string[]> =>
    ((await api.call("listSweeps", { query: { search } })).json as { items: Sweep[] }).items.map((one) => one.id);
  expect([await found("trial 2"), await found("PAPER"), await found("table")]).toEqual([[sweep], [sweep], [sweep]]);
  expect((await api.call("patchSweep", { params, body: {} })).status).toBe(400);
});

it("exports Parquet that reads back as what is stored", async () => {
  const runs = await parquetOf("runs");
  expect(runs).toHaveLength(6);
  expect(runs[0]).toMatchObject({
    run: `${sweep}-0-0`,
    seed: 100,
    state: "finished",
    outcome: "missed",
    objective: 3,
    "parameters.learningRate": 0.1,
    "parameters.layers": "[4,4]",
    "metrics.mae": 3,
    "labels.equation": "x' = y",
  });
  expect(runs[0]?.["createdAt"]).toBeInstanceOf(Date);
  expect(runs[3]).toMatchObject({ state: "failed", outcome: "none", reason: "Out of memory", "metrics.mae": null });
  const points = await parquetOf("metrics");
  expect(points.map(({ step, value }) => [step, value])).toEqual([
    [1, 3],
    [2, Number.NaN],
    [3, 1],
  ]);
});

async function parquetOf(what: "runs" | "metrics"): Promise<Record<string, unknown>[]> {
  const response = await api.app.inject({ method: "GET", url: `/api/v1/sweeps/${sweep}/export?format=parquet&what=${what}` });
  expect(response.headers["content-type"]).toBe("application/vnd.apache.parquet");
  const bytes = new Uint8Array(response.rawPayload);
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
}
