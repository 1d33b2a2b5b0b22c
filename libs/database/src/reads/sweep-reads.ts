import {
  SweepState,
  type BudgetPart,
  type QueryOf,
  type SweepSortField,
  type Build,
  type RunCounts,
  type Sweep,
  type SweepId,
  type SweepSpec,
} from "@basin/contracts";
import type { Queryable } from "../connection";
import { sweepBuildSql } from "../sweep-locks";
import { createdRunsSql, plannedRunsSql } from "../state-sql";
import {
  bool,
  float8,
  int4,
  int8,
  json,
  jsonb,
  listOf,
  nullable,
  runCounts,
  runId,
  type SqlType,
  sweepId,
  sweepState,
  text,
  textOf,
  timestamptz,
} from "../sql-types";
import { composed, statement, type Parameter, type RowOf } from "../statement";

type SweepSort = QueryOf<"listSweeps">["sort"];
/** `search` is looked for in any case. */
type SweepFilter = Pick<QueryOf<"listSweeps">, "state" | "experiment" | "tag" | "owner" | "search" | "archived"> & {
  /** Whose sweeps alone are seen; null: those of all. */
  project: string | null;
};

export const sweepColumns = {
  id: sweepId,
  name: text,
  state: sweepState,
  spec: jsonb<SweepSpec>(),
  objective_metric: text,
  minimize: bool,
  trials_planned: nullable(float8),
  planned: nullable(float8),
  train_seconds: float8,
  steps: float8,
  spent: nullable(textOf<BudgetPart>()),
  parked: nullable(text),
  racing: nullable(textOf<"deciding" | "decided">()),
  trials_created: int4,
  seed_count: int4,
  ...runCounts,
  best_run: nullable(runId),
  best_value: nullable(float8),
  met: nullable(int4),
  build: nullable(json<Build>()),
  earlier_builds: json<Build[]>(),
  owner: text,
  project: text,
  cloned_from: nullable(sweepId),
  created_at: timestamptz,
  started_at: nullable(timestamptz),
  finished_at: nullable(timestamptz),
  archived_at: nullable(timestamptz),
  binned_until: nullable(timestamptz),
};

export type SweepRow = RowOf<typeof sweepColumns> & { seeds?: number[] };

/** The builds of an array of ids, with their versions, as JSON; what is null is left out. */
function builds(ids: string): string {
  return `(SELECT coalesce(json_agg(json_build_object('id', u.id, 'version', b.version) ORDER BY u.place), '[]')
    FROM unnest(${ids}) WITH ORDINALITY AS u(id, place) LEFT JOIN build b ON b.id = u.id WHERE u.id IS NOT NULL)`;
}

/** The seeds themselves are left out of lists: a sweep can have 100,000. */
export const sweepColumnsSql = `id, name, state, spec, objective_metric, minimize, trials_planned, trials_created,
  cardinality(seeds) AS seed_count, pending, queued, running, succeeded, diverged, failed, cancelled, pruned,
  best_run, best_value, met, owner, project, cloned_from, created_at, started_at, finished_at, archived_at, binned_until,
  ${plannedRunsSql} AS planned,
  train_seconds, steps, spent, parked, racing, ${builds(`ARRAY[${sweepBuildSql}]`)}->0 AS build, ${builds("earlier_builds")} AS earlier_builds`;
/** Sweeps without a success criterion, and without a finished run, count as worse than none. */
const successRate = "coalesce(met::float8 / nullif(succeeded + diverged + failed, 0), -1)";

const sortTypes = { timestamptz, text, int: int4, float8 };

/** What each sort orders by, ties broken by id. Names are compared without regard to case. */
const orders: Record<SweepSortField, { column: string; type: keyof typeof sortTypes }> = {
  createdAt: { column: "created_at", type: "timestamptz" },
  name: { column: "lower(name)", type: "text" },
  failed: { column: "failed", type: "int" },
  runs: { column: createdRunsSql, type: "int" },
  success: { column: successRate, type: "float8" },
  owner: { column: "lower(owner)", type: "text" },
};

export const sweepOrder = (sort: SweepSort): (typeof orders)[SweepSortField] & { descending: boolean } => ({
  ...orders[sort.replace(/^-/, "") as SweepSortField],
  descending: sort.startsWith("-"),
});

/** What the ledger knows of a sweep; what it waits for is a matter of the trainers that are there. */
export type StoredSweep = Omit<Sweep, "waiting">;

