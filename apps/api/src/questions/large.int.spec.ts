import { Results, SweepAnswer, type SweepId } from "@basin/contracts";
import { eventually } from "@basin/testing";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { seedSweep, startHarness, type Harness } from "../http/http-harness.testing";

let api: Harness;
const sweep = "k3v9x2mq" as SweepId;
const trials = 400;
const seeds = 50;

/** A finished sweep of 20,000 runs, made by SQL alone. */
beforeAll(async () => {
  api = await startHarness();
  const space = { learningRate: { type: "log-float", min: 1e-5, max: 1e-1, points: trials } };
  await seedSweep(api, { id: sweep, space, state: "completed" });
  await api.sql(
    `INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total, runs_created, runs_finished)
     SELECT $1, t, jsonb_build_object('learningRate', 1e-5 * (t + 1), 'activation', 'tanh'), 'k', $3, $3, $3
     FROM generate_series(0, $2::int - 1) t`,
    [sweep, trials, seeds],
  );
  await api.sql(
    `INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, state, attempt, pack_key, objective, metrics)
     SELECT $1 || '-' || t || '-' || s, $1, t, s, s, (CASE WHEN s % 10 = 9 THEN 'diverged' ELSE 'succeeded' END)::run_state, 1, 'k',
       x, jsonb_build_object('mae', x, 'rSquared', y, 'note', repeat('x', 300))
     FROM generate_series(0, $2::int - 1) t, generate_series(0, $3::int - 1) s, LATERAL (SELECT random() + t AS x, random() + s * 0 AS y) v`,
    [sweep, trials, seeds],
  );
});
afterAll(() => api.stop());

it("the results of 20,000 runs agree with what PostgreSQL computes", async () => {
  const answer = await api.call("getResults", { params: { sweep }, query: { limit: 10_000, sort: "index" } });
  const { groups } = Results.parse(answer.json);
  expect(groups).toHaveLength(trials);
  const truth = await api.sql(
    `SELECT count(*)::int AS n, avg(objective) AS mean, stddev_samp(objective) AS std, min(objective), max(objective),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY objective) AS median, avg((metrics->>'rSquared')::float8) AS other
     FROM run WHERE sweep_id = $1 AND state = 'succeeded' GROUP BY trial_index ORDER BY trial_index`,
    [sweep],
  );
  truth.forEach((row, i) => {
    const group = groups[i];
    expect(group?.counts).toMatchObject({ total: seeds, succeeded: row.n, diverged: seeds - Number(row.n) });
    expect(group?.objective).toMatchObject({ n: row.n, min: row.min, max: row.max });
    expect(group?.objective.mean).toBeCloseTo(Number(row.mean), 9);
    expect(group?.objective.std).toBeCloseTo(Number(row.std), 9);
    expect(group?.objective.median).toBeCloseTo(Number(row.median), 9);
    expect(group?.metrics.rSquared?.mean).toBeCloseTo(Number(row.other), 9);
  });
});

it("the answer of 20,000 runs has the medians that PostgreSQL computes, diverged runs at the worst end", async () => {
  const found = await api.call("getAnswer", { params: { sweep }, query: { limit: 200 } });
  const { rows, configurations, sentence } = SweepAnswer.parse(found.json);
  expect([rows.length, configurations]).toEqual([200, trials]);
  const truth = await api.sql(
    `SELECT trial_index AS trial, percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE state WHEN 'diverged' THEN 'Infinity' ELSE objective END) AS median,
       (count(*) FILTER (WHERE (metrics->>'rSquared')::float8 >= 0.995 AND objective <= 0.01 AND state = 'succeeded'))::int AS met
     FROM run WHERE sweep_id = $1 GROUP BY trial_index`,
    [sweep],
  );
  const of = new Map(truth.map((row) => [row.trial, row]));
  for (const { trial, median, success, cells } of rows) {
    expect(median).toBeCloseTo(Number(of.get(trial)?.median), 9);
    expect(success).toMatchObject({ met: of.get(trial)?.met, of: seeds });
    expect([cells.length, cells.replaceAll(/[^d]/g, "").length]).toEqual([seeds, seeds / 10]);
  }
  expect(sentence).toMatch(/met the criterion/);
});

it("an export waits for a reader that pauses, goes on with it, and stops for one that leaves", async () => {
  const query = vi.spyOn(api.database, "query");
  const { port } = new URL(await api.app.getUrl());
  const request = `GET /api/v1/sweeps/${sweep}/export?format=ndjson HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
  const reading = async (): Promise<{ socket: ReturnType<typeof connect>; pages: number }> => {
    query.mockClear();
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(request));
    socket.on("error", () => undefined);
    socket.once("readable", () => socket.pause());
    let pages = -1;
    await eventually(
      async () => {
        const before = query.mock.calls.length;
        await sleep(300);
        pages = query.mock.calls.length;
        return pages > 1 && pages === before;
      },
      { timeoutSeconds: 20, what: "the export to rest" },
    );
    return { socket, pages };
  };
  const allPages = (trials * seeds) / 500;
  const patient = await reading();
  expect(patient.pages).toBeLessThan(allPages);
  let lines = 0;
  patient.socket.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) lines += 1;
  });
  await new Promise((resolve) => patient.socket.once("close", resolve));
  expect(query.mock.calls.length).toBeGreaterThan(allPages);
  expect(lines).toBeGreaterThanOrEqual(trials * seeds);

  const hasty = await reading();
  hasty.socket.destroy();
  await sleep(300);
  expect(query.mock.calls.length).toBeLessThanOrEqual(hasty.pages + 1);
  query.mockRestore();
});
