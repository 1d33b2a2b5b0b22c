import type { AttemptState, FinalMetrics, RunId, RunLabels, RunState, SweepId, SweepState, TrainerId } from "@basin/contracts";
import { isRunFinished } from "@basin/domain";
import type { Queryable } from "./connection";
import { completeWhen } from "./planning.repository";
import { finishedRuns, mayFollowTraining, searchSeedsSql, sweepAfter, sweepsAccepting, trainingRuns } from "./state-sql";
import type { LockedSweep } from "./sweep-locks";
import { statement, type RowOf } from "./statement";
import {
  attemptState,
  bool,
  float8,
  int4,
  jsonb,
  listOf,
  nullable,
  runId,
  runState,
  sparseListOf,
  sweepId,
  text,
  trainerId,
} from "./sql-types";

/** A run's change of state, after it was committed: what change events are made of. */
export interface RunMove {
  run: RunId;
  sweep: SweepId;
  state: RunState;
  attempt: number;
  objective: number | null;
  trainer: TrainerId | null;
}

/** What is known of a run when one of its attempts ends. */
export interface AttemptFact {
  run: RunId;
  attempt: number;
  strikes: number;
  sweepState: SweepState;
  experiment: string;
  retryLimit: number;
  objectiveMetric: string;
  metricConstraints: readonly string[];
}

/** How an attempt ends and what becomes of its run. */
export interface Verdict {
  attemptState: Exclude<AttemptState, "running">;
  runState: Exclude<RunState, "running" | "queued">;
  strikes: number;
  /** The run's: why it failed, diverged, was cancelled or pruned. */
  reason: string | null;
  /** The attempt's: why it ended. */
  attemptReason: string | null;
  /** The trainer died before the run got further. */
  trainerDied?: boolean;
  /** No pack of the run is wider from now on. */
  maxWidth?: number | null;
  objective?: number | null;
  metrics?: FinalMetrics;
  labels?: RunLabels;
  /** The run met its experiment's success criterion. */
  met?: boolean;
  steps?: number;
  trainSeconds?: number;
}

/** Of statements that move runs. */
export const moveColumns = {
  run: runId,
  sweep: sweepId,
  state: runState,
  attempt: int4,
  objective: nullable(float8),
  trainer: nullable(trainerId),
};

const factColumns = { run: runId, sweep: sweepId, attempt: int4, strikes: int4 };
type FactRow = RowOf<typeof factColumns>;

const attemptFacts = statement({
  name: "attempt-facts",
  text: `SELECT r.id AS run, r.sweep_id AS sweep, r.attempt, r.strikes
    FROM unnest($1::text[], $2::int[]) AS k(run_id, attempt) JOIN run r ON r.id = k.run_id
    WHERE r.attempt = k.attempt AND r.state IN ${trainingRuns} AND r.sweep_id = ANY($3::text[])`,
  parameters: [listOf(text), listOf(int4), listOf(text)],
  row: factColumns,
});

