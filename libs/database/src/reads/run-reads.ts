import {
  RunState,
  SweepId,
  type AppliedParameters,
  type Attempt,
  type FinalMetrics,
  type Run,
  type RunCondition,
  type RunId,
  type RunLabels,
  type SuccessCriterion,
  type TrialId,
  type Provenance,
} from "@basin/contracts";
import { outcomeOf } from "@basin/domain";
import type { Queryable } from "../connection";
import { appliedParameters } from "./applied-parameters";
import { conditionSql, everyCondition, everyRunField, fieldTypes, runBuildSql, runField, type RunFieldSql } from "./run-fields";
import { composed, statement, type Parameter, type RowOf } from "../statement";
import {
  attemptState,
  buildId,
  float8,
  int4,
  int8,
  jsonb,
  listOf,
  nullable,
  runId,
  runState,
  sweepId,
  text,
  timestamptz,
  trainerId,
  type SqlType,
} from "../sql-types";

/** Place of a run in a sorted list: sort value (number, text, JSON text, ISO time or null; null for `index`), trial index, seed index. */
export type RunKey = readonly [number | string | null, number, number];

const runColumns = {
  id: runId,
  sweep_id: sweepId,
  trial_index: int4,
  seed_index: int4,
  seed: int4,
  state: runState,
  parameters: jsonb<AppliedParameters>(),
  attempt: int4,
  objective: nullable(float8),
  metrics: nullable(jsonb<FinalMetrics>()),
  labels: jsonb<RunLabels>(),
  reason: nullable(text),
  trainer_id: nullable(trainerId),
  build: nullable(buildId),
  created_at: timestamptz,
  started_at: nullable(timestamptz),
  finished_at: nullable(timestamptz),
};

const columns = `r.id, r.sweep_id, r.trial_index, r.seed_index, r.seed, r.state, ${appliedParameters} AS parameters, r.attempt,
  r.objective, r.metrics, r.labels, r.reason, r.trainer_id, ${runBuildSql} AS build, r.created_at, r.started_at, r.finished_at`;
const joined = "run r JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index";

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

