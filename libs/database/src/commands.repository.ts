import { SweepSpec, type BudgetPart, type BuildId, type RunId, type SweepId } from "@basin/contracts";
import { budgetReasons } from "@basin/domain";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { PacksRepository } from "./packs.repository";
import { completeIfDone } from "./planning.repository";
import { endAttempts, forgetWorkOf, moveColumns, type RunMove } from "./run-moves";
import { endWaiting, runningOf, type RunningAttempt } from "./stopped-runs";
import { sweepBuildSql, withLockedSweeps, type LockedSweep } from "./sweep-locks";
import { createdRunsSql, endedSweeps, runAfter, runsAccepting, sweepAfter, sweepMove, sweepsAccepting } from "./state-sql";
import { statement } from "./statement";
import { bool, float8, int4, jsonb, listOf, nullable, text } from "./sql-types";

/** What a command did. `running`: attempts that their trainers must be told to stop. */
export interface CommandEffect {
  moves: RunMove[];
  running: RunningAttempt[];
}

/** The new plan of a sweep that is extended. */
export interface SweepAddition {
  spec: SweepSpec;
  seeds: readonly number[];
  trialsPlanned: number | null;
  /** More trials will come. */
  reopened: boolean;
  /** The sweep has another budget than before: what the old one cancelled waits again. */
  rebudgeted: boolean;
  /** For the log of search events. */
  event: unknown;
  /** Number of search events that the addition was computed from. */
  searchEvents: number;
}

const pauseSweep = statement({
  text: `UPDATE sweep SET state = ${sweepAfter("pause")} WHERE id = $1 AND state IN ${sweepsAccepting("pause")}`,
  parameters: [text],
});

const parkSweep = statement({
  text: `UPDATE sweep SET state = ${sweepAfter("pause")}, parked = $2 WHERE id = $1 AND state IN ${sweepsAccepting("pause")}`,
  parameters: [text, text],
});

const resumeSweep = statement({
  text: `UPDATE sweep SET state = ${sweepAfter("resume")}, parked = NULL WHERE id = $1 AND state IN ${sweepsAccepting("resume")}`,
  parameters: [text],
});

const giveToBuild = statement({
  text: `UPDATE sweep SET build = $2, earlier_builds = CASE WHEN started_at IS NULL THEN earlier_builds
      ELSE array_append(array_remove(array_remove(earlier_builds, $2), ${sweepBuildSql}), ${sweepBuildSql}) END
    WHERE id = $1`,
  parameters: [text, text],
});

const cancelSweep = statement({
  text: `UPDATE sweep SET state = ${sweepAfter("cancel")}, finished_at = now() WHERE id = $1 AND state IN ${sweepsAccepting("cancel")}`,
  parameters: [text],
});

const readUsage = statement({
  text: `SELECT spec, ${createdRunsSql} AS runs, train_seconds AS "trainSeconds", steps FROM sweep WHERE id = $1 AND spent IS NULL`,
  parameters: [text],
  row: { spec: jsonb<unknown>(), runs: int4, trainSeconds: float8, steps: float8 },
});

const noteSpent = statement({
  text: "UPDATE sweep SET spent = $2, racing = CASE WHEN racing IS NOT NULL THEN 'decided' END WHERE id = $1",
  parameters: [text, text],
});

const countFailed = statement({
  text: "SELECT failed FROM sweep WHERE id = $1",
  parameters: [text],
  row: { failed: int4 },
});

const extendSweep = statement({
  text: `UPDATE sweep SET seeds = $4, trials_planned = $5,
           spec = $3::jsonb || jsonb_strip_nulls(jsonb_build_object('name', spec->'name', 'tags', spec->'tags', 'notes', spec->'notes')),
           exhausted = exhausted AND NOT $6,
           filled_trials = CASE WHEN cardinality(seeds) < cardinality($4::int[]) THEN 0 ELSE filled_trials END,
           search_events = search_events + 1, spent = CASE WHEN $7 THEN NULL ELSE spent END,
           racing = CASE WHEN racing IS NOT NULL AND ($6 OR $7) THEN 'deciding' ELSE racing END,
           state = ${sweepMove("extend")},
           finished_at = CASE WHEN state IN ${endedSweeps} THEN NULL ELSE finished_at END
    WHERE id = $1 AND search_events = $2`,
  parameters: [text, int4, jsonb(), listOf(int4), nullable(float8), bool, bool],
});

const noteExtension = statement({
  text: "INSERT INTO search_event (sweep_id, sequence, event, actions) VALUES ($1, $2, $3, '{}')",
  parameters: [text, int4, jsonb()],
});

/** Where a search was told of results, those of a trial that is trained further are told anew. */
const searchHeard = "EXISTS (SELECT 1 FROM search_event e WHERE e.sweep_id = $1 AND e.event->>'type' = 'results')";

const lengthenTrials = statement({
  text: `UPDATE trial SET runs_total = $2, reported = reported AND NOT ${searchHeard} WHERE sweep_id = $1 AND runs_total < $2 AND race IS NULL`,
  parameters: [text, int4],
});

