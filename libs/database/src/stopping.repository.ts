import type { RunId, SweepId } from "@basin/contracts";
import type { Database } from "./connection";
import type { Epoch } from "./epoch";
import { completeIfDone, noteEvent } from "./planning.repository";
import { endAttempts, forgetWorkOf, type RunMove } from "./run-moves";
import { bool, float8, int4, jsonb, listOf, nullable, present, runId, text } from "./sql-types";
import { finishedRuns } from "./state-sql";
import { statement } from "./statement";
import { endWaiting, runningOf } from "./stopped-runs";
import { withLockedSweeps } from "./sweep-locks";

/** What a run measured when it had trained as far as a rung. */
export interface RungRow {
  run: RunId;
  trial: number;
  initialization: number;
  /** Index of the rung. */
  rung: number;
  /** Null: no number. */
  value: number | null;
}

/** A run that trained to its end since it was last told of. */
export interface EndedRow {
  run: RunId;
  trial: number;
  initialization: number;
}

export interface ToldReports {
  sweep: SweepId;
  sequence: number;
  event: unknown;
  actions: unknown;
  reports: readonly RungRow[];
  ended: readonly EndedRow[];
  rungs: number;
  /** Runs that are stopped, as far as they are not at their ends. */
  stopped: readonly { run: RunId; reason: string }[];
}

const rungColumns = { run: runId, trial: int4, initialization: int4, rung: int4, value: nullable(float8) };

/** The first point of a series at or behind each rung, of the newest attempt; rungs that were told of are left out unless `$4`. */
const reachedRungs = statement({
  text: `SELECT r.id AS run, r.trial_index AS trial, r.seed_index AS initialization, (g.position - 1)::int AS rung,
      nullif(p.value, 'NaN') AS value
    FROM run r CROSS JOIN unnest($3::int[]) WITH ORDINALITY AS g(step, position)
    CROSS JOIN LATERAL (
      SELECT u.value FROM (
        SELECT k.steps, k."values" FROM metric_chunk k
        WHERE k.run_id = r.id AND k.attempt = r.attempt AND k.metric = $2 AND k.steps[cardinality(k.steps)] >= g.step
        ORDER BY k.chunk LIMIT 1
      ) k CROSS JOIN LATERAL unnest(k.steps, k."values") AS u(step, value) WHERE u.step >= g.step ORDER BY u.step LIMIT 1
    ) p
    WHERE r.sweep_id = $1 AND r.attempt > 0 AND r.state <> 'cancelled'
      AND ($4 OR r.state <> 'pruned' AND r.rungs_told < cardinality($3::int[]) AND g.position > r.rungs_told)
    ORDER BY r.trial_index, r.seed_index, g.position`,
  parameters: [text, text, listOf(int4), bool],
  row: { ...rungColumns, value: nullable(float8), rung: present(int4) },
});

const newlyEnded = statement({
  text: `SELECT id AS run, trial_index AS trial, seed_index AS initialization FROM run
    WHERE sweep_id = $1 AND state IN ('succeeded', 'diverged') AND rungs_told <= $2 ORDER BY trial_index, seed_index`,
  parameters: [text, int4],
  row: { run: runId, trial: int4, initialization: int4 },
});

const advanceEvents = statement({
  text: "UPDATE sweep SET search_events = search_events + 1 WHERE id = $1 AND search_events = $2 AND state = 'running'",
  parameters: [text, int4],
});

const noteTold = statement({
  text: `UPDATE run r SET rungs_told = t.told FROM unnest($1::text[], $2::int[]) AS t(id, told) WHERE r.id = t.id AND r.rungs_told < t.told`,
  parameters: [listOf(text), listOf(int4)],
});

const unfinishedOf = statement({
  text: `SELECT id AS run FROM run WHERE sweep_id = $1 AND trial_index = $2 AND state NOT IN ${finishedRuns} ORDER BY seed_index`,
  parameters: [text, int4],
  row: { run: runId },
});

const readReports = statement({
  text: `SELECT event FROM search_event WHERE sweep_id = $1 AND sequence < $2 AND event->>'type' = 'reports' ORDER BY sequence`,
  parameters: [text, int4],
  row: { event: jsonb<unknown>() },
});

/** Reports at rungs, and what a stopping rule makes of them; written by the leader alone. */
export class StoppingRepository {
  constructor(private readonly database: Database) {}

  /** By trial, initialization and rung. `all`: of every run, else what was not told yet. */
  async reachedRungs(sweep: string, metric: string, rungs: readonly number[], options = { all: false }): Promise<RungRow[]> {
    const { rows } = await this.database.query(reachedRungs(sweep, metric, rungs, options.all));
    return rows;
  }

  async newlyEnded(sweep: string, rungs: number): Promise<EndedRow[]> {
    const { rows } = await this.database.query(newlyEnded(sweep, rungs));
    return rows;
  }

  /** The events so far that told of reports. */
  async told(sweep: string, searchEvents: number): Promise<unknown[]> {
    const { rows } = await this.database.query(readReports(sweep, searchEvents));
    return rows.map(({ event }) => event);
  }

  /** Runs of a trial that have not ended. */
  async unfinishedOf(sweep: string, trial: number): Promise<RunId[]> {
    const { rows } = await this.database.query(unfinishedOf(sweep, trial));
    return rows.map(({ run }) => run);
  }

  /**
   * Reports with what follows from them, in one transaction under the sweep's lock. What is stopped is fenced off at once; its metrics and its last
   * checkpoint stay. Null when another event came first or the sweep no longer runs: read it again.
   */
  applyReports(told: ToldReports, epoch: Epoch): Promise<RunMove[] | null> {
    const { sweep, sequence, reports, ended, rungs, stopped } = told;
    return withLockedSweeps(
      this.database,
      [sweep],
      async (connection, locked) => {
        const { rowCount } = await connection.query(advanceEvents(sweep, sequence));
        if (rowCount === 0) return null;
        await connection.query(noteEvent(sweep, sequence, JSON.stringify(told.event), JSON.stringify(told.actions)));
        const reached = new Map<RunId, number>();
        for (const { run, rung } of reports) reached.set(run, rung + 1);
        // One more than there are: its end was told of, too.
        for (const { run } of ended) reached.set(run, rungs + 1);
        await connection.query(noteTold([...reached.keys()], [...reached.values()]));
        const moves: RunMove[] = [];
        const reasons = new Map(stopped.map(({ run, reason }) => [run, reason]));
        for (const reason of new Set(reasons.values())) {
          const runs = stopped.filter((one) => one.reason === reason).map(({ run }) => run);
          const running = await runningOf(connection, sweep, runs);
          const waiting = await endWaiting(connection, "prune", sweep, runs, reason);
          await forgetWorkOf(connection, waiting);
          const fenced = await endAttempts(connection, locked, running, ({ strikes }) => ({
            attemptState: "cancelled",
            runState: "pruned",
            strikes,
            reason,
            attemptReason: reason,
          }));
          moves.push(...waiting, ...fenced);
        }
        await completeIfDone(connection, [sweep]);
        return moves;
      },
      { epoch },
    );
  }
}
