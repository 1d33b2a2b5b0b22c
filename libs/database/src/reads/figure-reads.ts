import { RunState } from "@basin/contracts";
import type { Queryable } from "../connection";

/** What the ledger holds at this moment, for monitoring. */
export interface LedgerFigures {
  /** Of all sweeps together. */
  runs: Record<RunState, number>;
  activeSweeps: number;
  /** Messages that have not left yet. */
  outbox: number;
}

export async function readFigures(database: Queryable): Promise<LedgerFigures> {
  const sums = RunState.options.map((state) => `coalesce(sum(${state}), 0)::float8 AS ${state}`).join(", ");
  const { rows } = await database.query<Record<RunState | "active" | "outbox", number>>({
    text: `SELECT ${sums}, count(*) FILTER (WHERE state IN ('running', 'paused'))::int AS active,
      (SELECT count(*)::int FROM outbox) AS outbox FROM sweep`,
  });
  const row = rows[0];
  const runs = Object.fromEntries(RunState.options.map((state) => [state, row?.[state] ?? 0])) as Record<RunState, number>;
  return { runs, activeSweeps: row?.active ?? 0, outbox: row?.outbox ?? 0 };
}