/**
 * Commands on a sweep, each one transaction under its lock. `allow` sees the sweep first and throws when the command does
 * not fit its state. Null: there is no such sweep.
 */
export class CommandsRepository {
  constructor(private readonly database: Database) {}

  pause(sweep: SweepId, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      await connection.query(pauseSweep(sweep));
      const moves = await PacksRepository.voidPacks(connection, sweep);
      return { moves, running: await runningOf(connection, sweep) };
    });
  }

  /**
   * Pauses a sweep whose search cannot go on, with the reason; runs that train go on to their ends. Nothing was written of the step that
   * failed, so that resuming tries it again. Done by the leader alone.
   */
  park(sweep: SweepId, reason: string, epoch: Epoch): Promise<RunMove[] | null> {
    return withLockedSweeps(
      this.database,
      [sweep],
      async (connection) => {
        const { rowCount } = await connection.query(parkSweep(sweep, reason));
        return rowCount === 0 ? null : PacksRepository.voidPacks(connection, sweep);
      },
      { epoch },
    );
  }

  resume(sweep: SweepId, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      await connection.query(resumeSweep(sweep));
      await completeIfDone(connection, [sweep]);
      return { moves: [], running: [] };
    });
  }

  /** Gives what is left to the build that `choose` names or throws. Attempts that run go on where they are. */
  continueOn(sweep: SweepId, choose: (sweep: LockedSweep) => BuildId): Promise<CommandEffect | null> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      const owner = locked.get(sweep);
      if (!owner) return null;
      const build = choose(owner);
      await connection.query(giveToBuild(sweep, build));
      return { moves: await PacksRepository.voidPacks(connection, sweep), running: [] };
    });
  }

  cancel(sweep: SweepId, reason: string, allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      await connection.query(cancelSweep(sweep));
      const moves = await cancelWaiting(connection, sweep, reason);
      return { moves, running: await runningOf(connection, sweep) };
    });
  }

  /**
   * Ends planning because a part of the budget is spent; `decide` sees the sweep under its lock. What waits is cancelled with the
   * reason, except after `runs`, where exactly the runs that exist are the sweep. What trains goes on. Null: nothing is spent. Done by
   * the leader alone.
   */
  spend(
    sweep: SweepId,
    epoch: Epoch,
    decide: (sweep: { spec: SweepSpec; runs: number; trainSeconds: number; steps: number }) => BudgetPart | null,
  ): Promise<{ part: BudgetPart; moves: RunMove[] } | null> {
    return withLockedSweeps(
      this.database,
      [sweep],
      async (connection, locked) => {
        if (locked.get(sweep)?.state !== "running") return null;
        const { rows } = await connection.query(readUsage(sweep));
        const row = rows[0];
        const part = row ? decide({ ...row, spec: SweepSpec.parse(row.spec) }) : null;
        if (part === null) return null;
        await connection.query(noteSpent(sweep, part));
        const moves = part === "runs" ? [] : await cancelWaiting(connection, sweep, budgetReasons[part]);
        await completeIfDone(connection, [sweep]);
        return { part, moves };
      },
      { epoch },
    );
  }

  /** `allow` also gets the number of failed runs. */
  retryFailed(sweep: SweepId, allow: (sweep: LockedSweep, failed: number) => void): Promise<CommandEffect | null> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      const owner = locked.get(sweep);
      if (!owner) return null;
      const { rows: counts } = await connection.query(countFailed(sweep));
      allow(owner, counts[0]?.failed ?? 0);
      return { moves: await tryAgain(connection, sweep, {}), running: [] };
    });
  }

  /**
   * Gives failed and cancelled runs of a list a fresh retry budget; runs in other states stay as they are. `allow` sees the
   * sweep first.
   */
  retryRuns(sweep: SweepId, runs: readonly RunId[], allow: (sweep: LockedSweep) => void): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => ({
      moves: await tryAgain(connection, sweep, { runs }),
      running: [],
    }));
  }

  /**
   * Ends unfinished runs of a list as cancelled, for good; finished ones stay as they are. What runs is fenced off at once: its
   * trainer is only told to save its work.
   */
  cancelRuns(sweep: SweepId, runs: readonly RunId[], reason: string): Promise<CommandEffect | null> {
    return withLockedSweeps(this.database, [sweep], async (connection, locked) => {
      if (!locked.has(sweep)) return null;
      const running = await runningOf(connection, sweep, runs);
      const waiting = await endWaiting(connection, "cancel", sweep, runs, reason);
      await forgetWorkOf(connection, waiting);
      const stopped = await endAttempts(connection, locked, running, ({ strikes }) => ({
        attemptState: "cancelled",
        runState: "cancelled",
        strikes,
        reason,
        attemptReason: reason,
      }));
      await completeIfDone(connection, [sweep]);
      return { moves: [...waiting, ...stopped], running };
    });
  }

  /** Null also when the search went on meanwhile: compute the addition again. `settle` is done in the same transaction. */
  extend(
    sweep: SweepId,
    addition: SweepAddition,
    allow: (sweep: LockedSweep) => void,
    settle?: (connection: Queryable) => Promise<void>,
  ): Promise<CommandEffect | null> {
    return this.command(sweep, allow, async (connection) => {
      const { rowCount } = await connection.query(
        extendSweep(
          sweep,
          addition.searchEvents,
          JSON.stringify(addition.spec),
          addition.seeds,
          addition.trialsPlanned,
          addition.reopened,
          addition.rebudgeted,
        ),
      );
      if (rowCount === 0) return null;
      await connection.query(noteExtension(sweep, addition.searchEvents, JSON.stringify(addition.event)));
      await connection.query(lengthenTrials(sweep, addition.seeds.length));
      const moves = addition.rebudgeted ? await tryAgain(connection, sweep, { cancelledFor: Object.values(budgetReasons) }) : [];
      await settle?.(connection);
      return { moves, running: [] };
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

const cancelPending = statement({
  text: `WITH ended AS (
      UPDATE run SET state = ${runAfter("cancel")}, reason = $2, finished_at = now()
      WHERE sweep_id = $1 AND state IN ${runsAccepting("queue")} RETURNING id, trial_index, attempt
    ), trials AS (
      UPDATE trial t SET runs_finished = t.runs_finished + c.n
      FROM (SELECT trial_index, count(*) AS n FROM ended GROUP BY 1) c
      WHERE t.sweep_id = $1 AND t.index = c.trial_index
    ), counted AS (
      UPDATE sweep SET pending = pending - e.n, cancelled = cancelled + e.n FROM (SELECT count(*) AS n FROM ended) e
      WHERE sweep.id = $1
    )
    SELECT id AS run, $1 AS sweep, ${runAfter("cancel")}::run_state AS state, attempt, NULL::float8 AS objective, NULL AS trainer FROM ended`,
  parameters: [text, text],
  row: moveColumns,
});

/** Under the sweep's lock: ends every run that waits, dispatched packs included. */
async function cancelWaiting(connection: Queryable, sweep: SweepId, reason: string): Promise<RunMove[]> {
  await PacksRepository.voidPacks(connection, sweep);
  const { rows } = await connection.query(cancelPending(sweep, reason));
  await forgetWorkOf(connection, rows);
  return rows;
}

/**
 * Which runs are given a fresh retry budget: of `runs` those that failed or were cancelled; else those that were cancelled for one of
 * the reasons; else every failed one.
 */
interface Again {
  runs?: readonly RunId[];
  cancelledFor?: readonly string[];
}

const tryRunsAgain = statement({
  text: `WITH wanted AS (
      SELECT id, state FROM run WHERE sweep_id = $1
        AND CASE WHEN $2::text[] IS NOT NULL THEN state IN ${runsAccepting("retry", "revive")} AND id = ANY($2)
                 WHEN $3::text[] IS NOT NULL THEN state IN ${runsAccepting("revive")} AND reason = ANY($3)
                 ELSE state IN ${runsAccepting("retry")} END
      FOR UPDATE
    ), again AS (
      UPDATE run r SET state = ${runAfter("retry")}, strikes = 0, max_width = NULL, reason = NULL, trainer_id = NULL, finished_at = NULL,
             objective = NULL, metrics = NULL, labels = '{}', steps = NULL
      FROM wanted w WHERE r.id = w.id RETURNING r.id, r.trial_index, r.attempt, w.state AS before
    ), forgiven AS (
      UPDATE attempt a SET trainer_died = false FROM again WHERE a.run_id = again.id AND a.trainer_died
    ), trials AS (
      UPDATE trial t SET runs_finished = t.runs_finished - c.n, reported = t.reported AND NOT ${searchHeard}
      FROM (SELECT trial_index, count(*) AS n FROM again GROUP BY 1) c
      WHERE t.sweep_id = $1 AND t.index = c.trial_index
    ), counted AS (
      UPDATE sweep SET failed = failed - e.of_failed, cancelled = cancelled - (e.n - e.of_failed), pending = pending + e.n,
             state = CASE WHEN e.n > 0 THEN ${sweepMove("retry-failed")} ELSE state END,
             finished_at = CASE WHEN e.n > 0 AND state IN ${endedSweeps} THEN NULL ELSE finished_at END
      FROM (SELECT count(*) AS n, count(*) FILTER (WHERE before = 'failed') AS of_failed FROM again) e WHERE sweep.id = $1
    )
    SELECT id AS run, $1 AS sweep, ${runAfter("retry")}::run_state AS state, attempt, NULL::float8 AS objective, NULL AS trainer FROM again`,
  parameters: [text, nullable(listOf(text)), nullable(listOf(text))],
  row: moveColumns,
});

async function tryAgain(connection: Queryable, sweep: SweepId, { runs, cancelledFor }: Again): Promise<RunMove[]> {
  const { rows } = await connection.query(tryRunsAgain(sweep, runs ?? null, cancelledFor ?? null));
  return rows;
}