export function sweepOf(row: SweepRow): StoredSweep {
  const counts: RunCounts = {
    planned: row.planned,
    pending: row.pending,
    queued: row.queued,
    running: row.running,
    succeeded: row.succeeded,
    diverged: row.diverged,
    failed: row.failed,
    cancelled: row.cancelled,
    pruned: row.pruned,
  };
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    spec: row.spec,
    objective: { metric: row.objective_metric, direction: row.minimize ? "minimize" : "maximize" },
    trialsPlanned: row.trials_planned,
    trialsCreated: row.trials_created,
    ...(row.seeds ? { seeds: row.seeds } : {}),
    seedCount: row.seed_count,
    counts,
    usage: { trainSeconds: row.train_seconds, steps: row.steps, spent: row.spent },
    parked: row.parked,
    racing: row.racing,
    best: row.best_run === null || row.best_value === null ? null : { run: row.best_run, value: row.best_value },
    success: row.met === null ? null : { met: row.met, of: row.succeeded + row.diverged + row.failed },
    build: row.build,
    earlierBuilds: row.earlier_builds,
    owner: row.owner,
    project: row.project,
    clonedFrom: row.cloned_from,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    archivedAt: row.archived_at?.toISOString() ?? null,
    binnedUntil: row.binned_until?.toISOString() ?? null,
  };
}

const sweepById = statement({
  text: `SELECT ${sweepColumnsSql} FROM sweep WHERE id = $1`,
  parameters: [sweepId],
  row: sweepColumns,
});

const sweepWithSeeds = statement({
  text: `SELECT ${sweepColumnsSql}, seeds FROM sweep WHERE id = $1`,
  parameters: [sweepId],
  row: { ...sweepColumns, seeds: listOf(int4) },
});

/** One sweep, with its list of seeds only when asked; null when there is none. */
export async function readSweep(database: Queryable, id: SweepId, options = { seeds: false }): Promise<StoredSweep | null> {
  const { rows } = await database.query<SweepRow>(options.seeds ? sweepWithSeeds(id) : sweepById(id));
  return rows[0] ? sweepOf(rows[0]) : null;
}

function conditions(filter: SweepFilter, parameter: Parameter): string[] {
  const sql = [`binned_until IS NULL AND archived_at IS ${filter.archived ? "NOT " : ""}NULL`];
  if (filter.project !== null) sql.push(`project = ${parameter(text, filter.project)}`);
  if (filter.state) sql.push(`state = ANY(${parameter(listOf(sweepState), filter.state)}::sweep_state[])`);
  if (filter.experiment !== undefined) sql.push(`experiment = ${parameter(text, filter.experiment)}`);
  if (filter.tag !== undefined) sql.push(`${parameter(text, filter.tag)} = ANY(tags)`);
  if (filter.owner !== undefined) sql.push(`owner = ${parameter(text, filter.owner)}`);
  if (filter.search !== undefined && filter.search !== "") {
    const told = `concat_ws(E'\\n', name, id, experiment, owner, array_to_string(tags, E'\\n'), spec->>'notes')`;
    sql.push(`strpos(lower(${told}), ${parameter(text, filter.search.toLowerCase())}) > 0`);
  }
  return sql;
}

const everyFilter: SweepFilter[] = [
  { project: null, archived: false },
  { project: "a", archived: true, state: SweepState.options, experiment: "a", tag: "a", owner: "a", search: "a" },
];

const numberOfSweeps = composed({
  row: { count: int4 },
  compose: (filter: SweepFilter, parameter) => {
    return `SELECT count(*)::int AS count FROM sweep WHERE ${conditions(filter, parameter).join(" AND ")}`;
  },
  variants: () => everyFilter,
});

/** Sort value (ISO time, lower-case text or number) and id. */
type SweepPlace = readonly [string | number, string];

export interface SweepPage {
  items: StoredSweep[];
  /** Key of the last row when there are more. */
  next: SweepPlace | null;
  total: number;
}

interface SweepQuery {
  filter: SweepFilter;
  sort: SweepSort;
  after: SweepPlace | null;
  limit: number;
}

function* everyPage(): Generator<SweepQuery> {
  for (const filter of everyFilter)
    for (const sort of (Object.keys(orders) as SweepSortField[]).flatMap((field): SweepSort[] => [field, `-${field}`]))
      for (const after of [null, ["1", "a"] as const]) yield { filter, sort, after, limit: 1 };
}

