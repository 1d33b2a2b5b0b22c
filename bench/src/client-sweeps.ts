import { call } from "@basin/client";
import { type SweepId } from "@basin/contracts";
import pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";

const metrics = Array.from({ length: 10 }, (_, i) => `m${i}`);
const pointsPerRun = 10_000;
const pointsPerChunk = 1000;

/** Two finished sweeps, as they would lie in the ledger after outside workers: many runs with ten final metrics, and few with many points. */
export async function seedFrames(
  api: string,
  databaseUrl: string,
  { runs, points }: { runs: number; points: number },
): Promise<{ runsSweep: SweepId; pointsSweep: SweepId; runs: number; points: number }> {
  await call(api, "putExperiment", {
    params: { experiment: "bench-frames" },
    body: {
      parameters: { properties: { x: { type: "number", default: 0 } } },
      metrics: metrics.map((name) => ({ name })),
      objective: { metric: "m0", direction: "minimize" },
    },
  });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const runsSweep = await finishedSweep(api, client, runs, 10);
    const pointsSweep = await finishedSweep(api, client, Math.ceil(points / pointsPerRun), 1);
    await client.query(
      `INSERT INTO metric_chunk (run_id, attempt, metric, chunk, first_step, steps, "values")
       SELECT r.id, 1, 'm0', c, c * $2::int, array_agg(c * $2::int + i ORDER BY i), array_agg(1.0 / (c * $2::int + i + 1) ORDER BY i)
       FROM run r, generate_series(0, $3::int - 1) c, generate_series(0, $2::int - 1) i WHERE r.sweep_id = $1 GROUP BY r.id, c`,
      [pointsSweep, pointsPerChunk, pointsPerRun / pointsPerChunk],
    );
    await client.query("VACUUM (ANALYZE) trial, run, attempt, metric_chunk, sweep");
    await client.query("CHECKPOINT");
    return { runsSweep, pointsSweep, runs, points };
  } finally {
    await client.end();
  }
}

/** A sweep without workers, paused, its rows written over. */
async function finishedSweep(api: string, client: pg.Client, runs: number, seeds: number): Promise<SweepId> {
  const { id } = await call(api, "createSweep", {
    body: {
      experiment: "bench-frames",
      space: { x: { type: "choice", values: [0] } },
      seeds: { count: seeds },
      pool: "bench-archive",
    },
  });
  while ((await call(api, "getSweep", { params: { sweep: id } })).trialsCreated === 0) await sleep(50);
  await call(api, "pauseSweep", { params: { sweep: id } });
  const { rows } = await client.query<{ pack_key: string }>("SELECT pack_key FROM trial WHERE sweep_id = $1", [id]);
  const key = rows[0]?.pack_key ?? "";
  await client.query("BEGIN");
  await client.query("DELETE FROM run WHERE sweep_id = $1", [id]);
  await client.query("DELETE FROM trial WHERE sweep_id = $1", [id]);
  await client.query(
    `INSERT INTO trial (sweep_id, index, parameters, pack_key, runs_total, runs_created, runs_finished)
     SELECT $1, t, jsonb_build_object('x', t / 1000.0), $2, $3::int, $3::int, $3::int FROM generate_series(0, $4::int / $3::int - 1) t`,
    [id, key, seeds, runs],
  );
  await client.query(
    `INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, state, attempt, pack_key, trainer_id, build, objective, metrics, steps, started_at, finished_at)
     SELECT $1 || '-' || t || '-' || s, $1, t, s, s, 'succeeded', 1, $2, 'bench', 'unversioned', random(),
       (SELECT jsonb_object_agg('m' || m, (t * 31 + s * 7 + m) / 1000.0) FROM generate_series(0, 9) m), 100, now(), now()
     FROM generate_series(0, $4::int / $3::int - 1) t, generate_series(0, $3::int - 1) s`,
    [id, key, seeds, runs],
  );
  await client.query(
    `INSERT INTO attempt (run_id, number, state, trainer_id, pack_id, pack_width, finished_at)
     SELECT id, 1, 'succeeded', 'bench', gen_random_uuid(), 1, now() FROM run WHERE sweep_id = $1`,
    [id],
  );
  await client.query(
    `UPDATE sweep SET state = 'completed', exhausted = true, pending = 0, queued = 0, succeeded = $2::int, trials_created = $2::int / $3::int,
       filled_trials = $2::int / $3::int, finished_at = now() WHERE id = $1`,
    [id, runs, seeds],
  );
  await client.query("COMMIT");
  return id;
}
