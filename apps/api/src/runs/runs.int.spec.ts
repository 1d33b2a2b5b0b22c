import type { Run } from "@basin/contracts";
import { RunDetail, RunSeries, type SweepId } from "@basin/contracts";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedSeries, seedSweep, startHarness, type Harness, type SeededRun } from "../http/http-harness.testing";

let api: Harness;
let sweep: SweepId;
const runId = (trial: number, seed: number) => `k3v9x2mq-${trial}-${seed}` as Run["id"];

/** 12 trials × 4 seeds with ties, missing and not finite objectives, and finish times. */
const objectives = [0.5, 0.25, 0.5, null, Number.NaN, -1e-300, 1e300, 0, Number.POSITIVE_INFINITY, 0.1, null, 0.25];
const states = ["succeeded", "diverged", "failed", "cancelled"] as const;

beforeAll(async () => {
  api = await startHarness();
  sweep = await seedSweep(api, {
    id: "k3v9x2mq",
    trials: objectives.map((objective, t) => ({
      parameters: { learningRate: 1 / (t + 1), activation: "tanh", hiddenLayers: [8, 8] },
      runs: states.map((state, s): SeededRun => ({
        state,
        objective: s === 3 ? null : objective,
        metrics: { mae: objective !== null && Number.isFinite(objective) ? objective : null },
        reason: state === "failed" ? `boom "${t}", again` : null,
        finishedAt: (t + s) % 3 === 0 ? null : `2026-02-0${1 + ((t * s) % 4)}T10:00:00.5Z`,
      })),
    })),
  });
});
afterAll(() => api.stop());

async function page(query: object): Promise<{ items: Run[]; next: string | null; total: number }> {
  const answer = await api.call("listRuns", { params: { sweep }, query });
  expect(answer.status, answer.text).toBe(200);
  return answer.json as { items: Run[]; next: string | null; total: number };
}

