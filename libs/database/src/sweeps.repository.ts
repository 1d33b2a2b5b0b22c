import {
  RunCounts,
  RunId,
  type Initializations,
  type BuildId,
  type Budget,
  type BudgetPart,
  type Objective,
  type SweepId,
  type SweepSpec,
  type SweepState,
} from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import { keepDatasetsOf } from "./datasets.repository";
import { noteEvent } from "./planning.repository";
import { readSweep, sweepColumns, sweepColumnsSql, sweepOf, type StoredSweep } from "./reads/sweep-reads";
import { createdRunsSql, plannedRunsSql } from "./state-sql";
import { sweepBuildSql } from "./sweep-locks";
import { statement } from "./statement";
import { bool, buildId, float8, int4, jsonb, listOf, nullable, runCounts, sweepId, sweepState, text, textOf } from "./sql-types";

export interface NewSweep {
  id: SweepId;
  name: string;
  spec: SweepSpec;
  objective: Objective;
  seeds: readonly number[];
  /** Null: not known beforehand. */
  trialsPlanned: number | null;
  searchState: unknown;
  clonedFrom: SweepId | null;
  /** Name of the token that submits it, else `local`. */
  owner: string;
  project: string;
  /** Whether the experiment has a success criterion, so that the runs that meet it are counted. */
  hasCriterion: boolean;
  /** The event that the search's log begins with; null: the first is told by the leader. */
  firstEvent: object | null;
}

/** A running sweep as the scheduler's loop sees it; cheap to read for all of them. */
export interface ActiveSweep {
  id: SweepId;
  pool: string;
  experiment: string;
  /** Id of the search algorithm. */
  search: string;
  priority: number;
  maxPackWidth: number | null;
  seedCount: number;
  trialsCreated: number;
  filledTrials: number;
  exhausted: boolean;
  pending: number;
  queued: number;
  running: number;
  /** Runs that exist. */
  runs: number;
  budget: Budget | null;
  trainSeconds: number;
  steps: number;
  /** Nothing more is planned once a part of the budget is spent. */
  spent: BudgetPart | null;
  /** Null: not dispatched yet. */
  build: BuildId | null;
  /** An attempt was granted. */
  begun: boolean;
  /** Its race over seeds still decides; null: it has none. */
  racing: boolean | null;
  initializations: Initializations | null;
  /** It has a stopping rule. */
  stops: boolean;
}

/** What a search step needs, read without a lock: `searchEvents` guards what is written back. */
export interface SearchSnapshot<Spec = unknown> {
  /** As it is stored: `SweepSpec` reads it. */
  spec: Spec;
  searchState: unknown;
  searchEvents: number;
  trialsCreated: number;
  seedCount: number;
  exhausted: boolean;
  spent: BudgetPart | null;
}

/** The sweep part of a change event. */
export interface SweepProgress {
  id: SweepId;
  state: SweepState;
  counts: RunCounts;
  best: { run: RunId; value: number } | null;
}

/** What an event led to that made no trials. */
const nothingCreated = { created: [0, 0], exhausted: false };

const insertSweep = statement({
  text: `INSERT INTO sweep (id, name, experiment, spec, objective_metric, minimize, pool, priority, tags, seeds,
                       trials_planned, search_state, cloned_from, owner, project, met, racing, search_events)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, CASE WHEN $16::bool THEN 0 END,
      CASE WHEN $4::jsonb ? 'initializations' THEN 'deciding' END, $17) ON CONFLICT (id) DO NOTHING
    RETURNING ${sweepColumnsSql}, seeds`,
  parameters: [
    text,
    text,
    text,
    jsonb(),
    text,
    bool,
    text,
    int4,
    listOf(text),
    listOf(int4),
    nullable(float8),
    jsonb(),
    nullable(text),
    text,
    text,
    bool,
    int4,
  ],
  row: { ...sweepColumns, seeds: listOf(int4) },
});

const describeSweep = statement({
  text: `UPDATE sweep SET name = coalesce($2, name), tags = coalesce($3::text[], tags), spec = spec || $4::jsonb WHERE id = $1`,
  parameters: [text, nullable(text), nullable(listOf(text)), jsonb()],
});

const activeSweeps = statement({
  name: "active-sweeps",
  text: `SELECT id, pool, experiment, spec->'search'->>'algorithm' AS search, priority, (spec->>'maxPackWidth')::int AS "maxPackWidth",
           cardinality(seeds) AS "seedCount", trials_created AS "trialsCreated", filled_trials AS "filledTrials",
           exhausted, pending, queued, running, ${createdRunsSql} AS runs, spec->'budget' AS budget,
           train_seconds AS "trainSeconds", steps, spent,
           ${sweepBuildSql} AS build, started_at IS NOT NULL AS begun, racing = 'deciding' AS racing,
           spec->'initializations' AS initializations, spec ? 'stopping' AS stops
    FROM sweep WHERE state = 'running' ORDER BY priority DESC, created_at, id`,
  row: {
    id: sweepId,
    pool: text,
    experiment: text,
    search: text,
    priority: int4,
    maxPackWidth: nullable(int4),
    seedCount: int4,
    trialsCreated: int4,
    filledTrials: int4,
    exhausted: bool,
    pending: int4,
    queued: int4,
    running: int4,
    runs: int4,
    budget: nullable(jsonb<Budget>()),
    trainSeconds: float8,
    steps: float8,
    spent: nullable(textOf<BudgetPart>()),
    build: nullable(buildId),
    begun: bool,
    racing: nullable(bool),
    initializations: nullable(jsonb<Initializations>()),
    stops: bool,
  },
});