const moveEnded = statement({
  name: "end-attempts",
  text: `WITH given AS (
      SELECT * FROM unnest($1::text[], $2::int[], $3::attempt_state[], $4::run_state[], $5::int[], $6::text[], $7::float8[],
        $8::jsonb[], $9::int[], $10::float8[], $11::text[], $12::jsonb[], $13::bool[], $14::bool[], $15::int[])
        AS g(run_id, attempt, outcome, next, strikes, reason, objective, metrics, steps, train_seconds, attempt_reason, labels, met,
          trainer_died, max_width)
    ), moved AS (
      UPDATE run r SET state = g.next, strikes = g.strikes, reason = g.reason, objective = g.objective, metrics = g.metrics, labels = g.labels,
        steps = g.steps, max_width = least(r.max_width, g.max_width), pack_id = NULL, trainer_id = CASE WHEN g.next IN ${finishedRuns} THEN r.trainer_id END,
        finished_at = CASE WHEN g.next IN ${finishedRuns} THEN now() END
      FROM given g WHERE r.id = g.run_id AND r.attempt = g.attempt AND r.state IN ${trainingRuns}
      RETURNING r.id, r.sweep_id, r.trial_index, r.seed_index, r.attempt, r.state, r.objective, r.trainer_id, r.steps,
        g.outcome, g.attempt_reason, g.train_seconds, g.met, g.trainer_died
    ), ended AS (
      UPDATE attempt a SET state = m.outcome, reason = m.attempt_reason, train_seconds = m.train_seconds, finished_at = now(),
        trainer_died = m.trainer_died
      FROM moved m WHERE a.run_id = m.id AND a.number = m.attempt
      RETURNING m.sweep_id, m.state, m.steps, m.train_seconds / a.pack_width AS slot_seconds
    ), used AS (
      SELECT sweep_id, coalesce(sum(slot_seconds), 0) AS train_seconds, coalesce(sum(steps), 0) AS steps
      FROM ended WHERE state IN ${finishedRuns} GROUP BY sweep_id
    ), trials AS (
      UPDATE trial t SET runs_finished = t.runs_finished + c.n
      FROM (SELECT sweep_id, trial_index, count(*) AS n FROM moved WHERE state IN ${finishedRuns} GROUP BY 1, 2) c
      WHERE t.sweep_id = c.sweep_id AND t.index = c.trial_index
    ), best AS (
      SELECT DISTINCT ON (m.sweep_id) m.sweep_id, m.id, m.objective FROM moved m JOIN sweep s ON s.id = m.sweep_id
      WHERE m.state = 'succeeded' AND m.objective IS NOT NULL AND m.seed_index < ${searchSeedsSql("s")}
      ORDER BY m.sweep_id, CASE WHEN s.minimize THEN m.objective ELSE -m.objective END, m.trial_index, m.seed_index
    ), counted AS (
      SELECT sweep_id, count(*) AS n,
        count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
        count(*) FILTER (WHERE state = 'diverged') AS diverged, count(*) FILTER (WHERE state = 'failed') AS failed,
        count(*) FILTER (WHERE state = 'cancelled') AS cancelled, count(*) FILTER (WHERE state = 'pruned') AS pruned,
        count(*) FILTER (WHERE met) AS met
      FROM moved GROUP BY sweep_id
    ), recounted AS (
      SELECT s.id, s.running - c.n AS running, s.pending + c.pending AS pending, s.succeeded + c.succeeded AS succeeded,
        s.diverged + c.diverged AS diverged, s.failed + c.failed AS failed, s.cancelled + c.cancelled AS cancelled, s.pruned + c.pruned AS pruned, s.met + c.met AS met,
        coalesce(s.best_value IS NULL AND b.id IS NOT NULL
          OR CASE WHEN s.minimize THEN b.objective < s.best_value ELSE b.objective > s.best_value END, false) AS better,
        b.id AS best_run, b.objective AS best_value,
        s.train_seconds + coalesce(u.train_seconds, 0) AS train_seconds, s.steps + coalesce(u.steps, 0) AS steps
      FROM counted c JOIN sweep s ON s.id = c.sweep_id LEFT JOIN best b ON b.sweep_id = s.id LEFT JOIN used u ON u.sweep_id = s.id
    ), totals AS (
      UPDATE sweep s SET running = c.running, pending = c.pending, succeeded = c.succeeded, diverged = c.diverged,
        failed = c.failed, cancelled = c.cancelled, pruned = c.pruned, met = c.met, train_seconds = c.train_seconds, steps = c.steps,
        best_run = CASE WHEN c.better THEN c.best_run ELSE s.best_run END,
        best_value = CASE WHEN c.better THEN c.best_value ELSE s.best_value END,
        state = CASE WHEN s.state IN ${sweepsAccepting("complete")} AND (${completeWhen("s", "c")}) THEN ${sweepAfter("complete")} ELSE s.state END,
        finished_at = CASE WHEN s.state IN ${sweepsAccepting("complete")} AND (${completeWhen("s", "c")}) THEN now() ELSE s.finished_at END
      FROM recounted c WHERE s.id = c.id
    )
    SELECT id AS run, sweep_id AS sweep, state, attempt, objective, trainer_id AS trainer FROM moved`,
  parameters: [
    listOf(text),
    listOf(int4),
    listOf(attemptState),
    listOf(runState),
    listOf(int4),
    sparseListOf(text),
    sparseListOf(float8),
    sparseListOf(jsonb()),
    sparseListOf(int4),
    sparseListOf(float8),
    sparseListOf(text),
    listOf(jsonb()),
    listOf(bool),
    listOf(bool),
    sparseListOf(int4),
  ],
  row: moveColumns,
});

