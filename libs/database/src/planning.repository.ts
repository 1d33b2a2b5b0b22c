import type { Configuration, RunState } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { sweepAfter, sweepsAccepting } from "./state-sql";
import { statement } from "./statement";
import { bool, float8, int4, jsonb, listOf, nullable, runState, text } from "./sql-types";

export interface NewTrial {
  index: number;
  /** Every parameter of the experiment. */
  parameters: Configuration;
  /** Names of those whose condition does not hold, so that the default stands. */
  inapplicable: readonly string[];
  packKey: string;
}

/** One step of a search: the event that was told, and all that follows from it. */
export interface SearchStep {
  sweep: string;
  /** The number of events before this one; a step on another number is refused. */
  sequence: number;
  event: unknown;
  state: unknown;
  trials: readonly NewTrial[];
  exhausted: boolean;
  /** The algorithm wants to hear how these trials end. */
  listensToResults: boolean;
  /** The trials whose ends the event reported. */
  reportedTrials: readonly number[];
  /** In a race over seeds: initializations that each of the trials begins with. Null: all seeds. */
  firstSeeds: number | null;
  /** At most this many runs are created now; the rest follows with `fill`. */
  maxNewRuns: number;
}

const advanceSearch = statement({
  text: `UPDATE sweep SET search_state = $3, search_events = search_events + 1, trials_created = trials_created + $4,
           exhausted = exhausted OR $5
    WHERE id = $1 AND search_events = $2 AND state = 'running' RETURNING trials_created AS created`,
  parameters: [text, int4, jsonb(), int4, bool],
  row: { created: int4 },
});

/** An event of the search's log, with what it led to. */
export const noteEvent = statement({
  text: "INSERT INTO search_event (sweep_id, sequence, event, actions) VALUES ($1, $2, $3, $4)",
  parameters: [text, int4, jsonb(), jsonb()],
});

/** Not of a trial whose runs train again since its results were read: it is reported anew when they have ended. */
const noteReported = statement({
  text: "UPDATE trial SET reported = true WHERE sweep_id = $1 AND index = ANY($2::int[]) AND runs_finished = runs_total",
  parameters: [text, listOf(int4)],
});

const insertTrials = statement({
  text: `INSERT INTO trial (sweep_id, index, parameters, inapplicable, pack_key, runs_total, reported, race)
    SELECT $1, t.index, t.parameters, t.inapplicable, t."packKey", coalesce($4::int, cardinality(s.seeds)), $3,
      CASE WHEN $4::int IS NOT NULL THEN 'racing' END
    FROM sweep s, jsonb_to_recordset($2::jsonb) AS t(index int, parameters jsonb, inapplicable text[], "packKey" text)
    WHERE s.id = $1`,
  parameters: [text, jsonb(), bool, nullable(int4)],
});

const lockRunning = statement({
  text: "SELECT 1 FROM sweep WHERE id = $1 AND state = 'running' FOR NO KEY UPDATE",
  parameters: [text],
});

const readUnreported = statement({
  text: `SELECT t.index AS trial, r.seed_index AS initialization, r.state AS outcome,
           CASE WHEN r.state = 'succeeded' THEN r.objective END AS value,
           CASE WHEN r.state = 'succeeded' AND s.spec ?| ARRAY['objectives', 'metricConstraints'] THEN r.metrics END AS metrics
    FROM sweep s CROSS JOIN LATERAL (SELECT index FROM trial WHERE sweep_id = $1 AND NOT reported AND runs_finished = runs_total
            AND race IS DISTINCT FROM 'racing'
          ORDER BY index LIMIT $2::int) t
    JOIN run r ON r.sweep_id = $1 AND r.trial_index = t.index
    WHERE s.id = $1 ORDER BY t.index, r.seed_index`,
  parameters: [text, int4],
  row: {
    trial: int4,
    initialization: int4,
    outcome: runState,
    value: nullable(float8),
    metrics: nullable(jsonb<Record<string, number | null>>()),
  },
});

const readTold = statement({
  text: `SELECT event FROM search_event WHERE sweep_id = $1 AND sequence < $2 AND event->>'type' IN ('results', 'extended', 'warm-start')
    ORDER BY sequence`,
  parameters: [text, int4],
  row: { event: jsonb<{ type: string }>() },
});

const readTrials = statement({
  text: "SELECT parameters FROM trial WHERE sweep_id = $1 AND index < $2 ORDER BY index",
  parameters: [text, int4],
  row: { parameters: jsonb<Configuration>() },
});

/** How a run of a trial ended that the search does not know yet. */
export interface UnreportedRun {
  trial: number;
  initialization: number;
  outcome: RunState;
  value: number | null;
  /** Final metrics, where the sweep has several objectives or constraints on metrics; null elsewhere. */
  metrics: Record<string, number | null> | null;
}

/** Written by the leader alone. */
export class PlanningRepository {
  constructor(private readonly database: Database) {}

