import type { AttemptState, RunId, RunState, SweepId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { attemptState, float8, int4, int8, listOf, nullable, present, runId, text, textOf, timestamptz } from "../sql-types";

export interface TimelineAttempt {
  run: RunId;
  attempt: number;
  trainer: string;
  trainerName: string | null;
  state: AttemptState;
  reason: string | null;
  packWidth: number;
  startedAt: Date;
  finishedAt: Date | null;
}

const newestAttempts = statement({
  text: `SELECT n.run_id AS run, n.number AS attempt, n.trainer_id AS trainer, t.name AS "trainerName", n.state,
      n.reason, n.pack_width AS "packWidth", n.started_at AS "startedAt", n.finished_at AS "finishedAt"
    FROM (SELECT a.* FROM run r JOIN attempt a ON a.run_id = r.id WHERE r.sweep_id = $1
          ORDER BY a.started_at DESC, a.run_id, a.number LIMIT $2) n
    LEFT JOIN trainer t ON t.id = n.trainer_id
    ORDER BY n.started_at DESC, n.run_id, n.number`,
  parameters: [text, int8],
  row: {
    run: runId,
    attempt: int4,
    trainer: text,
    trainerName: nullable(text),
    state: attemptState,
    reason: nullable(text),
    packWidth: int4,
    startedAt: timestamptz,
    finishedAt: nullable(timestamptz),
  },
});

const countAttempts = statement({
  text: "SELECT coalesce(sum(attempt), 0)::int AS total FROM run WHERE sweep_id = $1",
  parameters: [text],
  row: { total: int4 },
});

/** The newest attempts of a sweep's runs, by start, and how many there are in all. */
export async function readNewestAttempts(
  database: Queryable,
  sweep: SweepId,
  limit: number,
): Promise<{ items: TimelineAttempt[]; total: number }> {
  const [{ rows }, counted] = await Promise.all([
    limit === 0 ? { rows: [] } : database.query(newestAttempts(sweep, limit)),
    database.query(countAttempts(sweep)),
  ]);
  return { items: rows, total: counted.rows[0]?.total ?? 0 };
}

const reasonsOfSweep = statement({
  text: `SELECT state::text AS state, reason, count(*)::int AS count, (array_agg(id ORDER BY trial_index, seed_index))[1:5] AS examples
    FROM (SELECT id, trial_index, seed_index, state,
            regexp_replace(left(coalesce(reason, ''), 500), '\\d+(\\.\\d+)?(e[+-]?\\d+)?', '#', 'gi') AS reason
          FROM run WHERE sweep_id = $1 AND state IN ('failed', 'diverged', 'cancelled', 'pruned')) r
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50`,
  parameters: [text],
  row: {
    state: textOf<RunState>(),
    reason: text,
    count: int4,
    examples: listOf(runId),
  },
});

/** Why runs ended without a result: reasons with their numbers replaced by #, most frequent first, at most 50. */
export async function readReasons(
  database: Queryable,
  sweep: SweepId,
): Promise<{ state: RunState; reason: string; count: number; examples: RunId[] }[]> {
  const { rows } = await database.query(reasonsOfSweep(sweep));
  return rows;
}

const recentTrainSeconds = statement({
  text: `SELECT s.id AS sweep, a.train_seconds AS "trainSeconds", a.pack_width AS "packWidth",
      extract(epoch FROM a.finished_at - a.started_at)::float8 AS "elapsedSeconds"
    FROM (SELECT id FROM sweep WHERE experiment = $1 AND succeeded > 0 ORDER BY created_at DESC LIMIT 5) s
    CROSS JOIN LATERAL (
      SELECT r.id, r.attempt FROM run r WHERE r.sweep_id = s.id AND r.state = 'succeeded'
      ORDER BY r.trial_index DESC, r.seed_index DESC LIMIT $2
    ) r
    JOIN attempt a ON a.run_id = r.id AND a.number = r.attempt
    WHERE a.train_seconds IS NOT NULL AND a.resumed_from_step IS NULL`,
  parameters: [text, int8],
  row: { sweep: text, trainSeconds: present(float8), packWidth: int4, elapsedSeconds: float8 },
});

/** Seconds of training of the newest finished attempts of an experiment, with the widths of their packs; at most `limit`. */
export async function readTrainSeconds(
  database: Queryable,
  experiment: string,
  limit: number,
): Promise<{ sweep: string; trainSeconds: number; elapsedSeconds: number; packWidth: number }[]> {
  const { rows } = await database.query(recentTrainSeconds(experiment, limit));
  return rows;
}
