import type {
  AppliedParameters,
  Attempt,
  AttemptState,
  BuildId,
  FinalMetrics,
  Run,
  RunCondition,
  RunId,
  RunLabels,
  RunState,
  SweepId,
  TrainerId,
  TrialId,
} from "@basin/contracts";
import type { Queryable } from "../connection";
import { appliedParameters } from "./applied-parameters";
import { conditionSql, runBuildSql, runField, type RunFieldSql } from "./run-fields";

/** Place of a run in a sorted list: sort value (number, text, JSON text, ISO time or null; null for `index`), trial index, seed index. */
export type RunKey = readonly [number | string | null, number, number];

interface RunRow {
  id: string;
  sweep_id: string;
  trial_index: number;
  seed_index: number;
  seed: number;
  state: RunState;
  parameters: AppliedParameters;
  attempt: number;
  objective: number | null;
  metrics: FinalMetrics | null;
  labels: RunLabels;
  reason: string | null;
  trainer_id: string | null;
  build: BuildId | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const columns = `r.id, r.sweep_id, r.trial_index, r.seed_index, r.seed, r.state::text AS state, ${appliedParameters} AS parameters, r.attempt,
  r.objective, r.metrics, r.labels, r.reason, r.trainer_id, ${runBuildSql} AS build, r.created_at, r.started_at, r.finished_at`;
const joined = "run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index";

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

function runOf(row: RunRow): Run {
  return {
    id: row.id as RunId,
    sweep: row.sweep_id as SweepId,
    trial: `${row.sweep_id}-${row.trial_index}` as TrialId,
    trialIndex: row.trial_index,
    seedIndex: row.seed_index,
    seed: row.seed,
    state: row.state,
    parameters: row.parameters,
    attempt: row.attempt,
    objective: finite(row.objective),
    metrics: row.metrics ?? {},
    labels: row.labels,
    reason: row.reason,
    trainer: row.trainer_id as TrainerId | null,
    build: row.build,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

interface SortOrder {
  /** Null: by index alone. */
  column: string | null;
  type: RunFieldSql["type"];
  descending: boolean;
  ofTrial: boolean;
}

function sortOrder(sort: string, parameter: (value: unknown) => string): SortOrder {
  const descending = sort.startsWith("-");
  const { sql, type, ofTrial } = runField(descending ? sort.slice(1) : sort, parameter);
  return { column: sql, type, descending, ofTrial };
}

/** Condition and order for a keyset page. Missing values come last in both directions; ties and missing values by index, in the direction of the sort. */
function paging(
  { column, type, descending }: SortOrder,
  after: RunKey | null,
  parameter: (value: unknown) => string,
): { where: string; order: string } {
  const direction = descending ? "DESC" : "ASC";
  const beyond = descending ? "<" : ">";
  const tie = "(r.trial_index, r.seed_index)";
  const order = `${column ? `${column} ${direction} NULLS LAST, ` : ""}r.trial_index ${direction}, r.seed_index ${direction}`;
  if (!after) return { where: "true", order };
  const rest = `${tie} ${beyond} (${parameter(after[1])}::int, ${parameter(after[2])}::int)`;
  if (column === null) return { where: rest, order };
  if (after[0] === null) return { where: `(${column} IS NULL AND ${rest})`, order };
  const value = `${parameter(after[0])}::${type}`;
  return { where: `(${column} ${beyond} ${value} OR (${column} = ${value} AND ${rest}) OR ${column} IS NULL)`, order };
}

export interface RunFilter {
  sweep: SweepId;
  states?: readonly RunState[] | undefined;
  trialIndex?: number | undefined;
  /** All of which must hold; they were checked with `conditionFault`. */
  conditions?: readonly RunCondition[] | undefined;
  /** Part of the id, the reason or a label, in any case. */
  search?: string | undefined;
}

export interface RunQuery extends RunFilter {
  /** A field of a run, with - before it for descending. */
  sort: string;
  after: RunKey | null;
  limit: number;
}

function filterSql(filter: RunFilter, parameter: (value: unknown) => string): { where: string[]; ofTrial: boolean } {
  const where = [`r.sweep_id = ${parameter(filter.sweep)}`];
  let ofTrial = false;
  if (filter.states) where.push(`r.state = ANY(${parameter(filter.states)}::run_state[])`);
  if (filter.trialIndex !== undefined) where.push(`r.trial_index = ${parameter(filter.trialIndex)}`);
  if (filter.search !== undefined && filter.search !== "")
    where.push(
      `strpos(lower(concat_ws(E'\\n', r.id, r.reason, nullif(r.labels, '{}')::text)), ${parameter(filter.search.toLowerCase())}) > 0`,
    );
  for (const condition of filter.conditions ?? []) {
    const built = conditionSql(condition, parameter);
    where.push(built.sql);
    ofTrial ||= built.ofTrial;
  }
  return { where, ofTrial };
}

/** A page of runs behind `after`; `next` is the key of its last run when there are more. */
export async function listRuns(database: Queryable, query: RunQuery): Promise<{ items: Run[]; next: RunKey | null }> {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const { where, ofTrial } = filterSql(query, parameter);
  const sort = sortOrder(query.sort, parameter);
  const { where: behind, order } = paging(sort, query.after, parameter);
  const sortKey = sort.column === null ? "NULL::float8" : sort.type === "jsonb" ? `${sort.column}::text` : sort.column;
  // Chosen from the narrow table first, so that parameters are read for one page only.
  const { rows } = await database.query<RunRow & { sort_key: number | string | Date | null }>({
    text: `SELECT ${columns}, p.sort_key FROM (
        SELECT r.id, ${sortKey} AS sort_key, row_number() OVER (ORDER BY ${order}) AS place
        FROM ${ofTrial || sort.ofTrial ? joined : "run r"} WHERE ${where.join(" AND ")} AND ${behind}
        ORDER BY ${order} LIMIT ${parameter(query.limit + 1)}
      ) p JOIN run r ON r.id = p.id JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index ORDER BY p.place`,
    values,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  if (!last || rows.length <= query.limit) return { items: page.map(runOf), next: null };
  const key = last.sort_key instanceof Date ? last.sort_key.toISOString() : last.sort_key;
  return { items: page.map(runOf), next: [key, last.trial_index, last.seed_index] };
}

/** Number of runs that pass a filter. For whole sweeps, or states of them, the counters of the sweep say the same for nothing. */
export async function countRuns(database: Queryable, filter: RunFilter): Promise<number> {
  const values: unknown[] = [];
  const { where, ofTrial } = filterSql(filter, (value) => `$${values.push(value)}`);
  const { rows } = await database.query<{ count: number }>({
    text: `SELECT count(*)::int AS count FROM ${ofTrial ? joined : "run r"} WHERE ${where.join(" AND ")}`,
    values,
  });
  return rows[0]?.count ?? 0;
}

export async function readRun(database: Queryable, id: RunId): Promise<Run | null> {
  const { rows } = await database.query<RunRow>({ text: `SELECT ${columns} FROM ${joined} WHERE r.id = $1`, values: [id] });
  return rows[0] ? runOf(rows[0]) : null;
}

/** Runs of a sweep by id, in the order of their index; ids of other sweeps and of no run are left out. */
export async function readRunKeys(
  database: Queryable,
  sweep: SweepId,
  ids: readonly RunId[],
): Promise<{ run: RunId; attempt: number }[]> {
  const { rows } = await database.query<{ id: RunId; attempt: number }>({
    text: `SELECT id, attempt FROM run WHERE id = ANY($1::text[]) AND sweep_id = $2 ORDER BY trial_index, seed_index`,
    values: [ids, sweep],
  });
  return rows.map((row) => ({ run: row.id, attempt: row.attempt }));
}

/** The first runs of a sweep that have ever been granted an attempt. */
export async function readStartedRunKeys(
  database: Queryable,
  sweep: SweepId,
  limit: number,
): Promise<{ run: RunId; attempt: number }[]> {
  const { rows } = await database.query<{ id: RunId; attempt: number }>({
    text: `SELECT id, attempt FROM run WHERE sweep_id = $1 AND attempt > 0 ORDER BY trial_index, seed_index LIMIT $2`,
    values: [sweep, limit],
  });
  return rows.map((row) => ({ run: row.id, attempt: row.attempt }));
}

interface AttemptRow {
  number: number;
  state: AttemptState;
  trainer_id: string;
  build: BuildId;
  version: string | null;
  pack_width: number;
  resumed_from_step: number | null;
  reason: string | null;
  started_at: Date;
  finished_at: Date | null;
}

/** Attempts of a run, first to newest. */
export async function readAttempts(database: Queryable, run: RunId): Promise<Attempt[]> {
  const { rows } = await database.query<AttemptRow>({
    text: `SELECT number, state::text AS state, trainer_id, build, (SELECT version FROM build WHERE id = attempt.build) AS version,
        pack_width, resumed_from_step, reason, started_at, finished_at
      FROM attempt WHERE run_id = $1 ORDER BY number`,
    values: [run],
  });
  return rows.map((row) => ({
    number: row.number,
    state: row.state,
    trainer: row.trainer_id as TrainerId,
    build: { id: row.build, version: row.version },
    packWidth: row.pack_width,
    resumedFromStep: row.resumed_from_step,
    reason: row.reason,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }));
}
