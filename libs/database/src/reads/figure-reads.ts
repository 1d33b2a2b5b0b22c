import { RunState, type Backend } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { bool, float8, int4, nullable, sweepId, text, textOf } from "../sql-types";

type RunCounts = Record<RunState, number>;

/** What the ledger holds at this moment, for monitoring. */
export interface LedgerFigures {
  /** Of all sweeps together. */
  runs: RunCounts;
  activeSweeps: number;
  /** Messages that have not left yet. */
  outbox: number;
  /** Runs of active sweeps. */
  pools: { pool: string; pending: number; queued: number; running: number }[];
  /** Those heard within a day. */
  trainers: {
    name: string;
    pool: string;
    backend: Backend;
    slots: number;
    state: "online" | "draining" | "waiting" | "offline";
  }[];
  databaseBytes: number;
  tables: { table: string; bytes: number }[];
  /** The newest active ones. `planned`: runs, null where the search has no end; `met`: null without a success criterion. */
  sweeps: { sweep: string; name: string; planned: number | null; met: number | null; best: number | null; counts: RunCounts }[];
}

/** So many sweeps are told one by one: each is some series, and a dashboard with more lines is not read. */
const toldSweeps = 20;

const counts = Object.fromEntries(RunState.options.map((state) => [state, float8])) as Record<RunState, typeof float8>;
const sums = RunState.options.map((state) => `coalesce(sum(${state}), 0)::float8 AS ${state}`).join(", ");
const columns = RunState.options.map((state) => `${state}::float8 AS ${state}`).join(", ");

const ledgerFigures = statement({
  text: `SELECT ${sums}, count(*) FILTER (WHERE state IN ('running', 'paused'))::int AS active,
    (SELECT count(*)::int FROM outbox) AS outbox, pg_database_size(current_database())::float8 AS bytes FROM sweep`,
  row: { ...counts, active: int4, outbox: int4, bytes: float8 },
});

const poolFigures = statement({
  text: `SELECT pool, coalesce(sum(pending), 0)::float8 AS pending, coalesce(sum(queued), 0)::float8 AS queued,
      coalesce(sum(running), 0)::float8 AS running
    FROM sweep WHERE state IN ('running', 'paused') GROUP BY pool`,
  row: { pool: text, pending: float8, queued: float8, running: float8 },
});

const trainerFigures = statement({
  text: `SELECT name, pool, backend, slots, draining, waits IS NOT NULL AS waiting,
      lost_at IS NOT NULL OR last_sign_at < now() - interval '1 minute' AS silent
    FROM trainer WHERE last_sign_at > now() - interval '1 day' ORDER BY last_sign_at DESC LIMIT 1000`,
  row: { name: text, pool: text, backend: textOf<Backend>(), slots: int4, draining: bool, waiting: bool, silent: bool },
});

const tableFigures = statement({
  text: `SELECT c.relname::text AS "table", pg_total_relation_size(c.oid)::float8 AS bytes
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  row: { table: text, bytes: float8 },
});

const sweepFigures = statement({
  text: `SELECT id, name, trials_planned * cardinality(seeds) AS planned, met, best_value, ${columns}
    FROM sweep WHERE state IN ('running', 'paused') ORDER BY created_at DESC, id LIMIT ${toldSweeps}`,
  row: { id: sweepId, name: text, planned: nullable(float8), met: nullable(int4), best_value: nullable(float8), ...counts },
});

const countsOf = (row: Partial<RunCounts> | undefined): RunCounts =>
  Object.fromEntries(RunState.options.map((state) => [state, row?.[state] ?? 0])) as RunCounts;

export async function readFigures(database: Queryable): Promise<LedgerFigures> {
  // One after the other: what watches must not take the connections of what works.
  const ledger = (await database.query(ledgerFigures())).rows[0];
  const pools = (await database.query(poolFigures())).rows;
  const trainers = (await database.query(trainerFigures())).rows;
  const tables = (await database.query(tableFigures())).rows;
  const sweeps = (await database.query(sweepFigures())).rows;
  return {
    runs: countsOf(ledger),
    activeSweeps: ledger?.active ?? 0,
    outbox: ledger?.outbox ?? 0,
    databaseBytes: ledger?.bytes ?? 0,
    pools,
    tables,
    trainers: trainers.map(({ silent, draining, waiting, ...trainer }) => ({
      ...trainer,
      state: silent ? "offline" : draining ? "draining" : waiting ? "waiting" : "online",
    })),
    sweeps: sweeps.map((row) => ({
      sweep: row.id,
      name: row.name,
      planned: row.planned,
      met: row.met,
      best: row.best_value,
      counts: countsOf(row),
    })),
  };
}