  /**
   * Event, new state, actions, trials and runs in one transaction. Null when another step came first or the sweep no longer
   * runs: read it again. Otherwise the number of runs created.
   */
  applyStep(step: SearchStep, epoch: Epoch): Promise<number | null> {
    return this.database.transaction(
      async (connection) => {
        const { rows } = await connection.query(
          advanceSearch(step.sweep, step.sequence, JSON.stringify(step.state), step.trials.length, step.exhausted),
        );
        const after = rows[0]?.created;
        if (after === undefined) return null;
        const before = after - step.trials.length;
        await connection.query(
          noteEvent(
            step.sweep,
            step.sequence,
            JSON.stringify(step.event),
            JSON.stringify({ created: [before, after], exhausted: step.exhausted }),
          ),
        );
        if (step.reportedTrials.length > 0) {
          await connection.query(noteReported(step.sweep, step.reportedTrials));
        }
        if (step.trials.length > 0) {
          await connection.query(insertTrials(step.sweep, JSON.stringify(step.trials), !step.listensToResults, step.firstSeeds));
        }
        const created = await fillRuns(connection, step.sweep, step.maxNewRuns);
        await completeIfDone(connection, [step.sweep]);
        return created;
      },
      { epoch },
    );
  }

  /** Creates up to `maxNewRuns` of the runs that existing trials lack, in order. Returns how many. */
  fill(sweep: string, maxNewRuns: number, epoch: Epoch): Promise<number> {
    return this.database.transaction(
      async (connection) => {
        const { rowCount } = await connection.query(lockRunning(sweep));
        if (rowCount === 0) return 0;
        const created = await fillRuns(connection, sweep, maxNewRuns);
        await completeIfDone(connection, [sweep]);
        return created;
      },
      { epoch },
    );
  }

  /** Every run of the first trials, at most `most`, whose ends the search does not know yet, in order. */
  async unreportedRuns(sweep: string, most: number): Promise<UnreportedRun[]> {
    const { rows } = await this.database.query(readUnreported(sweep, most));
    return rows;
  }

  /** What a search's history is made from: the parameters of its trials, and the events so far that say something of their results. */
  async searchHistory(
    sweep: string,
    { trialsCreated, searchEvents }: { trialsCreated: number; searchEvents: number },
  ): Promise<{ trials: Configuration[]; told: { type: string }[] }> {
    const [trials, events] = await Promise.all([
      this.database.query(readTrials(sweep, trialsCreated)),
      this.database.query(readTold(sweep, searchEvents)),
    ]);
    return { trials: trials.rows.map(({ parameters }) => parameters), told: events.rows.map(({ event }) => event) };
  }
}

const createRuns = statement({
  text: `WITH lacking AS (
      SELECT index, pack_key, runs_created, lack, sum(lack) OVER (ORDER BY index) - lack AS earlier
      FROM (SELECT t.index, t.pack_key, t.runs_created, t.runs_total - t.runs_created AS lack
            FROM trial t JOIN sweep s ON s.id = t.sweep_id
            WHERE t.sweep_id = $1 AND t.index >= s.filled_trials ORDER BY t.index LIMIT $2::int) t
    ), part AS (
      SELECT index, pack_key, runs_created, lack, least(lack, $2::int - earlier)::int AS take
      FROM lacking WHERE earlier < $2::int
    ), made AS (
      INSERT INTO run (id, sweep_id, trial_index, seed_index, seed, pack_key)
      SELECT $1 || '-' || p.index || '-' || (u.position - 1), $1, p.index, u.position - 1, u.seed, p.pack_key
      FROM sweep s CROSS JOIN LATERAL unnest(s.seeds) WITH ORDINALITY AS u(seed, position)
      JOIN part p ON u.position > p.runs_created AND u.position <= p.runs_created + p.take
      WHERE s.id = $1 ORDER BY p.index, u.position
      RETURNING 1
    ), noted AS (
      UPDATE trial t SET runs_created = t.runs_created + p.take FROM part p
      WHERE t.sweep_id = $1 AND t.index = p.index AND p.take > 0
    )
    UPDATE sweep SET pending = pending + (SELECT count(*) FROM made),
           filled_trials = filled_trials + (SELECT count(*) FROM part WHERE take = lack)
    WHERE id = $1 RETURNING (SELECT count(*)::int FROM made) AS created`,
  parameters: [text, int4],
  row: { created: int4 },
});

/** Under the sweep's lock. */
export async function fillRuns(connection: Queryable, sweep: string, room: number): Promise<number> {
  if (room <= 0) return 0;
  const { rows } = await connection.query(createRuns(sweep, room));
  return rows[0]?.created ?? 0;
}

/**
 * A sweep is complete when nothing more will be created (the search is exhausted and no race decides, or a budget spent) and every run has ended. `sweep` and `counts` are the SQL aliases to
 * read the plan and the new counters from.
 */
export function completeWhen(sweep: string, counts: string): string {
  return `(${sweep}.spent IS NOT NULL OR ${sweep}.exhausted AND ${sweep}.filled_trials = ${sweep}.trials_created
    AND ${sweep}.racing IS DISTINCT FROM 'deciding') AND ${counts}.pending = 0
    AND ${sweep}.queued = 0 AND ${counts}.running = 0`;
}

const completeSweeps = statement({
  name: "complete-sweeps",
  text: `UPDATE sweep s SET state = ${sweepAfter("complete")}, finished_at = now()
    WHERE s.id = ANY($1::text[]) AND s.state IN ${sweepsAccepting("complete")} AND ${completeWhen("s", "s")}`,
  parameters: [listOf(text)],
});

/** Under the locks of the sweeps. */
export async function completeIfDone(connection: Queryable, sweeps: readonly string[]): Promise<void> {
  await connection.query(completeSweeps(sweeps));
}