/**
 * Ends attempts that are current and running, under the locks of their sweeps: attempt, run, trial and counters move
 * together; a sweep without anything left to do becomes complete. Attempts that are not current, or that `decide` answers with null, stay as they are.
 */
export async function endAttempts(
  connection: Queryable,
  sweeps: ReadonlyMap<string, LockedSweep>,
  keys: readonly { run: string; attempt: number }[],
  decide: (fact: AttemptFact) => Verdict | null,
): Promise<RunMove[]> {
  const { rows: facts } = await connection.query(
    attemptFacts(
      keys.map((key) => key.run),
      keys.map((key) => key.attempt),
      [...sweeps.keys()],
    ),
  );
  const ended: { fact: FactRow; verdict: Verdict }[] = [];
  for (const fact of facts) {
    const sweep = sweeps.get(fact.sweep);
    const verdict = sweep ? decide(factOf(fact, sweep)) : null;
    if (verdict && !mayFollowTraining(verdict.runState)) throw new Error(`a run that trains cannot become ${verdict.runState}`);
    if (verdict) ended.push({ fact, verdict });
  }
  if (ended.length === 0) return [];
  const { rows } = await connection.query(
    moveEnded(
      ended.map(({ fact }) => fact.run),
      ended.map(({ fact }) => fact.attempt),
      ended.map(({ verdict }) => verdict.attemptState),
      ended.map(({ verdict }) => verdict.runState),
      ended.map(({ verdict }) => verdict.strikes),
      ended.map(({ verdict }) => verdict.reason),
      ended.map(({ verdict }) => verdict.objective ?? null),
      ended.map(({ verdict }) => (verdict.metrics ? JSON.stringify(verdict.metrics) : null)),
      ended.map(({ verdict }) => verdict.steps ?? null),
      ended.map(({ verdict }) => verdict.trainSeconds ?? null),
      ended.map(({ verdict }) => verdict.attemptReason),
      ended.map(({ verdict }) => JSON.stringify(verdict.labels ?? {})),
      ended.map(({ verdict }) => verdict.met ?? false),
      ended.map(({ verdict }) => verdict.trainerDied ?? false),
      ended.map(({ verdict }) => verdict.maxWidth ?? null),
    ),
  );
  await forgetWorkOf(connection, rows);
  return rows;
}

const forgetWork = statement({
  name: "forget-work",
  text: `WITH finished AS (
      SELECT * FROM unnest($2::text[], $3::int[], $4::bool[]) AS f(id, attempt, kept)
    ), chunks AS (
      DELETE FROM metric_chunk k USING finished f WHERE f.attempt > 1 AND NOT f.kept AND k.run_id = f.id AND k.attempt < f.attempt
    ), artifacts AS (
      DELETE FROM artifact a USING finished f WHERE a.run_id = f.id AND (a.kind = 'checkpoint' OR a.attempt < f.attempt) AND NOT f.kept
    )
    DELETE FROM artifact_content c USING unnest($1::text[]) AS m(id)
    WHERE c.run_id = m.id AND NOT EXISTS (SELECT 1 FROM artifact a WHERE a.content_id = c.id)`,
  parameters: [listOf(text), listOf(text), listOf(int4), listOf(bool)],
});

/**
 * After runs have moved, in the same transaction: what they had only on the way goes. Contents that did not arrive in full;
 * and of those that are finished also checkpoints, and whatever older attempts wrote, unless they were pruned: all that is known of such a run is what it had on the way. A statement of its own, since an upload holds a
 * share lock on its run: the statement that moves the run waits for it, and does not see what it stored.
 */
export async function forgetWorkOf(connection: Queryable, moves: readonly RunMove[]): Promise<void> {
  if (moves.length === 0) return;
  const finished = moves.filter(({ state }) => isRunFinished(state));
  await connection.query(
    forgetWork(
      moves.map(({ run }) => run),
      finished.map(({ run }) => run),
      finished.map(({ attempt }) => attempt),
      finished.map(({ state }) => state === "pruned"),
    ),
  );
}

function factOf(
  { run, attempt, strikes }: FactRow,
  { state, experiment, retryLimit, objectiveMetric, metricConstraints }: LockedSweep,
): AttemptFact {
  return { run, attempt, strikes, sweepState: state, experiment, retryLimit, objectiveMetric, metricConstraints };
}
