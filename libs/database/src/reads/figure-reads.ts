import { RunState } from "@basin/contracts";
import type { Queryable } from "../connection";
import { statement } from "../statement";
import { float8, int4 } from "../sql-types";

/** What the ledger holds at this moment, for monitoring. */
export interface LedgerFigures {
  /** Of all sweeps together. */
  runs: Record<RunState, number>;
  activeSweeps: number;
  /** Messages that have not left yet. */
  outbox: number;
}

const sums = RunState.options.map((state) => `coalesce(sum(${state}), 0)::float8 AS ${state}`).join(", ");

const ledgerFigures = statement({
  text: `SELECT ${sums}, count(*) FILTER (WHERE state IN ('running', 'paused'))::int AS active,
    (SELECT count(*)::int FROM outbox) AS outbox FROM sweep`,
  row: {
    pending: float8,
    queued: float8,
    running: float8,
    succeeded: float8,
    diverged: float8,
    failed: float8,
    cancelled: float8,
    pruned: float8,
    active: int4,
    outbox: int4,
  },
});

export async function readFigures(database: Queryable): Promise<LedgerFigures> {
  const { rows } = await database.query(ledgerFigures());
  const row = rows[0];
  const runs = Object.fromEntries(RunState.options.map((state) => [state, row?.[state] ?? 0])) as Record<RunState, number>;
  return { runs, activeSweeps: row?.active ?? 0, outbox: row?.outbox ?? 0 };
}
