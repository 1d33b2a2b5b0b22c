import type { BuildId, SweepId, SweepState } from "@basin/contracts";
import type { Database, Queryable } from "./connection";
import type { Epoch } from "./epoch";
import { statement } from "./statement";
import { bool, int4, jsonb, listOf, nullable, present, sweepId, sweepState, text, timestamptz } from "./sql-types";

/** What a transaction that holds a sweep's lock knows of it. */
export interface LockedSweep {
  id: SweepId;
  state: SweepState;
  experiment: string;
  pool: string;
  retryLimit: number;
  objectiveMetric: string;
  /** Comparisons of final metrics that a run meets, or it has no objective. */
  metricConstraints: readonly string[];
  /** Null: not dispatched yet. */
  build: BuildId | null;
  /** An attempt was granted. */
  begun: boolean;
  archived: boolean;
  /** It is in the bin, and goes for good then. */
  binnedUntil: Date | null;
}

/** Of a sweep; one that an older control plane began was trained by trainers that told no build. */
export const sweepBuildSql = "coalesce(sweep.build, CASE WHEN sweep.started_at IS NOT NULL THEN 'unversioned' END)";

const sweepLocks = statement({
  name: "lock-sweeps",
  text: `SELECT id, state, experiment, pool, objective_metric AS "objectiveMetric",
           coalesce(spec->'metricConstraints', '[]') AS "metricConstraints",
           coalesce((spec->>'retryLimit')::int, 0) AS "retryLimit", ${sweepBuildSql} AS build, started_at IS NOT NULL AS begun,
           archived_at IS NOT NULL AS archived, binned_until AS "binnedUntil"
    FROM sweep WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`,
  parameters: [listOf(text)],
  row: {
    id: sweepId,
    state: sweepState,
    experiment: text,
    pool: text,
    objectiveMetric: text,
    metricConstraints: present(jsonb<string[]>()),
    retryLimit: int4,
    build: nullable(text),
    begun: bool,
    archived: bool,
    binnedUntil: nullable(timestamptz),
  },
});

/**
 * Every transaction that moves runs first locks the rows of their sweeps, in the order of their ids; so the moves of one
 * sweep happen one after the other, its counters are exact, and deadlocks between two sweeps cannot arise. Statements after
 * this one see everything that earlier holders committed.
 */
export async function lockSweeps(connection: Queryable, ids: readonly string[]): Promise<Map<string, LockedSweep>> {
  const { rows } = await connection.query(sweepLocks([...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** One transaction that holds the locks of these sweeps from its start. `epoch`: written as its leader, or not at all. */
export function withLockedSweeps<T>(
  database: Database,
  ids: readonly string[],
  work: (connection: Queryable, sweeps: Map<string, LockedSweep>) => Promise<T>,
  options: { epoch?: Epoch } = {},
): Promise<T> {
  return database.transaction(async (connection) => work(connection, await lockSweeps(connection, ids)), options);
}