describe("listing runs", () => {
  it("gives every run exactly once for any sort, filter and page size, in order, missing values last", async () => {
    const sorts = ["index", "-index", "objective", "-objective", "finishedAt", "-finishedAt"] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sorts),
        fc.integer({ min: 1, max: 60 }),
        fc.subarray([...states], { minLength: 1 }),
        async (sort, limit, state) => {
          const seen: Run[] = [];
          let cursor: string | null = null;
          do {
            const { items, next, total } = await page({ sort, limit, state, ...(cursor === null ? {} : { cursor }) });
            expect(total).toBe(state.length * objectives.length);
            expect(items.length).toBe(Math.min(limit, total - seen.length));
            seen.push(...items);
            cursor = next;
          } while (cursor !== null);
          expect(new Set(seen.map((run) => run.id)).size).toBe(state.length * objectives.length);
          const valueOf = (run: Run): number | null =>
            sort.endsWith("index")
              ? run.trialIndex * 1000 + run.seedIndex
              : sort.endsWith("objective")
                ? run.objective
                : run.finishedAt === null
                  ? null
                  : Date.parse(run.finishedAt);
          const values = seen.map(valueOf);
          const present = values.filter((value) => value !== null);
          expect(values.slice(0, present.length)).toEqual(present);
          const sign = sort.startsWith("-") ? -1 : 1;
          expect(present).toEqual([...present].sort((a, b) => sign * (a - b)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("narrows to one trial, and refuses a trial of another sweep", async () => {
    const { items, total } = await page({ trial: "k3v9x2mq-2" });
    expect({ ids: items.map((run) => run.id), total }).toEqual({ ids: [0, 1, 2, 3].map((s) => runId(2, s)), total: 4 });
    const answer = await api.call("listRuns", { params: { sweep }, query: { trial: "00000000-1" } });
    expect(api.errorOf(answer).issues[0]?.path).toBe("trial");
  });

  it("has everything about a run", async () => {
    const { items } = await page({ trial: "k3v9x2mq-0", state: ["failed"] });
    expect(items[0]).toMatchObject({
      id: runId(0, 2),
      sweep,
      trial: "k3v9x2mq-0",
      seed: 102,
      state: "failed",
      parameters: { learningRate: 1, activation: "tanh", hiddenLayers: [8, 8] },
      objective: 0.5,
      metrics: { mae: 0.5 },
      reason: 'boom "0", again',
    });
  });

  it("answers 404 for a sweep that is not there", async () => {
    for (const name of ["listRuns", "listTrials", "getResults"] as const)
      expect((await api.call(name, { params: { sweep: "00000000" } })).status).toBe(404);
  });
});

describe("trials", () => {
  it("come by index, page by page", async () => {
    const indices: number[] = [];
    let cursor: string | null = null;
    do {
      const query: object = { limit: 5, ...(cursor === null ? {} : { cursor }) };
      const { json } = await api.call("listTrials", { params: { sweep }, query });
      const { items, next, total } = json as { items: { index: number; state: string }[]; next: string | null; total: number };
      expect(total).toBe(12);
      expect(items.every((trial) => trial.state === "finished")).toBe(true);
      indices.push(...items.map((trial) => trial.index));
      cursor = next;
    } while (cursor !== null);
    expect(indices).toEqual(objectives.map((_, i) => i));
  });
});

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("one run", () => {
  it("comes with its attempts and artifacts", async () => {
    await api.sql(
      `INSERT INTO attempt (run_id, number, state, trainer_id, pack_id, pack_width, resumed_from_step, reason, finished_at) VALUES
        ($1, 1, 'lost', 't1', '00000000-0000-4000-8000-000000000001', 5, NULL, 'trainer t1 gave no sign', now()),
        ($1, 2, 'handed-back', 't2', '00000000-0000-4000-8000-000000000002', 1, 40, NULL, now())`,
      [runId(0, 0)],
    );
    const { json, status } = await api.call("getRun", { params: { run: runId(0, 0) } });
    expect(status).toBe(200);
    const detail = RunDetail.parse(json);
    expect(detail.attempts).toMatchObject([
      { number: 1, state: "lost", trainer: "t1", packWidth: 5, resumedFromStep: null },
      { number: 2, state: "handed-back", trainer: "t2", resumedFromStep: 40 },
    ]);
    expect((await api.call("getRun", { params: { run: runId(99, 0) } })).status).toBe(404);
    expect((await api.send("GET", "/api/v1/runs/nonsense")).status).toBe(400);
  });

  it("offers its artifacts for download, with their hash as entity tag", async () => {
    const content = Buffer.from(Uint8Array.from({ length: 2_500_000 }, (_, i) => (i * 7919) % 256));
    const sha256 = hashOf(content);
    const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff" as never;
    await api.sql(
      `INSERT INTO artifact (id, run_id, attempt, name, kind, media_type, bytes, sha256, content)
       VALUES ($1, $2, 1, $3, 'weights', 'application/octet-stream', $4, $5, $6)`,
      [id, runId(1, 0), 'wei"ghts ü.safetensors', content.length, sha256, content],
    );
    const { json } = await api.call("listArtifacts", { params: { run: runId(1, 0) } });
    expect(json).toMatchObject({ items: [{ id, bytes: content.length, sha256, kind: "weights", step: null }] });
    const response = await fetch(`${await api.app.getUrl()}/api/v1/artifacts/${String(id)}/content`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: `"${sha256}"`,
      "content-length": String(content.length),
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="k3v9x2mq-1-0-wei_ghts _.safetensors"; filename*=UTF-8''k3v9x2mq-1-0-wei%22ghts%20%C3%BC.safetensors`,
    });
    expect(hashOf(Buffer.from(await response.arrayBuffer()))).toBe(sha256);
    const url = `${await api.app.getUrl()}/api/v1/artifacts/${String(id)}/content`;
    const part = async (headers: Record<string, string>): Promise<[number, string | null, string]> => {
      const answer = await fetch(url, { headers });
      return [answer.status, answer.headers.get("content-range"), hashOf(Buffer.from(await answer.arrayBuffer()))];
    };
    expect(await part({ range: "bytes=1000000-2100000" })).toEqual([
      206,
      "bytes 1000000-2100000/2500000",
      hashOf(content.subarray(1_000_000, 2_100_001)),
    ]);
    expect(await part({ range: "bytes=-7" })).toEqual([206, "bytes 2499993-2499999/2500000", hashOf(content.subarray(-7))]);
    expect((await part({ range: "bytes=0-0", "if-range": '"older"' })).slice(0, 2)).toEqual([200, null]);
    expect((await part({ range: "bytes=2500000-" })).slice(0, 2)).toEqual([416, "bytes */2500000"]);
    const again = await api.call("getArtifactContent", { params: { artifact: id } }, { "if-none-match": `"${sha256}"` });
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: "" });
    const missing = await api.call("getArtifactContent", {
      params: { artifact: "6f9619ff-8b86-4011-b42d-00c04fc96400" },
    });
    expect({ status: missing.status, code: api.errorOf(missing).code }).toEqual({ status: 404, code: "not-found" });
  });
});

describe("metric series", () => {
  const steps = Array.from({ length: 1000 }, (_, i) => i + 1);
  const loss = steps.map((step) => 10 ** (-step / 100));

  beforeAll(async () => {
    await api.sql("UPDATE run SET attempt = 2 WHERE id = $1", [runId(2, 0)]);
    await seedSeries(api, runId(2, 0), { metric: "loss", steps: [1, 2], values: [9, 9], attempt: 1 });
    await seedSeries(api, runId(2, 0), { metric: "loss", steps, values: loss, attempt: 2, chunkPoints: 33 });
    await seedSeries(api, runId(2, 0), {
      metric: "mae",
      steps: [1, 5, 9],
      values: [1, Number.NaN, Number.NEGATIVE_INFINITY],
      attempt: 2,
    });
    await seedSeries(api, runId(2, 1), { metric: "loss", steps: [3], values: [0.1] });
  });
  const seriesOf = async (query: object): Promise<RunSeries["series"]> => {
    const answer = await api.call("getRunMetrics", { params: { run: runId(2, 0) }, query });
    expect(answer.status, answer.text).toBe(200);
    return RunSeries.parse(answer.json).series;
  };

  it("are those of the newest attempt, joined in order, exact to the bit when raw", async () => {
    const [first, second] = await seriesOf({ raw: true });
    expect(first).toEqual({ metric: "loss", attempt: 2, points: 1000, steps, values: loss });
    expect(second).toEqual({ metric: "mae", attempt: 2, points: 3, steps: [1, 5, 9], values: [1, null, null] });
  });

  it("are cut down to the budget, ends included, every point a stored one", async () => {
    const [series] = await seriesOf({ metrics: ["loss"], points: 50 });
    expect(series?.steps).toHaveLength(50);
    expect([series?.steps[0], series?.steps.at(-1)]).toEqual([1, 1000]);
    series?.steps.forEach((step, i) => expect(series.values[i]).toBe(loss[step - 1]));
  });

  it("can be asked for by metric and attempt", async () => {
    expect(await seriesOf({ metrics: ["mae"] })).toHaveLength(1);
    expect(await seriesOf({ metrics: ["nothing"] })).toEqual([]);
    expect(await seriesOf({ attempt: 1 })).toMatchObject([{ attempt: 1, values: [9, 9] }]);
    expect((await api.call("getRunMetrics", { params: { run: runId(2, 0) }, query: { attempt: 3 } })).status).toBe(404);
  });

  it("of many runs come in the order of runs, those without points as empty", async () => {
    const answer = await api.call("getSweepSeries", { params: { sweep }, query: { metric: "loss", limit: 11, points: 10 } });
    expect(answer.status, answer.text).toBe(200);
    const { runs } = answer.json as { runs: RunSeries[] };
    expect(runs.map((entry) => entry.run)).toEqual(Array.from({ length: 11 }, (_, i) => runId(Math.floor(i / 4), i % 4)));
    expect(runs.map((entry) => entry.series[0]?.points ?? 0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1000, 1, 0]);
    const chosen = await api.call("getSweepSeries", {
      params: { sweep },
      query: { metric: "loss", runs: [runId(2, 1), runId(0, 0)] },
    });
    expect((chosen.json as { runs: RunSeries[] }).runs).toEqual([
      { run: runId(0, 0), series: [] },
      { run: runId(2, 1), series: [{ metric: "loss", attempt: 1, points: 1, steps: [3], values: [0.1] }] },
    ]);
    const none = await api.call("getSweepSeries", { params: { sweep }, query: { metric: "loss", runs: [] } });
    expect((none.json as { runs: RunSeries[] }).runs).toEqual([]);
    expect((await api.call("getSweepSeries", { params: { sweep: "00000000" }, query: { metric: "loss" } })).status).toBe(404);
  });
});