const pageOfSweeps = composed({
  row: ({ sort }: SweepQuery) => {
    const sortKey: SqlType<Date | string | number> = sortTypes[sweepOrder(sort).type];
    return { ...sweepColumns, sort_key: sortKey };
  },
  compose: ({ filter, sort, after, limit }, parameter) => {
    const { column, type, descending } = sweepOrder(sort);
    const where = conditions(filter, parameter);
    if (after) {
      const place = `(${parameter<unknown>(sortTypes[type], after[0])}::${type}, ${parameter(text, after[1])})`;
      where.push(`(${column}, id) ${descending ? "<" : ">"} ${place}`);
    }
    const direction = descending ? "DESC" : "ASC";
    return `SELECT ${sweepColumnsSql}, ${column} AS sort_key FROM sweep WHERE ${where.join(" AND ")}
      ORDER BY ${column} ${direction}, id ${direction} LIMIT ${parameter(int8, limit + 1)}`;
  },
  variants: everyPage,
});

/** A page of sweeps behind `after`. A sweep that is added meanwhile never repeats or hides another. */
export async function listSweeps(database: Queryable, query: SweepQuery): Promise<SweepPage> {
  const [{ rows }, counted] = await Promise.all([
    database.query(pageOfSweeps(query)),
    database.query(numberOfSweeps(query.filter)),
  ]);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const key = last?.sort_key instanceof Date ? last.sort_key.toISOString() : (last?.sort_key ?? "");
  return {
    items: page.map(sweepOf),
    next: last && rows.length > query.limit ? [key, last.id] : null,
    total: counted.rows[0]?.count ?? 0,
  };
}

const activeSweeps = statement({
  text: `SELECT ${sweepColumnsSql} FROM sweep WHERE state IN ('running', 'paused') AND ($2::text IS NULL OR project = $2)
    ORDER BY created_at DESC, id LIMIT $1`,
  parameters: [int8, nullable(text)],
  row: sweepColumns,
});

/** Sweeps that can still change, newest first; of one project, or of all. */
export async function readActiveSweeps(database: Queryable, limit: number, project: string | null): Promise<StoredSweep[]> {
  const { rows } = await database.query(activeSweeps(limit, project));
  return rows.map(sweepOf);
}

const trainedBy = statement({
  text: `SELECT coalesce(r.build, 'unversioned') AS id, b.version, count(*)::int AS runs FROM run r LEFT JOIN build b ON b.id = r.build
    WHERE r.sweep_id = $1 AND r.state IN ('succeeded', 'diverged', 'failed') AND r.attempt > 0 GROUP BY 1, 2 ORDER BY 3 DESC, 1`,
  parameters: [text],
  row: { id: text, version: nullable(text), runs: int4 },
});

/** Finished runs of a sweep by the build that trained them, most first. */
export async function readTrainedBy(database: Queryable, sweep: SweepId): Promise<(Build & { runs: number })[]> {
  const { rows } = await database.query(trainedBy(sweep));
  return rows;
}

interface FacetRow {
  value: string;
  sweeps: number;
}

const countedBy = (value: string, from: string) =>
  statement({
    text: `SELECT ${value} AS value, count(*)::int AS sweeps FROM ${from} AND ($1::text IS NULL OR project = $1)
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500`,
    parameters: [nullable(text)],
    row: { value: text, sweeps: int4 },
  });

const listed = "binned_until IS NULL AND archived_at IS NULL";

const facets = {
  tags: countedBy("t", `sweep, unnest(tags) t WHERE ${listed}`),
  owners: countedBy("owner", `sweep WHERE ${listed}`),
  experiments: countedBy("experiment", `sweep WHERE ${listed}`),
};

/** Tags, owners and experiments of the sweeps of a project, or of all, that are neither archived nor in the bin, most frequent first; at most 500 of each. */
export async function readSweepFacets(
  database: Queryable,
  project: string | null,
): Promise<{ tags: FacetRow[]; owners: FacetRow[]; experiments: FacetRow[] }> {
  const [tags, owners, experiments] = await Promise.all([
    database.query(facets.tags(project)),
    database.query(facets.owners(project)),
    database.query(facets.experiments(project)),
  ]);
  return { tags: tags.rows, owners: owners.rows, experiments: experiments.rows };
}
