import type { RunId, SweepId, TrainerId } from "@basin/contracts";
import type { Queryable } from "./connection";
import { moveColumns, type RunMove } from "./run-moves";
import { int4, listOf, nullable, present, runId, text, trainerId } from "./sql-types";
import { runAfter, runStateAfter, trainingRuns, waitingRuns } from "./state-sql";
import { statement } from "./statement";

export interface RunningAttempt {
  trainer: TrainerId;
  run: RunId;
  attempt: number;
}

const endWaitingRuns = (event: "cancel" | "prune") =>
  statement({
    text: `WITH wanted AS (
      SELECT id, state FROM run WHERE id = ANY($2::text[]) AND sweep_id = $1 AND state IN ${waitingRuns} FOR UPDATE
    ), ended AS (
      UPDATE run r SET state = ${runAfter(event)}, reason = $3, pack_id = NULL, finished_at = now() FROM wanted w
      WHERE r.id = w.id RETURNING r.id, r.trial_index, r.attempt, w.state AS before
    ), trials AS (
      UPDATE trial t SET runs_finished = t.runs_finished + c.n
      FROM (SELECT trial_index, count(*) AS n FROM ended GROUP BY 1) c
      WHERE t.sweep_id = $1 AND t.index = c.trial_index
    ), counted AS (
      UPDATE sweep SET pending = pending - e.of_pending, queued = queued - e.of_queued, ${runStateAfter(event)} = ${runStateAfter(event)} + e.n
      FROM (SELECT count(*) AS n, count(*) FILTER (WHERE before = 'pending') AS of_pending,
              count(*) FILTER (WHERE before = 'queued') AS of_queued FROM ended) e
      WHERE sweep.id = $1
    )
    SELECT id AS run, $1 AS sweep, ${runAfter(event)}::run_state AS state, attempt, NULL::float8 AS objective, NULL AS trainer FROM ended`,
    parameters: [text, listOf(text), text],
    row: moveColumns,
  });
const waitingEnds = { cancel: endWaitingRuns("cancel"), prune: endWaitingRuns("prune") };

/** Under the sweep's lock: ends those of the runs that wait. */
export async function endWaiting(
  connection: Queryable,
  event: keyof typeof waitingEnds,
  sweep: SweepId,
  runs: readonly RunId[],
  reason: string,
): Promise<RunMove[]> {
  const { rows } = await connection.query(waitingEnds[event](sweep, runs, reason));
  return rows;
}

const runningAttempts = statement({
  text: `SELECT trainer_id AS trainer, id AS run, attempt FROM run WHERE sweep_id = $1 AND state IN ${trainingRuns}
    AND ($2::text[] IS NULL OR id = ANY($2))`,
  parameters: [text, nullable(listOf(text))],
  row: { trainer: present(trainerId), run: runId, attempt: int4 },
});

/** `runs` left out: all of the sweep. */
export async function runningOf(connection: Queryable, sweep: SweepId, runs?: readonly RunId[]): Promise<RunningAttempt[]> {
  const { rows } = await connection.query(runningAttempts(sweep, runs ?? null));
  return rows;
}