function runOf(row: RowOf<typeof runColumns>, criterion: SuccessCriterion | null): Run {
  return {
    id: row.id,
    sweep: row.sweep_id,
    trial: `${row.sweep_id}-${row.trial_index}` as TrialId,
    trialIndex: row.trial_index,
    seedIndex: row.seed_index,
    seed: row.seed,
    state: row.state,
    outcome: outcomeOf(row.state, row.metrics ?? {}, criterion),
    parameters: row.parameters,
    attempt: row.attempt,
    objective: finite(row.objective),
    metrics: row.metrics ?? {},
    labels: row.labels,
    reason: row.reason,
    trainer: row.trainer_id,
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

function sortOrder(sort: string, parameter: Parameter, criterion: SuccessCriterion | null): SortOrder {
  const descending = sort.startsWith("-");
  const { sql, type, ofTrial } = runField(descending ? sort.slice(1) : sort, parameter, criterion);
  return { column: sql, type, descending, ofTrial };
}

/** Condition and order for a keyset page. Missing values come last in both directions; ties and missing values by index, in the direction of the sort. */
function paging(
  { column, type, descending }: SortOrder,
  after: RunKey | null,
  parameter: Parameter,
): { where: string; order: string } {
  const direction = descending ? "DESC" : "ASC";
  const beyond = descending ? "<" : ">";
  const tie = "(r.trial_index, r.seed_index)";
  const order = `${column ? `${column} ${direction} NULLS LAST, ` : ""}r.trial_index ${direction}, r.seed_index ${direction}`;
  if (!after) return { where: "true", order };
  const rest = `${tie} ${beyond} (${parameter(int4, after[1])}::int, ${parameter(int4, after[2])}::int)`;
  if (column === null) return { where: rest, order };
  if (after[0] === null) return { where: `(${column} IS NULL AND ${rest})`, order };
  const value = `${parameter(fieldTypes[type], after[0])}::${type}`;
  return { where: `(${column} ${beyond} ${value} OR (${column} = ${value} AND ${rest}) OR ${column} IS NULL)`, order };
}

export interface RunFilter {
  sweep: SweepId;
  /** Of the sweep's experiment: what the outcome of a run is judged by. */
  criterion: SuccessCriterion | null;
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

function filterSql(filter: RunFilter, parameter: Parameter): { where: string[]; ofTrial: boolean } {
  const where = [`r.sweep_id = ${parameter(sweepId, filter.sweep)}`];
  let ofTrial = false;
  if (filter.states) where.push(`r.state = ANY(${parameter(listOf(runState), filter.states)}::run_state[])`);
  if (filter.trialIndex !== undefined) where.push(`r.trial_index = ${parameter(int4, filter.trialIndex)}`);
  if (filter.search !== undefined && filter.search !== "")
    where.push(
      `strpos(lower(concat_ws(E'\\n', r.id, r.reason, nullif(r.labels, '{}')::text)), ${parameter(text, filter.search.toLowerCase())}) > 0`,
    );
  for (const condition of filter.conditions ?? []) {
    const built = conditionSql(condition, parameter, filter.criterion);
    where.push(built.sql);
    ofTrial ||= built.ofTrial;
  }
  return { where, ofTrial };
}

const everyBound: SuccessCriterion = {
  text: "",
  all: [
    { metric: "a", op: ">=", value: 1 },
    { metric: "b", op: "<=", value: 1 },
  ],
};

function* everyFilter(): Generator<RunFilter> {
  const sweep = { sweep: SweepId.parse("00000000"), criterion: null };
  yield sweep;
  yield { ...sweep, states: RunState.options, trialIndex: 0, search: "a" };
  for (const condition of everyCondition()) yield { ...sweep, conditions: [condition] };
  yield { ...sweep, criterion: everyBound, conditions: [{ field: "outcome", op: "=", value: "met" }] };
}

function* everyPage(): Generator<RunQuery> {
  for (const filter of everyFilter()) yield { ...filter, sort: "index", after: null, limit: 1 };
  const filter = { sweep: SweepId.parse("00000000"), criterion: everyBound, limit: 1 };
  for (const field of everyRunField)
    for (const sort of [field, `-${field}`])
      for (const after of [null, ["1", 0, 0] as const, [null, 0, 0] as const]) yield { ...filter, sort, after };
}

/** What a page is sorted by, as it is read: JSON as its text. */
function sortKeyType(sort: string): SqlType<number | string | Date | null> {
  const { column, type } = sortOrder(sort, () => "", null);
  return nullable(column === null ? float8 : type === "jsonb" ? text : fieldTypes[type]) as SqlType<
    number | string | Date | null
  >;
}

// Chosen from the narrow table first, so that parameters are read for one page only.
const pageOfRuns = composed({
  row: ({ sort }: RunQuery) => ({ ...runColumns, sort_key: sortKeyType(sort) }),
  compose: (query, parameter) => {
    const { where, ofTrial } = filterSql(query, parameter);
    const sort = sortOrder(query.sort, parameter, query.criterion);
    const { where: behind, order } = paging(sort, query.after, parameter);
    const sortKey = sort.column === null ? "NULL::float8" : sort.type === "jsonb" ? `${sort.column}::text` : sort.column;
    return `SELECT ${columns}, p.sort_key FROM (
        SELECT r.id, ${sortKey} AS sort_key, row_number() OVER (ORDER BY ${order}) AS place
        FROM ${ofTrial || sort.ofTrial ? joined : "run r"} WHERE ${where.join(" AND ")} AND ${behind}
        ORDER BY ${order} LIMIT ${parameter(int8, query.limit + 1)}
      ) p JOIN run r ON r.id = p.id JOIN trial t ON t.sweep_id = r.sweep_id AND t.index = r.trial_index ORDER BY p.place`;
  },
  variants: everyPage,
});

const numberOfRuns = composed({
  row: { count: int4 },
  compose: (filter: RunFilter, parameter) => {
    const { where, ofTrial } = filterSql(filter, parameter);
    return `SELECT count(*)::int AS count FROM ${ofTrial ? joined : "run r"} WHERE ${where.join(" AND ")}`;
  },
  variants: everyFilter,
});

/** A page of runs behind `after`; `next` is the key of its last run when there are more. */
export async function listRuns(database: Queryable, query: RunQuery): Promise<{ items: Run[]; next: RunKey | null }> {
  const { rows } = await database.query(pageOfRuns(query));
  const page = rows.slice(0, query.limit);
  const items = page.map((row) => runOf(row, query.criterion));
  const last = page.at(-1);
  if (!last || rows.length <= query.limit) return { items, next: null };
  const key = last.sort_key instanceof Date ? last.sort_key.toISOString() : last.sort_key;
  return { items, next: [key, last.trial_index, last.seed_index] };
}

/** Number of runs that pass a filter. For whole sweeps, or states of them, the counters of the sweep say the same for nothing. */
export async function countRuns(database: Queryable, filter: RunFilter): Promise<number> {
  const { rows } = await database.query(numberOfRuns(filter));
  return rows[0]?.count ?? 0;
}

const runById = statement({
  text: `SELECT ${columns}, s.experiment FROM ${joined} JOIN sweep s ON s.id = r.sweep_id WHERE r.id = $1`,
  parameters: [text],
  row: { ...runColumns, experiment: text },
});

/** `criterionOf`: by the name of the run's experiment. */
export async function readRun(
  database: Queryable,
  id: RunId,
  criterionOf: (experiment: string) => SuccessCriterion | null,
): Promise<Run | null> {
  const [row] = (await database.query(runById(id))).rows;
  return row ? runOf(row, criterionOf(row.experiment)) : null;
}

const runKeysById = statement({
  text: `SELECT id, attempt FROM run WHERE id = ANY($1::text[]) AND sweep_id = $2 ORDER BY trial_index, seed_index`,
  parameters: [listOf(text), text],
  row: { id: runId, attempt: int4 },
});

/** Runs of a sweep by id, in the order of their index; ids of other sweeps and of no run are left out. */
export async function readRunKeys(
  database: Queryable,
  sweep: SweepId,
  ids: readonly RunId[],
): Promise<{ run: RunId; attempt: number }[]> {
  const { rows } = await database.query(runKeysById(ids, sweep));
  return rows.map((row) => ({ run: row.id, attempt: row.attempt }));
}

const startedRunKeys = statement({
  text: `SELECT id, attempt FROM run WHERE sweep_id = $1 AND attempt > 0 ORDER BY trial_index, seed_index LIMIT $2`,
  parameters: [text, int8],
  row: { id: runId, attempt: int4 },
});

/** The first runs of a sweep that have ever been granted an attempt. */
export async function readStartedRunKeys(
  database: Queryable,
  sweep: SweepId,
  limit: number,
): Promise<{ run: RunId; attempt: number }[]> {
  const { rows } = await database.query(startedRunKeys(sweep, limit));
  return rows.map((row) => ({ run: row.id, attempt: row.attempt }));
}

const attemptsOfRun = statement({
  text: `SELECT number, state, trainer_id, build, (SELECT version FROM build WHERE id = attempt.build) AS version,
      pack_width, resumed_from_step, reason, (SELECT content FROM provenance WHERE provenance.id = attempt.provenance) AS provenance,
      started_at, finished_at
    FROM attempt WHERE run_id = $1 ORDER BY number`,
  parameters: [text],
  row: {
    number: int4,
    state: attemptState,
    trainer_id: trainerId,
    build: buildId,
    version: nullable(text),
    pack_width: int4,
    resumed_from_step: nullable(int4),
    reason: nullable(text),
    provenance: nullable(jsonb<Provenance>()),
    started_at: timestamptz,
    finished_at: nullable(timestamptz),
  },
});

/** Attempts of a run, first to newest. */
export async function readAttempts(database: Queryable, run: RunId): Promise<Attempt[]> {
  const { rows } = await database.query(attemptsOfRun(run));
  return rows.map((row) => ({
    number: row.number,
    state: row.state,
    trainer: row.trainer_id,
    build: { id: row.build, version: row.version },
    packWidth: row.pack_width,
    resumedFromStep: row.resumed_from_step,
    reason: row.reason,
    provenance: row.provenance,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }));
}
