import type { BudgetPart, Build, RunCounts, Sweep, SweepId, SweepSpec, SweepState } from "@basin/contracts";
import type { Queryable } from "../connection";
import { sweepBuildSql } from "../sweep-locks";
import { createdRunsSql, plannedRunsSql } from "../state-sql";

/** The place of a row in a sorted list: the value of the sort column, then what breaks ties. */
export type SweepSort =
  | "createdAt"
  | "-createdAt"
  | "name"
  | "-name"
  | "failed"
  | "-failed"
  | "runs"
  | "-runs"
  | "success"
  | "-success"
  | "owner"
  | "-owner";

export interface SweepFilter {
  states?: readonly SweepState[] | undefined;
  experiment?: string | undefined;
  tag?: string | undefined;
  owner?: string | undefined;
  /** Part of the name, id, experiment, owner, a tag or the notes, in any case. */
  search?: string | undefined;
}

export interface SweepRow {
  id: string;
  name: string;
  state: SweepState;
  spec: SweepSpec;
  objective_metric: string;
  minimize: boolean;
  trials_planned: number | null;
  planned: number | null;
  train_seconds: number;
  steps: number;
  spent: BudgetPart | null;
  trials_created: number;
  seeds?: number[];
  seed_count: number;
  pending: number;
  queued: number;
  running: number;
  succeeded: number;
  diverged: number;
  failed: number;
  cancelled: number;
  best_run: string | null;
  best_value: number | null;
  met: number | null;
  build: Build | null;
  earlier_builds: Build[];
  owner: string;
  cloned_from: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

/** The builds of an array of ids, with their versions, as JSON; what is null is left out. */
function builds(ids: string): string {
  return `(SELECT coalesce(json_agg(json_build_object('id', u.id, 'version', b.version) ORDER BY u.place), '[]')
    FROM unnest(${ids}) WITH ORDINALITY AS u(id, place) LEFT JOIN build b ON b.id = u.id WHERE u.id IS NOT NULL)`;
}

/** The seeds themselves are left out of lists: a sweep can have 100,000. */
export const sweepColumns = `id, name, state::text AS state, spec, objective_metric, minimize, trials_planned, trials_created,
  cardinality(seeds) AS seed_count, pending, queued, running, succeeded, diverged, failed, cancelled,
  best_run, best_value, met, owner, cloned_from, created_at, started_at, finished_at, ${plannedRunsSql} AS planned,
  train_seconds, steps, spent, ${builds(`ARRAY[${sweepBuildSql}]`)}->0 AS build, ${builds("earlier_builds")} AS earlier_builds`;
/** Sweeps without a success criterion, and without a finished run, count as worse than none. */
const successRate = "coalesce(met::float8 / nullif(succeeded + diverged + failed, 0), -1)";

/** What each sort orders by, ties broken by id. Names are compared without regard to case. */
const orders: Record<SweepSort, { column: string; type: string; descending: boolean }> = {
  createdAt: { column: "created_at", type: "timestamptz", descending: false },
  "-createdAt": { column: "created_at", type: "timestamptz", descending: true },
  name: { column: "lower(name)", type: "text", descending: false },
  "-name": { column: "lower(name)", type: "text", descending: true },
  failed: { column: "failed", type: "int", descending: false },
  "-failed": { column: "failed", type: "int", descending: true },
  runs: { column: createdRunsSql, type: "int", descending: false },
  "-runs": { column: createdRunsSql, type: "int", descending: true },
  success: { column: successRate, type: "float8", descending: false },
  "-success": { column: successRate, type: "float8", descending: true },
  owner: { column: "lower(owner)", type: "text", descending: false },
  "-owner": { column: "lower(owner)", type: "text", descending: true },
};

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
  };
  return {
    id: row.id as SweepId,
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
    best: row.best_run === null || row.best_value === null ? null : { run: row.best_run, value: row.best_value },
    success: row.met === null ? null : { met: row.met, of: row.succeeded + row.diverged + row.failed },
    build: row.build,
    earlierBuilds: row.earlier_builds,
    owner: row.owner,
    clonedFrom: row.cloned_from as SweepId | null,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** One sweep, with its list of seeds only when asked; null when there is none. */
export async function readSweep(database: Queryable, id: SweepId, options = { seeds: false }): Promise<StoredSweep | null> {
  const { rows } = await database.query<SweepRow>({
    text: `SELECT ${sweepColumns}${options.seeds ? ", seeds" : ""} FROM sweep WHERE id = $1`,
    values: [id],
  });
  return rows[0] ? sweepOf(rows[0]) : null;
}

function conditions(filter: SweepFilter): { sql: string[]; values: unknown[] } {
  const sql: string[] = [];
  const values: unknown[] = [];
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    values.push(value);
    sql.push(condition(`$${values.length}`));
  };
  if (filter.states) add(filter.states, (p) => `state = ANY(${p}::sweep_state[])`);
  if (filter.experiment !== undefined) add(filter.experiment, (p) => `experiment = ${p}`);
  if (filter.tag !== undefined) add(filter.tag, (p) => `${p} = ANY(tags)`);
  if (filter.owner !== undefined) add(filter.owner, (p) => `owner = ${p}`);
  if (filter.search !== undefined && filter.search !== "")
    add(
      filter.search.toLowerCase(),
      (p) =>
        `strpos(lower(concat_ws(E'\\n', name, id, experiment, owner, array_to_string(tags, E'\\n'), spec->>'notes')), ${p}) > 0`,
    );
  return { sql, values };
}