const readSearch = statement({
  text: `SELECT spec, search_state, search_events, trials_created, cardinality(seeds) AS seed_count, exhausted, spent
    FROM sweep WHERE id = $1`,
  parameters: [text],
  row: {
    spec: jsonb<unknown>(),
    search_state: jsonb<unknown>(),
    search_events: int4,
    trials_created: int4,
    seed_count: int4,
    exhausted: bool,
    spent: nullable(textOf<BudgetPart>()),
  },
});

const sweepProgress = statement({
  name: "sweep-progress",
  text: `SELECT id, state, ${plannedRunsSql} AS planned, pending, queued, running, succeeded, diverged,
           failed, cancelled, pruned, best_run, best_value
    FROM sweep WHERE id = ANY($1::text[])`,
  parameters: [listOf(text)],
  row: {
    id: sweepId,
    state: sweepState,
    planned: nullable(float8),
    ...runCounts,
    best_run: nullable(text),
    best_value: nullable(float8),
  },
});

export class SweepsRepository {
  constructor(private readonly database: Database) {}

  /** What is stored then. Idempotent: a second insert of the same id changes nothing. `settle` is done in the same transaction. */
  create(sweep: NewSweep, settle?: (connection: Queryable, created: StoredSweep) => Promise<void>): Promise<StoredSweep> {
    const insert = insertSweep(
      sweep.id,
      sweep.name,
      sweep.spec.experiment,
      JSON.stringify(sweep.spec),
      sweep.objective.metric,
      sweep.objective.direction === "minimize",
      sweep.spec.pool,
      sweep.spec.priority,
      sweep.spec.tags,
      sweep.seeds,
      sweep.trialsPlanned,
      JSON.stringify(sweep.searchState),
      sweep.clonedFrom,
      sweep.owner,
      sweep.project,
      sweep.hasCriterion,
      sweep.firstEvent === null ? 0 : 1,
    );
    return this.database.transaction(async (connection) => {
      const { rows } = await connection.query(insert);
      if (rows[0] && sweep.firstEvent !== null)
        await connection.query(noteEvent(sweep.id, 0, JSON.stringify(sweep.firstEvent), JSON.stringify(nothingCreated)));
      const created = rows[0] ? sweepOf(rows[0]) : await readSweep(connection, sweep.id, { seeds: true });
      if (!created) throw new Error(`sweep ${sweep.id} was not stored`);
      await keepDatasetsOf(connection, sweep.id);
      await settle?.(connection, created);
      return created;
    });
  }

  /** Changes what is said about a sweep, in its columns and in its stored spec. False: there is no such sweep. */
  async describe(
    id: SweepId,
    patch: { name?: string | undefined; tags?: string[] | undefined; notes?: string | undefined },
  ): Promise<boolean> {
    const { name, tags, notes } = patch;
    const changes = Object.fromEntries(Object.entries({ name, tags, notes }).filter(([, value]) => value !== undefined));
    const { rowCount } = await this.database.query(describeSweep(id, name ?? null, tags ?? null, JSON.stringify(changes)));
    return rowCount === 1;
  }

  /** Running sweeps in the order of dispatch: descending priority, then submission. */
  async active(): Promise<ActiveSweep[]> {
    const { rows } = await this.database.query(activeSweeps());
    return rows;
  }

  /** Null when the sweep is not running. */
  async searchSnapshot(id: string, connection: Queryable = this.database): Promise<SearchSnapshot | null> {
    const { rows } = await connection.query(readSearch(id));
    const row = rows[0];
    if (!row) return null;
    return {
      spec: row.spec,
      searchState: row.search_state,
      searchEvents: row.search_events,
      trialsCreated: row.trials_created,
      seedCount: row.seed_count,
      exhausted: row.exhausted,
      spent: row.spent,
    };
  }

  async progress(ids: readonly string[]): Promise<SweepProgress[]> {
    const { rows } = await this.database.query(sweepProgress(ids));
    return rows.map(({ id, state, best_run, best_value, ...counts }) => ({
      id,
      state,
      counts: RunCounts.parse(counts),
      best: best_run === null || best_value === null ? null : { run: RunId.parse(best_run), value: best_value },
    }));
  }
}
