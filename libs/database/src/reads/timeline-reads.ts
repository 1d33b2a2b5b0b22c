import { timeMetric, type AttemptState, type Configuration, type RunId, type RunState, type SweepId } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { trainingRuns } from "../state-sql";
import {
  attemptState,
  float8,
  int4,
  int8,
  jsonb,
  listOf,
  nullable,
  present,
  runId,
  text,
  textOf,
  timestamptz,
  uuid,
} from "../sql-types";

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

/** A run in training: how far it is, by the last time stamp of its newest attempt. */
export interface RunInTraining {
  run: RunId;
  /** Null before packs were named. */
  pack: string | null;
  parameters: Configuration;
  step: number;
  /** Seconds of training up to that step; null: no stamp came from this attempt. */
  seconds: number | null;
}

const trainingNow = statement({
  text: `SELECT r.id AS run, r.pack_id AS pack, t.parameters, coalesce(c.step, a.resumed_from_step, 0) AS step, c.seconds
    FROM run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index
    JOIN attempt a ON a.run_id = r.id AND a.number = r.attempt
    LEFT JOIN LATERAL (SELECT c.steps[cardinality(c.steps)] AS step, c.values[cardinality(c.values)] AS seconds FROM metric_chunk c
      WHERE c.run_id = r.id AND c.attempt = r.attempt AND c.metric = '${timeMetric}' ORDER BY c.chunk DESC LIMIT 1) c ON true
    WHERE r.sweep_id = $1 AND r.state IN ${trainingRuns} ORDER BY r.started_at, r.trial_index, r.seed_index LIMIT $2`,
  parameters: [text, int8],
  row: { run: runId, pack: nullable(uuid), parameters: jsonb<Configuration>(), step: present(int4), seconds: nullable(float8) },
});

/** Runs of a sweep in training, those first that began first. */
export async function readTraining(database: Queryable, sweep: SweepId, limit: number): Promise<RunInTraining[]> {
  const { rows } = await database.query(trainingNow(sweep, limit));
  return rows;
}

const waitingSince = statement({
  text: `SELECT greatest(s.created_at, (SELECT max(a.finished_at) FROM run r JOIN attempt a ON a.run_id = r.id AND a.number = r.attempt
      WHERE r.sweep_id = s.id)) AS since FROM sweep s WHERE s.id = $1`,
  parameters: [text],
  row: { since: present(timestamptz) },
});

/** Since when a sweep of which nothing trains has waited: its last attempt's end, or its submission. */
export async function readWaitingSince(database: Queryable, sweep: SweepId): Promise<Date | null> {
  const { rows } = await database.query(waitingSince(sweep));
  return rows[0]?.since ?? null;
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