/** Sort value (ISO time, lower-case text or number) and id. */
export type SweepPlace = readonly [string | number, string];

export interface SweepPage {
  items: StoredSweep[];
  /** Key of the last row when there are more. */
  next: SweepPlace | null;
  total: number;
}

/** A page of sweeps behind `after`. A sweep that is added meanwhile never repeats or hides another. */
export async function listSweeps(
  database: Queryable,
  query: { filter: SweepFilter; sort: SweepSort; after: SweepPlace | null; limit: number },
): Promise<SweepPage> {
  const { sql, values } = conditions(query.filter);
  const { column, type, descending } = orders[query.sort];
  const total = database.query<{ count: number }>({
    text: `SELECT count(*)::int AS count FROM sweep${sql.length > 0 ? ` WHERE ${sql.join(" AND ")}` : ""}`,
    values: [...values],
  });
  const where = [...sql];
  if (query.after) {
    values.push(query.after[0], query.after[1]);
    where.push(`(${column}, id) ${descending ? "<" : ">"} ($${values.length - 1}::${type}, $${values.length})`);
  }
  values.push(query.limit + 1);
  const direction = descending ? "DESC" : "ASC";
  const [{ rows }, counted] = await Promise.all([
    database.query<SweepRow & { sort_key: Date | string | number }>({
      text: `SELECT ${sweepColumns}, ${column} AS sort_key FROM sweep ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""}
        ORDER BY ${column} ${direction}, id ${direction} LIMIT $${values.length}`,
      values,
    }),
    total,
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

/** Sweeps that can still change, newest first. */
export async function readActiveSweeps(database: Queryable, limit: number): Promise<StoredSweep[]> {
  const { rows } = await database.query<SweepRow>({
    text: `SELECT ${sweepColumns} FROM sweep WHERE state IN ('running', 'paused') ORDER BY created_at DESC, id LIMIT $1`,
    values: [limit],
  });
  return rows.map(sweepOf);
}

/** Finished runs of a sweep by the build that trained them, most first. */
export async function readTrainedBy(database: Queryable, sweep: SweepId): Promise<(Build & { runs: number })[]> {
  const { rows } = await database.query<{ [K in keyof (Build & { runs: number })]: (Build & { runs: number })[K] }>({
    text: `SELECT coalesce(r.build, 'unversioned') AS id, b.version, count(*)::int AS runs FROM run r LEFT JOIN build b ON b.id = r.build
      WHERE r.sweep_id = $1 AND r.state IN ('succeeded', 'diverged', 'failed') AND r.attempt > 0 GROUP BY 1, 2 ORDER BY 3 DESC, 1`,
    values: [sweep],
  });
  return rows;
}

interface FacetRow {
  value: string;
  sweeps: number;
}

/** Tags, owners and experiments of all sweeps, most frequent first; at most 500 of each. */
export async function readSweepFacets(
  database: Queryable,
): Promise<{ tags: FacetRow[]; owners: FacetRow[]; experiments: FacetRow[] }> {
  const counted = async (value: string, from: string): Promise<FacetRow[]> => {
    const { rows } = await database.query<{ [K in keyof FacetRow]: FacetRow[K] }>({
      text: `SELECT ${value} AS value, count(*)::int AS sweeps FROM ${from} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500`,
    });
    return rows;
  };
  const [tags, owners, experiments] = await Promise.all([
    counted("t", "sweep, unnest(tags) t"),
    counted("owner", "sweep"),
    counted("experiment", "sweep"),
  ]);
  return { tags, owners, experiments };
}
