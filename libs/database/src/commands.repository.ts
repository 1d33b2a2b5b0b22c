import type { RunId, SweepId, SweepSpec, TrainerId } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import { PacksRepository } from "./packs.repository";
import { completeIfDone } from "./planning.repository";
import type { RunMove } from "./run-moves";
import { withLockedSweeps, type LockedSweep } from "./sweep-locks";

export interface RunningAttempt {
  trainer: TrainerId;
  run: RunId;
  attempt: number;
}

/** What a command did. `running`: attempts that their trainers must be told to stop. */
export interface CommandEffect {
  moves: RunMove[];
  running: RunningAttempt[];
}

/** The new plan of a sweep that is extended. */
export interface Extension {
  spec: SweepSpec;
  seeds: readonly number[];
  trialsPlanned: number | null;
  /** More trials will come. */
  reopened: boolean;
  /** For the log of search events. */
  event: unknown;
  /** Number of search events that the extension was computed from. */
  searchEvents: number;
}

/**
 * Commands on a sweep, each one transaction under its lock. `allow` sees the sweep first and throws when the command does
 * not fit its state. Null: there is no such sweep.
 */
export class CommandsRepository {
  constructor(private readonly database: Database) {}

  pause(sweep: SweepId, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      await connection.query({ text: "UPDATE sweep SET state = 'paused' WHERE id = $1", values: [sweep] });
      const moves = await PacksRepository.voidPacks(connection, sweep);
      return { moves, running: await runningOf(connection, sweep) };
    });
  }

  resume(sweep: SweepId, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      await connection.query({ text: "UPDATE sweep SET state = 'running' WHERE id = $1", values: [sweep] });
      await completeIfDone(connection, [sweep]);
      return { moves: [], running: [] };
    });
  }

  cancel(sweep: SweepId, reason: string, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      await connection.query({
        text: "UPDATE sweep SET state = 'cancelled', finished_at = now() WHERE id = $1",
        values: [sweep],
      });
      await PacksRepository.voidPacks(connection, sweep);
      const { rows } = await connection.query<{ [K in keyof RunMove]: RunMove[K] }>({
        text: `WITH ended AS (
                 UPDATE run SET state = 'cancelled', reason = $2, finished_at = now()
                 WHERE sweep_id = $1 AND state = 'pending' RETURNING id, trial_index, attempt
               ), trials AS (
                 UPDATE trial t SET runs_finished = t.runs_finished + c.n
                 FROM (SELECT trial_index, count(*) AS n FROM ended GROUP BY 1) c
                 WHERE t.sweep_id = $1 AND t.index = c.trial_index
               ), checkpoints AS (
                 DELETE FROM artifact a USING ended e WHERE a.run_id = e.id AND a.kind = 'checkpoint'
               ), counted AS (
                 UPDATE sweep SET pending = pending - e.n, cancelled = cancelled + e.n FROM (SELECT count(*) AS n FROM ended) e
                 WHERE sweep.id = $1
               )
               SELECT id AS run, $1 AS sweep, 'cancelled' AS state, attempt, NULL::float8 AS objective, NULL AS trainer FROM ended`,
        values: [sweep, reason],
      });
      return { moves: rows, running: await runningOf(connection, sweep) };
    });
  }

  /** `allow` also gets the number of failed runs. */
  retryFailed(sweep: SweepId, allow: (sweep: LockedSweep, failed: number) => void): Promise<CommandEffect | null> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      const owner = locked.get(sweep);
      if (!owner) return null;
      const { rows: counts } = await connection.query<{ failed: number }>({
        text: "SELECT failed FROM sweep WHERE id = $1",
        values: [sweep],
      });
      allow(owner, counts[0]?.failed ?? 0);
      const { rows } = await connection.query<{ [K in keyof RunMove]: RunMove[K] }>({
        text: `WITH again AS (
                 UPDATE run SET state = 'pending', strikes = 0, reason = NULL, trainer_id = NULL, finished_at = NULL,
                        objective = NULL, metrics = NULL, steps = NULL
                 WHERE sweep_id = $1 AND state = 'failed' RETURNING id, trial_index, attempt
               ), trials AS (
                 UPDATE trial t SET runs_finished = t.runs_finished - c.n
                 FROM (SELECT trial_index, count(*) AS n FROM again GROUP BY 1) c
                 WHERE t.sweep_id = $1 AND t.index = c.trial_index
               ), counted AS (
                 UPDATE sweep SET failed = failed - e.n, pending = pending + e.n,
                        state = CASE WHEN state = 'completed' THEN 'running' ELSE state END,
                        finished_at = CASE WHEN state = 'completed' THEN NULL ELSE finished_at END
                 FROM (SELECT count(*) AS n FROM again) e WHERE sweep.id = $1
               )
               SELECT id AS run, $1 AS sweep, 'pending' AS state, attempt, NULL::float8 AS objective, NULL AS trainer FROM again`,
        values: [sweep],
      });
      return { moves: rows, running: [] };
    });
  }

  /** Null also when the search went on meanwhile: compute the extension again. */
  extend(sweep: SweepId, extension: Extension, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      const { rowCount } = await connection.query({
        text: `UPDATE sweep SET spec = $3, seeds = $4, trials_planned = $5, exhausted = exhausted AND NOT $6,
                      filled_trials = CASE WHEN cardinality(seeds) < cardinality($4::int[]) THEN 0 ELSE filled_trials END,
                      search_events = search_events + 1,
                      state = CASE WHEN state = 'completed' THEN 'running' ELSE state END,
                      finished_at = CASE WHEN state = 'completed' THEN NULL ELSE finished_at END
               WHERE id = $1 AND search_events = $2`,
        values: [
          sweep,
          extension.searchEvents,
          JSON.stringify(extension.spec),
          extension.seeds,
          extension.trialsPlanned,
          extension.reopened,
        ],
      });
      if (rowCount === 0) return null;
      await connection.query({
        text: "INSERT INTO search_event (sweep_id, sequence, event, actions) VALUES ($1, $2, $3, '{}')",
        values: [sweep, extension.searchEvents, JSON.stringify(extension.event)],
      });
      await connection.query({
        text: "UPDATE trial SET runs_total = $2 WHERE sweep_id = $1 AND runs_total < $2",
        values: [sweep, extension.seeds.length],
      });
      return { moves: [], running: [] };
    });
  }

  private command(
    sweep: SweepId,
    allow: (sweep: LockedSweep) => void,
    work: (connection: Queryable) => Promise<CommandEffect | null>,
  ): Promise<CommandEffect | null> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      const owner = locked.get(sweep);
      if (!owner) return null;
      allow(owner);
      return work(connection);
    });
  }
}

async function runningOf(connection: Queryable, sweep: SweepId): Promise<RunningAttempt[]> {
  const { rows } = await connection.query<{ [K in keyof RunningAttempt]: RunningAttempt[K] }>({
    text: `SELECT trainer_id AS trainer, id AS run, attempt FROM run WHERE sweep_id = $1 AND state = 'running'`,
    values: [sweep],
  });
  return rows;
}
